"""Load the demo of fixtures/demo.yaml: invented cities, one person per role, a handful of rounds."""

from io import BytesIO

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw

from assessment import access, actions
from assessment.exchange.answers import answers_of, named_framework
from assessment.exchange.document import Document
from assessment.exchange.parsing import read
from assessment.exchange.picture import logo
from assessment.models import Assessment, City, Department, Framework, Mark, Membership, Phrase, Role, User

FILE = settings.BASE_DIR / "fixtures" / "demo.yaml"
PASSWORD = "yanshi-2026"  # noqa: S105 (printed at every start: the demo is meant to be entered)


class Command(BaseCommand):
    help = "Load the demo; where its people are already there, nothing is changed."

    @transaction.atomic
    def handle(self, *args, **options):
        demo = read(FILE).value
        if User.objects.filter(username=demo["people"][0]["username"]).exists():
            return
        cities = {item["code"]: City.objects.get_or_create(**item)[0] for item in demo["cities"]}
        for given in demo["departments"]:
            for name in given["names"]:
                Department.objects.create(city=cities[given["city"]], name=name)
        for person in demo["people"]:
            self.add_person(person, cities)
        for round_ in demo["assessments"]:
            self.add_round(round_)
        add_marks(demo["marks"])
        for given in demo["phrases"]:
            Phrase.objects.create(user=User.objects.get(username=given.pop("user")), **given)
        for given in demo["reports"]:
            add_words(given)
        self.stdout.write(
            _("Demo loaded: %(people)d people, %(rounds)d rounds")
            % {"people": len(demo["people"]), "rounds": len(demo["assessments"])}
        )

    def add_person(self, person, cities):
        user = User(username=person["username"], name=person["name"])
        user.set_password(PASSWORD)
        user.is_superuser = person.get("admin") == "site"
        user.is_staff = person.get("admin", "criteria") != "criteria"
        user.save()
        user.groups.set(groups_of(person.get("admin")))
        for given in person.get("memberships", ()):
            city, department = cities[given.pop("city")], given.pop("department", "")
            if department:
                given["department"] = Department.objects.get_or_create(city=city, name=department)[0]
            Membership.objects.create(user=user, city=city, **given)

    def add_round(self, given):
        final, parts, last, due_on = (given.pop(name, None) for name in ("final", "assignments", "previous", "due_on"))
        document = Document(str(FILE), given)
        code, version = named_framework(document)
        framework = Framework.objects.get(code=code, version=version)
        wanted = answers_of(document, framework.outline())
        document.check()
        city = City.objects.get(code=wanted.city.code)
        record, _outcome = actions.import_assessment(wanted, framework, city)
        record.previous = Assessment.objects.filter(city=city, framework__code=code, round=last).first()
        record.due_on = due_on
        record.save()
        self.assign(record, parts or [])
        if final:
            lead, reviewer = (Membership.objects.get(city=city, role=role).user for role in (Role.LEAD, Role.REVIEWER))
            actions.submit(record, by=lead)
            actions.begin_review(record, by=reviewer)
            actions.approve(record, by=reviewer)

    def assign(self, record, parts):
        """Departments by name, dimensions by code; some are handed in, and some of these accepted or given back."""
        for given in parts:
            lead = Membership.objects.get(city=record.city, role=Role.LEAD).user
            department = record.city.departments.get(name=given["department"])
            due_on = given.get("due_on", record.due_on)
            actions.assign(record, dict.fromkeys(given["dimensions"], (department, due_on)), by=lead)
            back = given.get("given_back", {})
            held = {item.dimension.code: item for item in record.assignments.filter(department=department).whole()}
            member = department.memberships.first()
            for code in (*given.get("handed_in", ()), *given.get("accepted", ()), *back):
                actions.hand_in(held[code], by=member.user if member else lead)
            for code in given.get("accepted", ()):
                actions.accept(held[code], by=lead)
            for code, reason in back.items():
                actions.give_back(held[code], reason, by=lead)


def groups_of(admin):
    """The groups of an administrator of this kind."""
    if admin == "criteria":
        return [access.criteria_admins()]
    kinds = dict(zip(("system", "security", "audit"), access.separated_admins(), strict=True))
    return [kinds[admin]] if admin in kinds else []


# What people add to reports


def add_marks(marks):
    for given in marks:
        username, code = given.pop("user", None), given.pop("city", None)
        mark = Mark(city=City.objects.get(code=code)) if code else Mark(user=User.objects.get(username=username))
        by = mark.user or Membership.objects.get(city=mark.city, role=Role.LEAD).user
        actions.change_mark(mark, given | {"logo": drawn_logo(given.get("deep", mark.deep))}, by=by)


def drawn_logo(colour: str) -> bytes:
    """Three rising bars in a ring, as somebody could have uploaded them."""
    picture = Image.new("RGB", (960, 960), "white")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((40, 40, 920, 920), outline=colour, width=60)
    for place, height in enumerate((180, 320, 460)):
        left = 270 + place * 150
        draw.rectangle((left, 700 - height, left + 100, 700), fill=colour)
    written = BytesIO()
    picture.save(written, format="PNG")
    return logo(written.getvalue())


def add_words(given):
    """What one person wrote for a round's report, and how it looks: with their own mark."""
    record = Assessment.objects.get(city__code=given["city"], round=given["round"])
    by = User.objects.get(username=given["by"])
    for remark in given["remarks"]:
        place, code = remark["place"], remark.get("code", "")
        actions.write_remark(record, code, {place: remark["text"]}, seen={}, language="zh-hans", by=by)
    wanted = {item["criterion"]: (item["owner"], item["due_on"]) for item in given["improvements"]}
    actions.set_improvements(record, wanted, by=by)
    actions.change_design(record, given["design"] | {"consultant": by.mark}, by=by)
