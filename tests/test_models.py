"""What the database itself keeps true, and how records become outlines."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError, RestrictedError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from assessment import actions
from assessment.exchange.framework import read_framework, write_framework
from assessment.models import (
    Assessment,
    Assignment,
    Citation,
    City,
    Comment,
    Criterion,
    Evidence,
    Facet,
    Framework,
    Freeze,
    Lens,
    Level,
    LevelDescriptor,
    Membership,
    Passage,
    Response,
    Source,
    TargetProfile,
    Version,
)
from assessment.models import framework as framework_module
from assessment.outline import Response as Answer
from assessment.outline import Text
from tests.exchange.samples import FRAMEWORK, frameworks, write
from tests.factories import NA, make_framework
from tests.records import approved, framework_of, make_member, make_round, make_user, some_framework, store
from tests.test_fixtures import FILES

pytestmark = [pytest.mark.database, pytest.mark.django_db]
NAME = {"zh-hans": "名"}


@pytest.fixture
def draft():
    return store(some_framework(version="draft"), publish=False)


def copy_of(record, **changes):
    """The same row again, as a new one."""
    record = type(record).objects.get(pk=record.pk)
    record.pk = None
    for field, value in changes.items():
        setattr(record, field, value)
    return record


def rejected(record):
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save(force_insert=True)


ONCE = [Level, Source, Lens, Facet, Criterion, TargetProfile, Passage, LevelDescriptor, Citation]


@pytest.mark.parametrize("model", ONCE, ids=lambda model: model.__name__)
def test_every_part_of_a_framework_bears_its_code_once(draft, model):
    rejected(copy_of(model.objects.last()))


def test_a_framework_version_is_there_once(draft):
    rejected(copy_of(draft))


@pytest.mark.parametrize("weight", [0, -1])
def test_no_weight_is_zero_or_less(draft, weight):
    for parts, code in ((draft.lenses, "X"), (draft.dimensions, "X"), (draft.facets, "X"), (draft.criteria, "X")):
        rejected(copy_of(parts.first(), code=code, weight=weight))


@pytest.mark.parametrize("code", ["default", "key"])
def test_no_criterion_takes_a_reserved_code(draft, code):
    rejected(copy_of(draft.criteria.first(), code=code))


def test_a_passage_is_quoted_only_where_its_status_allows(draft):
    passage = Passage.objects.get(source__framework=draft, locator_id="二")
    rejected(copy_of(passage, locator_id="三", quote=NAME))
    copy_of(passage, locator_id="三", quote=NAME, status="excerpt").save()


def test_a_citation_belongs_to_a_dimension_or_to_a_criterion(draft):
    passage = Passage.objects.get(source__framework=draft, locator_id="二")
    rejected(Citation(passage=passage))
    rejected(Citation(passage=passage, dimension=draft.dimensions.first(), criterion=draft.criteria.last()))


def test_a_city_has_six_digits_and_is_there_once(city):
    for code in ("33010", "033010", "33010a", "330100\n"):
        with pytest.raises(ValidationError):
            City(code=code, name="某市").full_clean()
    rejected(City(code=city.code, name="某市"))


def test_a_person_has_a_role_in_a_city_once_and_an_engagement_ends_after_it_starts(lead, city):
    rejected(Membership(user=lead, city=city, role=Membership.Role.LEAD))
    day = date(2026, 1, 2)
    rejected(Membership(user=lead, city=city, role="viewer", starts_on=day, ends_on=day - timedelta(1)))
    Membership(user=lead, city=city, role="viewer", starts_on=day, ends_on=day).save()


def test_a_person_is_called_by_the_one_name_or_by_the_user_name(db):
    assert str(make_user("zhang", "张三")) == "张三"
    assert make_user("li").get_full_name() == "li"


def test_a_city_opens_a_round_of_a_name_once(assessment):
    rejected(copy_of(assessment))
    copy_of(assessment, round="2027").save()


def test_a_criterion_is_answered_once(assessment, framework):
    criterion = framework.criteria.first()
    Response.objects.create(assessment=assessment, criterion=criterion, level=1)
    rejected(Response(assessment=assessment, criterion=criterion, level=2))


@pytest.mark.parametrize("field", ["level", "target", "verified_level"])
@pytest.mark.parametrize("value", [-1, 10])
def test_levels_stay_on_the_scale(assessment, framework, field, value):
    rejected(Response(assessment=assessment, criterion=framework.criteria.first(), **{field: value}))


def test_not_applicable_never_stands_beside_a_level(assessment, framework):
    criterion = framework.criteria.first()
    rejected(Response(assessment=assessment, criterion=criterion, level=0, **NA))
    Response(assessment=assessment, criterion=criterion, verified_level=2, **NA).save()


def test_what_a_round_rests_on_cannot_be_deleted(city, draft):
    make_round(city, draft, {"T1.1": 2})
    for record in (city, draft, draft.targets.first(), draft.criteria.get(code="T1.1"), draft.lenses.get(code="T")):
        with pytest.raises(ProtectedError), transaction.atomic():
            record.delete()


def test_a_passage_that_is_cited_cannot_be_deleted(draft):
    with pytest.raises((ProtectedError, RestrictedError)):
        Passage.objects.filter(source__framework=draft).first().delete()


def test_answers_go_with_a_round_that_has_no_history(assessment, framework, lead):
    response = Response.objects.create(
        assessment=assessment, criterion=framework.criteria.first(), level=1, saved_by=lead
    )
    Evidence.objects.create(response=response, title="办法")
    assessment.delete()
    assert not Response.objects.exists() and not Evidence.objects.exists()


def test_a_round_with_history_stays_and_so_do_those_who_gave_it(assessment, lead):
    actions.answer(assessment, Answer("T1.1", level=1), by=lead, seen=0)
    for record in (assessment, lead):
        with pytest.raises(ProtectedError), transaction.atomic():
            record.delete()
    assert Response.objects.get().saved_by == lead


def test_a_version_and_a_frozen_result_are_there_once(city, framework, lead):
    record = approved(make_round(city, framework))
    for model in (Version, Freeze):
        with pytest.raises(IntegrityError), transaction.atomic():
            copy_of(model.objects.first()).save(force_insert=True)
    assert record.freezes.count() == 1


def test_a_part_is_given_once_to_one_holder(assessment, framework, lead, city):
    dimension, criterion = framework.dimensions.first(), framework.criteria.first()
    department = city.departments.create(name="市数据局")
    Assignment.objects.create(assessment=assessment, dimension=dimension, user=lead)
    rejected(Assignment(assessment=assessment, dimension=dimension, department=department))
    rejected(Assignment(assessment=assessment, criterion=criterion))
    rejected(Assignment(assessment=assessment, criterion=criterion, user=lead, department=department))
    rejected(Assignment(assessment=assessment, criterion=criterion, dimension=dimension, user=lead))
    rejected(Assignment(assessment=assessment, user=lead))


def test_a_thread_is_resolved_at_its_head(assessment, framework, lead):
    written = {"assessment": assessment, "criterion": framework.criteria.first(), "written_by": lead, "text": "意见"}
    head = Comment.objects.create(**written, resolved_by=lead, resolved_at=timezone.now())
    rejected(Comment(**written, parent=head, resolved_at=timezone.now()))
    Comment(**written, parent=head).save()


@pytest.mark.parametrize(
    ("state", "days", "overdue"), [("open", -1, True), ("open", 0, False), ("submitted", -1, False)]
)
def test_an_open_round_is_overdue_after_its_last_day(assessment, state, days, overdue):
    assessment.due_on, assessment.state = timezone.localdate() + timedelta(days), state
    assert assessment.is_overdue is overdue


def test_a_round_without_scope_asks_every_dimension(assessment):
    assert assessment.asks("T1") and assessment.asks("P1") and len(assessment.asked) == 7
    assessment.scope = ["P1"]
    assert assessment.asks("P1") and not assessment.asks("T1")
    assert [criterion.code for criterion in assessment.asked] == ["P1.A1", "P1.A2", "P1.B1", "P1.B2"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_framework_becomes_the_same_outline_from_the_database_as_from_its_file(path):
    wanted = read_framework(path)
    assert store(wanted, publish=False).outline() == wanted
    assert write_framework(store(wanted).outline()) == path.read_text()


def test_the_sample_becomes_the_same_outline_too(tmp_path):
    wanted = read_framework(write(tmp_path, FRAMEWORK))
    assert write_framework(store(wanted).outline()) == write_framework(wanted)


@given(frameworks())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_framework_leaves_the_database_as_it_entered(wanted):
    with transaction.atomic():
        outline = store(wanted, publish=False).outline()
        transaction.set_rollback(True)
    assert outline == wanted
    assert write_framework(outline) == write_framework(wanted)


def test_a_round_becomes_an_outline_in_the_frameworks_order(city, framework):
    record = make_round(city, framework, {"P1.A1": 3, "T1.1": {"level": 1, "target": 4, "rationale": "有"}, "T1.2": NA})
    outline = record.outline()
    assert [response.criterion for response in outline.responses] == ["T1.1", "T1.2", "P1.A1"]
    assert (outline.city, outline.target, outline.framework) == (city.outline(), "2027", "small-city")
    assert (outline.responses[0].target, outline.responses[1].not_applicable) == (4, NA["not_applicable"])


@pytest.mark.parametrize("publish", [False, True], ids=["draft", "published"])
def test_an_outline_takes_the_same_queries_for_3_criteria_as_for_60(django_assert_num_queries, publish):
    small, big = (store(framework_of(count, code=f"f-{count}"), publish=publish) for count in (3, 60))
    with django_assert_num_queries(queries_of(small)):
        assert len(big.outline().criteria) == 60


def queries_of(record):
    with CaptureQueriesContext(connection) as captured:
        record.outline()
    return len(captured)


def test_a_published_outline_is_put_together_once(framework, django_assert_num_queries):
    first = framework.outline()
    with django_assert_num_queries(0):
        assert framework.outline() is first


def test_a_drafts_outline_follows_every_change(draft):
    before = draft.outline()
    draft.criteria.filter(code="T1.1").update(title={"zh-hans": "改了"})
    assert before.criteria["T1.1"].title != draft.outline().criteria["T1.1"].title == Text({"zh-hans": "改了"})


def test_a_rounds_outline_takes_the_same_queries_for_3_answers_as_for_60(city, django_assert_num_queries):
    small, big = (
        make_round(city, framework, dict.fromkeys(framework.outline().criteria, 2), target="")
        for framework in (store(framework_of(count, code=f"f-{count}")) for count in (3, 60))
    )
    small, big = (Assessment.objects.get(pk=record.pk) for record in (small, big))
    with django_assert_num_queries(queries_of(small)):
        assert len(big.outline().responses) == 60


def test_a_text_puts_the_frameworks_language_first(draft):
    assert list(draft.text({"en": "Name", "zh-hans": "名", "ar": "اسم"})) == ["zh-hans", "ar", "en"]


def test_progress_counts_levels_reasons_and_criteria(city, framework):
    make_round(city, framework, {"T1.1": 0, "T1.2": NA, "T1.3": {"verified_level": 2}, "P1.A1": 3})
    record = Assessment.objects.with_progress().get()
    assert (record.answered, record.not_applicable, len(record.asked)) == (2, 1, 7)


def test_a_round_is_seen_in_its_city_and_by_site_administrators(assessment, viewer, stranger, admin):
    assert list(Assessment.objects.visible_to(viewer)) == list(Assessment.objects.visible_to(admin)) == [assessment]
    assert not Assessment.objects.visible_to(stranger).exists()


def test_two_roles_show_a_round_once(assessment, lead, city):
    Membership.objects.create(user=lead, city=city, role=Membership.Role.REVIEWER)
    assert list(Assessment.objects.visible_to(lead)) == [assessment]


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("starts", "ends", "current"),
    [
        (None, None, True),
        (0 * DAY, 0 * DAY, True),
        (-DAY, None, True),
        (None, DAY, True),
        (DAY, None, False),
        (None, -DAY, False),
    ],
    ids=["always", "today alone", "since yesterday", "until tomorrow", "from tomorrow", "until yesterday"],
)
def test_a_membership_counts_on_its_days(city, starts, ends, current):
    today = timezone.localdate()
    days = {"starts_on": None if starts is None else today + starts, "ends_on": None if ends is None else today + ends}
    make_member("someone", "某人", city, Membership.Role.VIEWER, **days)
    assert Membership.objects.current().exists() is current


def test_only_published_versions_are_published(draft, framework):
    retired = store(make_framework(version="old"))
    Framework.objects.filter(pk=retired.pk).update(state=Framework.State.RETIRED)
    assert list(Framework.objects.published()) == [framework]


@pytest.mark.django_db
def test_a_draft_that_changes_while_it_is_read_is_read_again(monkeypatch):
    draft = store(some_framework(), publish=False)
    whole, missed = framework_module.assemble, [Citation.DoesNotExist()]

    def once_without_a_part(record):
        if missed:
            raise missed.pop()
        return whole(record)

    monkeypatch.setattr(framework_module, "assemble", once_without_a_part)
    assert draft.outline() == some_framework()
