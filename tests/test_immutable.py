"""A published framework withstands every way in which a program or a person at the database could change it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from assessment.models import (
    Citation,
    Criterion,
    Dimension,
    Facet,
    Framework,
    Lens,
    Level,
    LevelDescriptor,
    Passage,
    Source,
    TargetProfile,
    immutable,
)
from assessment.models.framework import _outline
from assessment.models.immutable.guarding import names
from assessment.models.immutable.rules import PUBLISHED
from tests import attacks
from tests.attacks import REPLACING, UPDATE_OVER, columns, emptied, listed, on_conflict, sql
from tests.records import some_framework, store

pytestmark = [pytest.mark.database, pytest.mark.django_db]
PARTS = [Level, Source, Passage, Lens, Dimension, Facet, Criterion, LevelDescriptor, Citation, TargetProfile]
by_model = pytest.mark.parametrize("model", PARTS, ids=lambda model: model.__name__)
OWN_FIELDS = {Passage: "status", LevelDescriptor: "level", Citation: "role", Level: "threshold"}


def refused():
    return attacks.refused(PUBLISHED)


@pytest.fixture
def draft():
    return store(some_framework(version="draft"), publish=False)


@pytest.fixture(autouse=True)
def unchanged(framework):
    """Whatever a test tries, the published framework is afterwards what it was."""
    before = framework.outline()
    yield
    assert _outline(framework.pk) == before


def part_of(model, framework):
    """The first row of the framework; rows were made in the order of the frameworks."""
    way = {Passage: "source__framework", LevelDescriptor: "criterion__framework", Citation: "criterion__framework"}
    return model.objects.filter(**{way.get(model, "framework"): framework}).earliest("pk")


# Every part


@by_model
def test_saving_a_part_is_refused(framework, model):
    with refused():
        part_of(model, framework).save()


@by_model
def test_updating_parts_by_query_is_refused(framework, model):
    field = OWN_FIELDS.get(model, "order")
    record = part_of(model, framework)
    with refused():
        model.objects.filter(pk=record.pk).update(**{field: getattr(record, field)})


@by_model
def test_updating_parts_in_bulk_is_refused(framework, model):
    with refused():
        model.objects.bulk_update([part_of(model, framework)], [OWN_FIELDS.get(model, "order")])


@by_model
def test_deleting_a_part_by_query_is_refused(framework, model):
    with refused():
        model.objects.filter(pk=part_of(model, framework).pk)._raw_delete("default")


@by_model
def test_deleting_a_part_at_the_database_is_refused(framework, model):
    with refused():
        sql(f"DELETE FROM {model._meta.db_table}")


@by_model
def test_updating_a_part_at_the_database_is_refused(framework, model):
    with refused():
        sql(f"UPDATE {model._meta.db_table} SET id = id")


@by_model
def test_adding_a_part_is_refused(framework, model):
    record = part_of(model, framework)
    record.pk = None
    with refused():
        record.save(force_insert=True)


@by_model
def test_adding_parts_in_bulk_is_refused(framework, model):
    record = part_of(model, framework)
    record.pk = None
    with refused():
        model.objects.bulk_create([record], ignore_conflicts=True)


@by_model
def test_moving_a_drafts_part_into_a_published_framework_is_refused(framework, draft, model):
    mine, theirs = part_of(model, draft), part_of(model, framework)
    parents = [name for name in columns(model) if name.endswith("_id") and name not in ("passage_id", "locator_id")]
    parents = [name for name in parents if getattr(theirs, name)]
    assert parents
    for name in parents:
        with refused():
            model.objects.filter(pk=mine.pk).update(**{name: getattr(theirs, name)})


@by_model
def test_moving_a_part_out_of_a_published_framework_is_refused(framework, draft, model):
    mine, theirs = part_of(model, draft), part_of(model, framework)
    parent = next(name for name in columns(model) if name.endswith("_id") and getattr(mine, name))
    with refused():
        model.objects.filter(pk=theirs.pk).update(**{parent: getattr(mine, parent)})


@by_model
def test_overwriting_a_part_by_its_id_is_refused(framework, draft, model):
    table, names = model._meta.db_table, listed(columns(model))
    mine, theirs = part_of(model, draft), part_of(model, framework)
    rows = f"SELECT %s, {names} FROM {table} WHERE id = %s"
    with refused():
        sql(f"INSERT INTO {table} (id, {names}) {rows} {on_conflict('id', 'id')}", theirs.pk, mine.pk)
    for attack in REPLACING:
        with refused():
            sql(f"{attack} INTO {table} (id, {names}) {rows}", theirs.pk, mine.pk)


@by_model
def test_a_drafts_part_that_takes_the_id_of_a_published_one_is_refused(framework, draft, model):
    mine, theirs = part_of(model, draft), part_of(model, framework)
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(f"{UPDATE_OVER} {model._meta.db_table} SET id = %s WHERE id = %s", theirs.pk, mine.pk)


# The framework itself


@pytest.mark.parametrize("field", ["code", "version", "language", "name", "about", "crosswalks", "published_at"])
def test_changing_what_a_published_framework_says_is_refused(framework, field):
    value = {"name": {"en": "x"}, "about": {"en": "x"}, "crosswalks": {"a": "b"}, "published_at": None}.get(field, "x")
    with refused():
        Framework.objects.filter(pk=framework.pk).update(**{field: value})
    setattr(framework, field, value)
    with refused():
        framework.save()


@pytest.mark.parametrize("state", ["published", "retired"])
def test_what_was_published_never_becomes_a_draft_again(framework, state):
    Framework.objects.filter(pk=framework.pk).update(state=state)
    with refused():
        Framework.objects.filter(pk=framework.pk).update(state="draft")


def test_deleting_a_published_framework_is_refused(framework):
    for attack in (Framework.objects.get(pk=framework.pk).delete, Framework.objects.filter(pk=framework.pk).delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            attack()
    with refused():
        sql("DELETE FROM assessment_framework")


def test_changing_its_id_is_refused(framework):
    with refused():
        sql("UPDATE assessment_framework SET id = id + 1000")


def test_replacing_it_by_its_id_is_refused(framework, draft):
    names = listed(name for name in columns(Framework) if name != "version")
    target = f"INTO assessment_framework (id, version, {names})"
    rows = f"SELECT %s, 'other', {names} FROM assessment_framework WHERE id = %s"
    with refused():
        sql(f"INSERT {target} {rows} {on_conflict('id', 'version')}", framework.pk, draft.pk)
    for attack in REPLACING:
        with refused():
            sql(f"{attack} {target} {rows}", framework.pk, draft.pk)


def test_replacing_it_by_its_code_and_version_is_refused(framework):
    names = listed(name for name in columns(Framework) if name != "state")
    target = f"INTO assessment_framework (state, {names})"
    rows = f"SELECT 'draft', {names} FROM assessment_framework WHERE id = %s"
    with refused():
        sql(f"INSERT {target} {rows} {on_conflict('code, version', 'state')}", framework.pk)
    for attack in REPLACING:
        with refused():
            sql(f"{attack} {target} {rows}", framework.pk)


def test_a_draft_that_takes_its_version_is_refused(framework, draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(f"{UPDATE_OVER} assessment_framework SET version = %s WHERE id = %s", framework.version, draft.pk)


def test_a_draft_that_takes_its_id_is_refused(framework, draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(f"{UPDATE_OVER} assessment_framework SET id = %s WHERE id = %s", framework.pk, draft.pk)


def test_emptying_a_table_is_refused(framework):
    for model in [Framework, *PARTS]:
        with refused():
            emptied(model)


# By a side door: a draft's row that hangs below a published parent


def test_a_drafts_criterion_below_a_published_facet_is_refused(framework, draft):
    criterion = part_of(Criterion, draft)
    criterion.pk, criterion.code, criterion.facet = None, "NEW", part_of(Facet, framework)
    with refused():
        criterion.save(force_insert=True)


def test_a_drafts_facet_below_a_published_dimension_is_refused(framework, draft):
    facet = part_of(Facet, draft)
    facet.pk, facet.code, facet.dimension = None, "NEW", part_of(Dimension, framework)
    with refused():
        facet.save(force_insert=True)


def test_a_drafts_dimension_below_a_published_lens_is_refused(framework, draft):
    dimension = part_of(Dimension, draft)
    dimension.pk, dimension.code, dimension.lens = None, "NEW", part_of(Lens, framework)
    with refused():
        dimension.save(force_insert=True)


# While it is being published


def in_another_connection(work):
    """Begins the work in a thread of its own; `.result()` waits for it."""

    def working():
        try:
            return work()
        finally:
            connection.close()

    return ThreadPoolExecutor(1).submit(working)


def publish(draft):
    return Framework.objects.filter(pk=draft.pk).update(state=Framework.State.PUBLISHED)


if connection.vendor == "postgresql":  # SQLite has one writer at a time

    @pytest.mark.django_db(transaction=True)
    def test_publishing_waits_for_a_change_that_is_under_way(draft):
        with transaction.atomic():
            part_of(Criterion, draft).save()
            publishing = in_another_connection(lambda: publish(draft))
            with pytest.raises(TimeoutError):
                publishing.result(timeout=0.5)
        assert publishing.result(timeout=10) == 1

    @pytest.mark.django_db(transaction=True)
    def test_a_change_that_comes_while_publishing_is_refused(draft):
        with transaction.atomic():
            publish(draft)
            changing = in_another_connection(part_of(Criterion, draft).save)
            with pytest.raises(TimeoutError):
                changing.result(timeout=0.5)
        with pytest.raises(IntegrityError, match=PUBLISHED):
            changing.result(timeout=10)


# What stays allowed


def test_a_draft_can_be_changed_in_every_part_and_published(draft):
    for model in PARTS:
        part_of(model, draft).save()
    draft.name = {"zh-hans": "改了"}
    draft.save()
    part_of(LevelDescriptor, draft).delete()
    draft.state = Framework.State.PUBLISHED
    draft.save()
    with refused():
        part_of(Criterion, draft).save()


def test_a_draft_is_deleted_with_all_that_belongs_to_it(draft):
    draft.delete()
    assert not Criterion.objects.filter(framework__version="draft").exists()


def test_a_published_framework_can_be_retired_and_be_put_back(framework):
    for state in (Framework.State.RETIRED, Framework.State.PUBLISHED):
        framework.state = state
        framework.save()
    with refused():
        part_of(Criterion, framework).save()


# The guards themselves


def test_migrating_leaves_all_guards_in_place():
    immutable.remove(connection)
    assert immutable.missing(connection)
    call_command("migrate", verbosity=0)
    assert immutable.missing(connection) == []


def test_installing_twice_does_no_harm():
    immutable.install(connection)
    immutable.install(connection)
    assert immutable.missing(connection) == []


def problems():
    return [problem for problem in run_checks(databases=["default"]) if problem.id == "assessment.E001"]


def test_the_system_check_names_each_guard_that_is_missing():
    assert problems() == []
    name = names("assessment_lens", connection.vendor)[0]
    sql(f"DROP TRIGGER {name}" + (" ON assessment_lens" if connection.vendor == "postgresql" else ""))
    (problem,) = problems()
    assert name in problem.msg


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_is_guarded_and_its_database_can_be_emptied(framework):
    with refused():
        Framework.objects.update(code="other")


@pytest.mark.django_db(transaction=True)
def test_after_a_transactional_test_nothing_is_left_but_the_guards(framework):
    assert Framework.objects.count() == 1
    assert immutable.missing(connection) == []
