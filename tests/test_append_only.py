"""Events, versions of answers and frozen results are only ever added to, whoever tries it and by whichever way."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations import Migration
from django.db.models import ProtectedError

from assessment import actions
from assessment.models import (
    Assessment,
    City,
    Event,
    Evidence,
    Framework,
    Freeze,
    OfficialText,
    Remark,
    ReportFile,
    StoredFile,
    TextDecision,
    User,
    Version,
    immutable,
)
from assessment.models.immutable.guarding import statements
from assessment.models.immutable.rules import ADDED_TO, OVER, PUBLISHED
from assessment.outline import Response
from tests.attacks import (
    ON_SQLITE,
    REPLACING,
    UPDATE_OVER,
    columns,
    emptied,
    first_guards,
    listed,
    on_conflict,
    refused,
    rows,
    sql,
)
from tests.factories import NA, make_assessment
from tests.records import approved, make_round, make_user, some_framework, store
from tests.views.pages import visitor

pytestmark = [pytest.mark.database, pytest.mark.django_db]
ANSWERS = {"T1.1": {"level": 3, "rationale": "原文"}, "T1.2": NA}
FIELDS = {
    Event: "person",
    Version: "cause",
    Freeze: "score",
    OfficialText: "text",
    TextDecision: "what",
    Remark: "text",
    ReportFile: "form",
}
KEYS = {
    Version: ["assessment_id", "criterion_id", "number"],
    Freeze: ["assessment_id", "revision"],
    OfficialText: ["framework", "source", "sha256"],
    Remark: ["assessment_id", "report", "language", "place", "code", "number"],
}
by_model = pytest.mark.parametrize("model", FIELDS, ids=lambda model: model.__name__)
with_key = pytest.mark.parametrize("model", KEYS, ids=lambda model: model.__name__)


@pytest.fixture(name="frozen")
def frozen_round(city, framework):
    record = approved(make_round(city, framework, ANSWERS))
    add_what_is_kept(record, by=make_user("editor"))
    return record


def add_what_is_kept(record, by):
    text = actions.add_text("small-city", "doc-1", "第一版", "原文.txt", "原文", "0" * 64, by=by)
    actions.decide_on_text(text, counts=False, by=by)
    record.remarks.create(place=Remark.Place.SUMMARY, text="总的看", by=by)
    record.report_files.create(form="pdf", sha256="0" * 64, content_sha256="1" * 64, by=by)


@pytest.fixture
def kept(frozen):
    """Whatever a test tries, afterwards all is as it was."""
    before = {model: rows(model) for model in FIELDS}
    assert all(before.values())
    yield
    assert {model: rows(model) for model in FIELDS} == before


def table(model):
    return model._meta.db_table


def copied(model, into, key, *, over="", **given):
    """Writes the first row once more, with these columns changed."""
    names = ["id", *columns(model)]
    values = ", ".join("%s" if name in given else connection.ops.quote_name(name) for name in names)
    taken = [given[name] for name in names if name in given]
    first = f"SELECT {values} FROM {table(model)} WHERE id = %s"
    sql(f"{into} INTO {table(model)} ({listed(names)}) {first} {over}", *taken, key)


@by_model
class TestEveryRow:
    @pytest.fixture(autouse=True)
    def all_stays(self, kept):
        pass

    def test_cannot_be_saved_again(self, model):
        record = model.objects.first()
        setattr(record, FIELDS[model], "x")
        with refused(ADDED_TO):
            record.save()

    def test_cannot_be_changed_by_query(self, model):
        with refused(ADDED_TO):
            model.objects.update(**{FIELDS[model]: "x"})

    def test_cannot_be_changed_in_bulk(self, model):
        record = model.objects.first()
        setattr(record, FIELDS[model], "x")
        with refused(ADDED_TO):
            model.objects.bulk_update([record], [FIELDS[model]])

    def test_cannot_be_deleted(self, model):
        for attack in (model.objects.first().delete, model.objects.all().delete):
            with refused(ADDED_TO):
                attack()

    def test_cannot_be_changed_at_the_database_not_even_to_what_it_is(self, model):
        for change in (f"{FIELDS[model]} = 'x'", "id = id", "id = id + 1000", "id = -id"):
            with refused(ADDED_TO):
                sql(f"{UPDATE_OVER} {table(model)} SET {change}")

    def test_cannot_be_deleted_at_the_database(self, model):
        with refused(ADDED_TO):
            sql(f"DELETE FROM {table(model)}")

    def test_cannot_be_emptied(self, model):
        with refused(ADDED_TO):
            emptied(model)

    def test_cannot_be_replaced_by_its_id(self, model):
        key = model.objects.first().pk
        for into in REPLACING:
            with refused(ADDED_TO):
                copied(model, into, key, **{FIELDS[model]: "x"})

    def test_cannot_be_changed_by_a_conflict(self, model):
        key = model.objects.first().pk
        with pytest.raises(IntegrityError), transaction.atomic():
            copied(model, "INSERT", key, over=on_conflict("id", FIELDS[model]), **{FIELDS[model]: "x"})

    def test_is_not_forged_under_an_id_that_is_written_otherwise(self, model):
        key = model.objects.first().pk
        for into in REPLACING:
            for written in (str(key), float(key), f" {key}"):
                with refused(ADDED_TO):
                    copied(model, into, key, id=written, **{FIELDS[model]: "x"})
            for alias in ("rowid", "_rowid_", "oid"):
                names = listed(columns(model))
                with refused(ADDED_TO):
                    sql(
                        f"{into} INTO {table(model)} ({alias}, {names}) SELECT id, {names} FROM {table(model)}"
                        " WHERE id = %s",
                        key,
                    )

    def test_stays_where_triggers_fire_for_what_a_replacement_deletes(self, model):
        if ON_SQLITE:
            sql("PRAGMA recursive_triggers = ON")
        self.test_cannot_be_replaced_by_its_id(model)
        if ON_SQLITE:
            sql("PRAGMA recursive_triggers = OFF")


@with_key
def test_a_row_is_not_replaced_by_its_other_key(kept, model):
    for into in REPLACING:
        with refused(ADDED_TO):
            copied(model, into, model.objects.first().pk, id=99_999, **{FIELDS[model]: "x"})
    key = ", ".join(KEYS[model])
    with pytest.raises(IntegrityError), transaction.atomic():
        copied(model, "INSERT", model.objects.first().pk, id=99_999, over=on_conflict(key, FIELDS[model]))


def test_what_a_rounds_history_rests_on_cannot_be_deleted(kept, frozen, framework):
    for attack in (frozen.delete, frozen.city.delete, User.objects.get(username="some_lead").delete):
        with pytest.raises(ProtectedError), transaction.atomic():
            attack()
    for model in (Assessment, City, Framework, User):
        with pytest.raises(IntegrityError), transaction.atomic():
            emptied(model)


# What may be added, and when


def test_an_approved_round_gets_no_further_version(kept, frozen):
    version = Version.objects.first()
    version.pk, version.number = None, 99
    with refused(ADDED_TO):
        version.save(force_insert=True)


@pytest.mark.parametrize("state", ["draft", "open", "submitted", "approved"])
def test_a_result_is_frozen_only_while_the_round_is_under_review(city, framework, lead, state):
    record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 2))
    if state == "approved":
        approved(record)
    else:
        Assessment.objects.filter(pk=record.pk).update(state=state)
    with refused(ADDED_TO):
        Freeze.objects.create(assessment=record, revision=2 if state == "approved" else 1)


@pytest.mark.parametrize("revision", [0, 2, 1_000])
def test_a_result_is_frozen_only_for_the_revision_at_hand(assessment, revision):
    Assessment.objects.filter(pk=assessment.pk).update(state="under_review")
    with refused(ADDED_TO):
        Freeze.objects.create(assessment=assessment, revision=revision)


# A round that was frozen once


@pytest.fixture
def reopened(frozen, lead):
    actions.reopen(frozen, "更正一处", by=lead)
    frozen.refresh_from_db()
    return frozen


def test_a_reopened_round_never_takes_an_earlier_revision_for_its_own(reopened):
    rounds = Assessment.objects.filter(pk=reopened.pk)
    for change in ({"revision": 1}, {"revision": 1, "state": "approved"}, {"revision": 3}, {"state": "approved"}):
        with refused(OVER):
            rounds.update(**change)


def test_nothing_takes_the_place_of_a_reopened_round(reopened):
    for into in REPLACING:
        for given in ({}, {"id": 99_999}, {"round": "另一轮", "revision": 1}):
            with refused(OVER):
                copied(Assessment, into, reopened.pk, **given)
    with refused(OVER):
        sql("DELETE FROM assessment_assessment")
    with refused(OVER):
        Assessment.objects.filter(pk=reopened.pk).update(id=99_999)


def test_a_reopened_round_can_be_answered_again_and_approved_anew(reopened, lead):
    seen = reopened.responses.get(criterion__code="T1.1").version
    actions.answer(reopened, Response("T1.1", level=4), by=lead, seen=seen)
    approved(reopened)
    assert list(reopened.freezes.values_list("revision", flat=True)) == [2, 1]


def test_a_round_on_a_draft_framework_is_not_approved(city):
    record = make_round(city, store(some_framework(version="2025.1"), publish=False), ANSWERS)
    with refused(OVER):
        approved(record)


# A file that proves something in an approved round


@pytest.fixture
def proof(city, framework, lead):
    record = make_round(city, framework, ANSWERS)
    stored = StoredFile.objects.create(city=city, sha256="a" * 64, name="证.pdf", size=1, uploaded_by=lead)
    Evidence.objects.create(response=record.responses.first(), title="证", reference=stored.mark, file=stored)
    approved(record)
    return stored


def test_a_file_that_an_approved_round_rests_on_stays_what_it_is(proof):
    for change in ({"sha256": "b" * 64}, {"content": "elsewhere"}, {"id": 99_999}):
        with refused(OVER):
            StoredFile.objects.filter(pk=proof.pk).update(**change)
    for into in REPLACING:
        for given in ({}, {"id": 99_999}):
            with refused(OVER):
                copied(StoredFile, into, proof.pk, **given)
    with refused(OVER):
        sql("DELETE FROM assessment_storedfile")


def test_a_file_that_nothing_final_rests_on_can_be_taken_away(proof, lead):
    other = StoredFile.objects.create(city=proof.city, sha256="c" * 64, name="x", size=1, uploaded_by=lead)
    other.delete()
    assert StoredFile.objects.get() == proof


# Through the application


@pytest.fixture
def auditor_at_the_desk(db):
    user = make_user("auditor", "审计员", is_staff=True)
    codes = [
        f"{verb}_{name}" for verb in ("view", "add", "change", "delete") for name in ("event", "version", "freeze")
    ]
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    return visitor(user)


@by_model
@pytest.mark.parametrize("verb", ["change", "delete", "add"])
def test_the_administration_offers_no_way(kept, admin, auditor_at_the_desk, model, verb):
    name = f"assessment_{model._meta.model_name}"
    address = f"/admin/assessment/{model._meta.model_name}/"
    place = "add/" if verb == "add" else f"{model.objects.first().pk}/{verb}/"
    for client in (visitor(admin), auditor_at_the_desk):
        assert client.post(f"{address}{place}", {FIELDS[model]: "x", "post": "yes"}).status_code in (403, 404), name
        chosen = {"action": "delete_selected", "_selected_action": [model.objects.first().pk], "post": "yes"}
        client.post(address, chosen)


def test_there_are_permissions_to_read_the_log_and_none_to_write_it():
    held = Permission.objects.filter(content_type__model__in=["event", "version"])
    assert {permission.codename for permission in held} == {"view_event", "view_version"}


# Migrations


def migrated(change):
    """What migrate does around an operation."""
    plan = [(Migration("later", "assessment"), False)]
    emit_pre_migrate_signal(verbosity=0, interactive=False, db=connection.alias, plan=plan)
    with connection.schema_editor(atomic=True) as editor:
        change(editor)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias, plan=plan)


GUARDED = {guard.table for guard in immutable.GUARDS}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", sorted(GUARDED))
def test_a_later_column_leaves_all_guards_in_place(name):
    """On SQLite a new column can remake the table, and its triggers are gone without a word."""
    model = next(model for model in apps.get_models() if table(model) == name)
    column = models.IntegerField(default=lambda: 1)
    column.set_attributes_from_name("later")
    column.model = model
    migrated(lambda editor: editor.add_field(model, column))
    try:
        assert immutable.missing(connection) == []
    finally:
        migrated(lambda editor: sql(f"ALTER TABLE {name} DROP COLUMN later"))
    assert immutable.missing(connection) == []


@pytest.fixture
def previous_release(city, framework):
    """The database as the release before this one left it: a round declared final, framework tables guarded."""
    record = make_round(city, framework, ANSWERS)
    immutable.remove(connection)
    call_command("migrate", "assessment", "0001", verbosity=0)
    for guard in first_guards():
        for statement in statements(guard, connection.vendor):
            sql(statement)
    sql("UPDATE assessment_assessment SET state = 'approved'")
    yield record
    call_command("migrate", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_upgrading_keeps_every_answer_as_the_first_of_its_history_and_guards_all(previous_release):
    call_command("migrate", verbosity=0)
    assert immutable.missing(connection) == []
    record = Assessment.objects.get()
    assert (record.pk, record.state, record.revision) == (previous_release.pk, "submitted", 1)
    assert record.outline() == make_assessment(ANSWERS)
    assert [(v.number, v.outline()) for v in record.versions.all()] == [(1, r) for r in record.outline().responses]
    reviewer = make_user("reviewer")
    actions.begin_review(record, by=reviewer)
    actions.approve(record, by=reviewer)
    add_what_is_kept(record, by=reviewer)
    attacks = [
        ("assessment_criterion", PUBLISHED),
        ("assessment_assessment", OVER),
        ("assessment_response", OVER),
        *((table(model), ADDED_TO) for model in FIELDS),
    ]
    for name, message in attacks:
        for statement in (f"UPDATE {name} SET id = id", f"DELETE FROM {name}"):
            with refused(message):
                sql(statement)
