"""A frozen result withstands page, admin, models and SQL; reopening keeps it byte for byte."""

import json
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import ProtectedError
from django.urls import reverse

from assessment import actions, gaps, outline
from assessment.models import Assessment, Event, Evidence, Freeze, Response, Version, immutable
from assessment.models.immutable.guarding import names, statements
from assessment.models.immutable.rules import ADDED_TO, OVER
from assessment.outline import Evidence as Piece
from assessment.outline import Response as Answer
from tests.attacks import first_guards
from tests.factories import NA, make_assessment
from tests.records import approved, make_round, make_user
from tests.views.pages import visitor

pytestmark = [pytest.mark.database, pytest.mark.django_db]
ANSWERS = {"T1.1": {"level": 3, "rationale": "有", "evidence": (Piece("办法", reference="1号"),)}, "T1.2": NA}
FROZEN = [Assessment, Response, Evidence, Freeze, Version]
by_model = pytest.mark.parametrize("model", FROZEN, ids=lambda model: model.__name__)
COLUMN = {Assessment: "title", Response: "rationale", Evidence: "title", Freeze: "score", Version: "cause"}
REPLACING = ["INSERT OR REPLACE", "REPLACE"] if connection.vendor == "sqlite" else []
UPDATE_OVER = "UPDATE OR REPLACE" if connection.vendor == "sqlite" else "UPDATE"


@contextmanager
def refused():
    with pytest.raises(IntegrityError, match=f"{OVER}|{ADDED_TO}"), transaction.atomic():
        yield


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def columns(model):
    return [field.column for field in model._meta.concrete_fields if not field.primary_key]


def rows_of(record):
    """All that is frozen of the round, as the database has it."""
    found = {
        Assessment: Assessment.objects.filter(pk=record.pk),
        Response: record.responses.all(),
        Evidence: Evidence.objects.filter(response__assessment=record),
        Freeze: record.freezes.all(),
        Version: record.versions.all(),
    }
    return {model: list(rows.order_by("pk").values_list()) for model, rows in found.items()}


@pytest.fixture
def record(city, framework):
    return approved(make_round(city, framework, ANSWERS))


@pytest.fixture
def other(city, framework):
    """An open round beside it, with an answer, evidence and a version of its own."""
    return make_round(city, framework, ANSWERS, round="2027")


@pytest.fixture
def unchanged(record):
    """Whatever a test tries, all that is frozen is afterwards what it was."""
    before = rows_of(record)
    yield
    assert rows_of(record) == before


def first(model, record):
    way = {Assessment: {"pk": record.pk}, Evidence: {"response__assessment": record}}
    return model.objects.filter(**way.get(model, {"assessment": record})).earliest("pk")


# By models


@pytest.mark.usefixtures("unchanged")
class TestByModels:
    @by_model
    def test_saving_is_refused(self, record, model):
        row = first(model, record)
        setattr(row, COLUMN[model], "saved")
        with refused():
            row.save()

    @by_model
    def test_updating_by_query_is_refused(self, record, model):
        with refused():
            model.objects.filter(pk=first(model, record).pk).update(**{COLUMN[model]: "x"})

    @by_model
    def test_updating_in_bulk_is_refused(self, record, model):
        with refused():
            model.objects.bulk_update([first(model, record)], [COLUMN[model]])

    @by_model
    def test_deleting_is_refused(self, record, model):
        row = first(model, record)
        for attack in (row.delete, model.objects.filter(pk=row.pk).delete):
            with pytest.raises((IntegrityError, ProtectedError)), transaction.atomic():
                attack()
        with refused():
            model.objects.filter(pk=row.pk)._raw_delete("default")

    def test_another_answer_or_piece_of_evidence_is_refused(self, record):
        missing = first(Response, record).criterion
        with refused():
            Response(assessment=record, criterion=missing, level=5).save()
        with refused():
            Evidence.objects.bulk_create([Evidence(response=first(Response, record), title="后补")])

    def test_moving_an_answer_or_its_evidence_in_or_out_is_refused(self, record, other):
        mine, theirs = first(Response, record), first(Response, other)
        with refused():
            Response.objects.filter(pk=theirs.pk).update(assessment=record)
        with refused():
            Response.objects.filter(pk=mine.pk).update(assessment=other)
        with refused():
            Evidence.objects.filter(response=theirs).update(response=mine)
        with refused():
            Evidence.objects.filter(response=mine).update(response=theirs)


# By SQL


@pytest.mark.usefixtures("unchanged")
class TestBySql:
    @by_model
    def test_updating_is_refused(self, record, model):
        with refused():
            sql(f"UPDATE {model._meta.db_table} SET {COLUMN[model]} = 'x'")
        with refused():
            sql(f"UPDATE {model._meta.db_table} SET id = id + 1000")

    @by_model
    def test_deleting_is_refused(self, record, model):
        with refused():
            sql(f"DELETE FROM {model._meta.db_table}")

    @by_model
    def test_emptying_the_table_is_refused(self, record, model):
        connection.check_constraints()
        empty = "TRUNCATE {} CASCADE" if connection.vendor == "postgresql" else "DELETE FROM {}"
        with refused():
            sql(empty.format(model._meta.db_table))

    @by_model
    def test_overwriting_by_its_id_is_refused(self, record, other, model):
        table, row = model._meta.db_table, first(model, record)
        source = row if model is Freeze else first(model, other)
        listed = ", ".join(f'"{name}"' for name in columns(model))
        rows = f"SELECT %s, {listed} FROM {table} WHERE id = %s"
        with refused():
            sql(f"INSERT INTO {table} (id, {listed}) {rows} ON CONFLICT (id) DO UPDATE SET id = 1", row.pk, source.pk)
        for attack in REPLACING:
            with refused():
                sql(f"{attack} INTO {table} (id, {listed}) {rows}", row.pk, source.pk)

    @pytest.mark.parametrize(
        ("model", "key"),
        [
            (Assessment, ("city_id", "framework_id", "round")),
            (Response, ("assessment_id", "criterion_id")),
            (Freeze, ("assessment_id", "revision")),
            (Version, ("assessment_id", "criterion_id", "number")),
        ],
        ids=["Assessment", "Response", "Freeze", "Version"],
    )
    def test_overwriting_by_another_key_is_refused(self, record, model, key):
        table, row = model._meta.db_table, first(model, record)
        given = {name: f'"{name}"' for name in columns(model)}
        given |= {"state": "'open'"} if model is Assessment else {COLUMN[model]: "'saved'"}
        only = "WHERE NOT (state = 'undone')" if model is Assessment else ""
        into = f"INTO {table} ({', '.join(given)}) SELECT {', '.join(given.values())} FROM {table} WHERE id = %s"
        with refused():
            sql(
                f"INSERT {into} ON CONFLICT ({', '.join(key)}) {only} DO UPDATE SET {key[0]} = {table}.{key[0]}", row.pk
            )
        for attack in REPLACING:
            with refused():
                sql(f"{attack} {into}", row.pk)

    def test_an_open_round_that_takes_its_name_or_id_is_refused(self, record, other):
        for column, value in (("round", record.round), ("id", record.pk)):
            with pytest.raises(IntegrityError), transaction.atomic():
                sql(f"{UPDATE_OVER} assessment_assessment SET {column} = %s WHERE id = %s", value, other.pk)

    def test_a_second_result_for_a_frozen_round_is_refused(self, record):
        listed = ", ".join(name for name in columns(Freeze) if name != "revision")
        with refused():
            sql(
                f"INSERT INTO assessment_freeze (revision, {listed})"
                f" SELECT revision + 1, {listed} FROM assessment_freeze WHERE assessment_id = %s",
                record.pk,
            )


# The state


@pytest.mark.usefixtures("unchanged")
class TestTheState:
    @pytest.mark.parametrize("state", ["draft", "open", "submitted", "under_review"])
    def test_is_not_flipped_without_a_new_revision(self, record, state):
        with refused():
            sql("UPDATE assessment_assessment SET state = %s WHERE id = %s", state, record.pk)

    @pytest.mark.parametrize("state", ["draft", "submitted", "under_review"])
    def test_goes_from_approved_to_open_alone(self, record, state):
        with refused():
            sql("UPDATE assessment_assessment SET state = %s, revision = 2 WHERE id = %s", state, record.pk)

    @pytest.mark.parametrize("revision", [0, 1, 3])
    def test_goes_to_the_next_revision_alone(self, record, revision):
        with refused():
            sql("UPDATE assessment_assessment SET state = 'open', revision = %s WHERE id = %s", revision, record.pk)

    @pytest.mark.parametrize("change", ["title = 'x'", "as_of = '2026-01-01'", "round = '2030'", "target_id = NULL"])
    def test_takes_nothing_along_when_it_is_opened(self, record, change):
        with refused():
            sql(f"UPDATE assessment_assessment SET state = 'open', revision = 2, {change} WHERE id = %s", record.pk)

    def test_of_an_open_round_does_not_become_approved_without_a_frozen_result(self, record, other):
        other.state = "approved"
        for attack in (
            lambda: Assessment.objects.filter(pk=other.pk).update(state="approved"),
            other.save,
            lambda: sql("UPDATE assessment_assessment SET state = 'approved' WHERE id = %s", other.pk),
            lambda: Assessment(city=other.city, framework=other.framework, round="2030", state="approved").save(),
        ):
            with refused():
                attack()


def test_a_reopened_round_does_not_slip_back_under_its_old_result(record, reviewer, lead):
    before = rows_of(record)[Freeze]
    actions.reopen(record, "更正", by=reviewer)
    actions.answer(record, Answer("T1.1", level=5), by=lead, seen=1)
    with refused():
        sql("UPDATE assessment_assessment SET state = 'approved' WHERE id = %s", record.pk)
    with refused():
        sql("UPDATE assessment_assessment SET state = 'approved', revision = 1 WHERE id = %s", record.pk)
    with refused():
        sql("UPDATE assessment_assessment SET revision = 1 WHERE id = %s", record.pk)
    assert rows_of(record)[Freeze] == before


def test_a_result_is_frozen_only_for_the_revision_under_review(other, lead):
    with refused():
        Freeze.objects.create(assessment=other, revision=1, answers="{}", score="{}", approved_by=lead)


# Through the application


@pytest.mark.usefixtures("unchanged")
class TestThroughTheApplication:
    @pytest.mark.parametrize("who", ["lead", "contributor", "reviewer", "admin"])
    def test_no_page_changes_it(self, request, record, who):
        client = visitor(request.getfixturevalue(who))
        sent = {"T1.1-rows": "1", "T1.1-level": "5", "T1.1-reason": "x", "T1.1-seen": "1", "T1.1": "4", "title": "x"}
        sent |= {"scope": "whole", "whole": "x", "round": "x", "reason": ""}
        for view in ("dimension-answer", "dimension-review"):
            client.post(reverse(view, args=[record.pk, "T1"]), sent)
        views = ["edit", "targets", "submit", "withdraw", "release", "return", "approve", "reopen"]
        for view in ["review-begin", *(f"assessment-{name}" for name in views)]:
            client.post(reverse(view, args=[record.pk]), sent)

    def test_the_admin_neither_changes_nor_deletes_it(self, record, admin):
        client = visitor(admin)
        for page in ("change", "delete"):
            client.post(reverse(f"admin:assessment_assessment_{page}", args=[record.pk]), {"post": "yes", "title": "x"})
        listed = {"action": "delete_selected", "_selected_action": record.pk, "post": "yes"}
        client.post(reverse("admin:assessment_assessment_changelist"), listed)

    def test_no_verb_but_reopening_changes_it(self, record, lead):
        attacks = [
            lambda: actions.answer(record, Answer("T1.1", level=5), by=lead, seen=1),
            lambda: actions.restore(record, "T1.1", 0, by=lead),
            lambda: actions.confirm(record, ["T1.1"], by=lead),
            lambda: actions.verify(record, "T1.1", 0, "x", by=lead),
            lambda: actions.set_targets(record, {"T1.1": 5}, by=lead),
            lambda: actions.edit_round(record, {"title": "x"}, by=lead),
            lambda: actions.import_assessment(make_assessment({}), record.framework, record.city),
            lambda: actions.approve(record, by=lead),
        ]
        for attack in attacks:
            with pytest.raises(actions.WrongState):
                attack()


# What is kept


def test_what_is_kept_are_the_answers_and_the_scores_with_their_digests(record):
    freeze = record.freezes.get()
    assert actions.digest(freeze.answers) == freeze.answers_sha256
    assert actions.digest(freeze.score) == freeze.score_sha256
    answers = json.loads(freeze.answers)
    assert answers == json.loads(json.dumps(outline.spell(record.outline()), default=str))
    assert len(answers["responses"]) == 7
    document = gaps.evaluate(record.framework.outline(), record.outline(), "effective").document()
    assert json.loads(freeze.score) == json.loads(json.dumps(document))
    assert Event.objects.get(verb="approved").details["digest"] == freeze.score_sha256


def test_reopening_keeps_the_old_result_byte_for_byte_beside_the_new(record, lead, reviewer):
    before = rows_of(record)[Freeze]
    actions.reopen(record, "更正", by=reviewer)
    actions.answer(record, Answer("T1.1", level=5, rationale="更正"), by=lead, seen=1)
    approved(record)
    assert rows_of(record)[Freeze][:1] == before
    new, old = record.freezes.all()
    assert (new.revision, old.revision) == (2, 1)
    assert new.answers_sha256 != old.answers_sha256
    assert json.loads(old.answers)["responses"][0]["level"] == 3
    assert json.loads(new.answers)["responses"][0]["level"] == 5


# After migrating


@pytest.fixture
def previous_release(transactional_db):
    """The database as 0.1 left it, with its guards; afterwards it is again what the other tests expect."""
    immutable.remove(connection)
    call_command("migrate", "assessment", "0001", verbosity=0)
    for guard in first_guards():
        with connection.cursor() as cursor:
            for statement in statements(guard, connection.vendor):
                cursor.execute(statement)
    yield MigrationExecutor(connection).loader.project_state([("assessment", "0001_initial")]).apps
    call_command("migrate", verbosity=0)


def old_round(apps, state):
    """A round with two answers, in the previous release's tables."""

    def model(name):
        return apps.get_model("assessment", name)

    name = {"zh-hans": "名"}
    framework = model("Framework").objects.create(code="f", version="1", language="zh-hans", name=name)
    for level, threshold in enumerate((None, 30, 50, 90)):
        model("Level").objects.create(framework=framework, level=level, name=name, threshold=threshold)
    lens = model("Lens").objects.create(framework=framework, code="T", name=name)
    dimension = model("Dimension").objects.create(framework=framework, lens=lens, code="T1", name=name, kind="plain")
    facet = model("Facet").objects.create(framework=framework, dimension=dimension, code="T1", name=name)
    city = model("City").objects.create(code="330100", name="杭州市")
    round_ = model("Assessment").objects.create(city=city, framework=framework, round="2026", state=state)
    for code, given in (("T1.1", {"level": 3, "rationale": "有"}), ("T1.2", {"not_applicable": "无"})):
        criterion = model("Criterion").objects.create(
            framework=framework, facet=facet, code=code, title=name, statement=name
        )
        response = model("Response").objects.create(assessment=round_, criterion=criterion, **given)
        model("Evidence").objects.create(response=response, title="办法", reference="1号", order=0)
    framework.state = "published"
    framework.save()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("before", "after"), [("approved", "submitted"), ("open", "open")])
def test_after_migrating_from_the_previous_release_answers_have_their_first_version(previous_release, before, after):
    old_round(previous_release, before)
    call_command("migrate", verbosity=0)
    assert immutable.missing(connection) == []
    record = Assessment.objects.get()
    assert (record.state, record.revision, record.freezes.exists()) == (after, 1, False)
    assert set(record.responses.values_list("version", flat=True)) == {1}
    assert [version.outline() for version in record.versions.order_by("criterion__code")] == [
        Answer("T1.1", level=3, rationale="有", evidence=(Piece("办法", reference="1号"),)),
        Answer("T1.2", not_applicable="无", evidence=(Piece("办法", reference="1号"),)),
    ]
    assert {row.criterion.code: row.outline() for row in record.responses.all()} == {
        version.criterion.code: version.outline() for version in record.versions.all()
    }


@pytest.mark.django_db(transaction=True)
def test_what_was_declared_final_before_is_frozen_by_approving_it_now(previous_release):
    old_round(previous_release, "approved")
    call_command("migrate", verbosity=0)
    record, reviewer = Assessment.objects.get(), make_user("reviewer")
    actions.begin_review(record, by=reviewer)
    actions.approve(record, by=reviewer)
    with refused():
        record.responses.update(level=None)


@pytest.mark.django_db(transaction=True)
def test_after_migrating_from_zero_every_guard_is_there():
    immutable.remove(connection)
    call_command("migrate", "assessment", "zero", verbosity=0)
    call_command("migrate", verbosity=0)
    assert immutable.missing(connection) == []
    guarded = {name.rsplit("_", 1)[0] for table in immutable.TABLES for name in names(table, connection.vendor)}
    assert {f"immutable_{model._meta.db_table}" for model in [*FROZEN, Event]} <= guarded
