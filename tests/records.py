"""Database records for tests, made from the outlines of `tests.factories`."""

from dataclasses import replace

from django.contrib.auth.models import Permission

from assessment import access, actions, outline
from assessment.models import Assessment, City, Framework, Membership, User
from assessment.outline import Citation, Passage, Source
from tests.factories import make_assessment, make_criteria, make_framework, make_lens, make_transition, text

PASSWORD = "a-long-enough-password"


def make_user(username: str, name: str = "", **fields) -> User:
    return User.objects.create_user(username, password=PASSWORD, name=name, **fields)


def make_member(username: str, name: str, city: City, role: str, **days) -> User:
    user = make_user(username, name)
    Membership.objects.create(user=user, city=city, role=role, **days)
    return user


def make_administrator(username: str, name: str, which: int) -> User:
    """One of the three: 0 system, 1 security, 2 audit."""
    user = make_user(username, name, is_staff=True)
    user.groups.add(access.separated_admins()[which])
    return User.objects.get(pk=user.pk)


def grant_framework_editing(user: User) -> User:
    """Everything but taking away: on all that a framework consists of."""
    parts = ["citation", "criterion", "dimension", "facet", "framework", "lens", "level"]
    parts += ["leveldescriptor", "passage", "source", "targetprofile"]
    names = [f"{verb}_{part}" for part in parts for verb in ("view", "add", "change")]
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="assessment", codename__in=names))
    return user


def some_framework(**fields) -> outline.Framework:
    """The framework of the worked example Two with a source; T1 and T1.1 cite it."""
    framework = make_framework(**fields)
    passages = (
        Passage("一", text("第一条"), "verbatim", quote=text("原文"), summary=text("大意")),
        Passage("二", text("第二条"), "title-only"),
    )
    source = Source("doc-1", text("一份文件"), issuers=("一个部门",), number="1号", passages=passages)
    (lens, other), basis = framework.lenses, Citation("doc-1", "一")
    (dimension,) = lens.dimensions
    first, *rest = dimension.facets[0].criteria
    cited = replace(first, cites=(basis, Citation("doc-1", "二", "assigned")), effort=(1, 2, 3, 4, 5), tags=("甲:乙",))
    cited = replace(cited, suffices=text("足够的一例"), falls_short=text("不够的一例"))
    dimension = replace(dimension, cites=(basis,), facets=(replace(dimension.facets[0], criteria=(cited, *rest)),))
    return replace(framework, sources=(source,), lenses=(replace(lens, dimensions=(dimension,)), other))


def framework_of(count: int, **fields) -> outline.Framework:
    """One plain dimension with this many criteria."""
    codes = [f"X1.{number}" for number in range(1, count + 1)]
    return make_framework(make_lens("X", make_transition("X1", make_criteria(*codes), kind="plain")), **fields)


def store(framework: outline.Framework, *, publish: bool = True, previous: Framework | None = None) -> Framework:
    """As it is, whatever else is stored: of the same content as another version, and on its own unless told otherwise."""
    actions.load_framework(framework)
    record = Framework.objects.get(code=framework.code, version=framework.version)
    if record.is_draft:
        record.previous = previous
        record.save()
    if publish and record.is_draft:
        actions.publish(record)
    return record


def make_round(city: City, framework: Framework, answers=(), **fields) -> Assessment:
    """A round of the city, its answers as `tests.factories.make_assessment` takes them."""
    wanted = make_assessment(
        dict(answers),
        **{"framework": framework.code, "version": framework.version} | fields,
    )
    record, _outcome = actions.import_assessment(wanted, framework, city)
    return record


def approved(record: Assessment) -> Assessment:
    """The round after all its steps: what is unanswered gets level 2, a lead submits, a reviewer approves."""
    lead, reviewer = (
        User.objects.get_or_create(username=name, defaults={"name": name})[0] for name in ("some_lead", "some_reviewer")
    )
    missing = {c.code for c in record.asked} - set(record.responses.values_list("criterion__code", flat=True))
    for code in missing:
        actions.answer(record, outline.Response(code, level=2), by=lead, seen=0)
    actions.submit(record, by=lead)
    actions.begin_review(record, by=reviewer)
    actions.approve(record, by=reviewer)
    record.refresh_from_db()
    return record


def assign(record: Assessment, user: User, *dimensions: str) -> None:
    """Gives the person these dimensions of the round, or all."""
    for dimension in record.framework.dimensions.all():
        if not dimensions or dimension.code in dimensions:
            record.assignments.create(dimension=dimension, user=user)
