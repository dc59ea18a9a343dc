"""Load the demo of fixtures/demo.yaml: invented cities, one person per role, four rounds."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from assessment import access, actions
from assessment.exchange.answers import answers_of, named_framework
from assessment.exchange.document import Document
from assessment.exchange.parsing import read
from assessment.models import City, Framework, Membership, User

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
        for person in demo["people"]:
            self.add_person(person, cities)
        for round_ in demo["assessments"]:
            self.add_round(round_)
        self.stdout.write(
            _("Demo loaded: %(people)d people, %(rounds)d rounds")
            % {"people": len(demo["people"]), "rounds": len(demo["assessments"])}
        )

    def add_person(self, person, cities):
        user = User(username=person["username"], name=person["name"])
        user.set_password(PASSWORD)
        user.is_superuser = person.get("admin") == "site"
        user.is_staff = "admin" in person
        user.save()
        if person.get("admin") == "criteria":
            user.groups.add(access.criteria_admins())
        for membership in person.get("memberships", ()):
            Membership.objects.create(user=user, city=cities[membership.pop("city")], **membership)

    def add_round(self, given):
        final = given.pop("final", False)
        document = Document(str(FILE), given)
        code, version = named_framework(document)
        framework = Framework.objects.get(code=code, version=version)
        wanted = answers_of(document, framework.outline())
        document.check()
        record, _outcome = actions.import_assessment(wanted, framework, City.objects.get(code=wanted.city.code))
        if final:
            actions.approve(record)
