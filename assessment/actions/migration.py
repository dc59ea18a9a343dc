"""A round goes on in a copy on another version of its framework, and comes back as long as the copy is not submitted."""

import json
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment import migrating, outline
from assessment.actions.assessment import digest, move, must_start, taken_over, versions_between
from assessment.actions.following import sources_of, take_design_along, take_improvements_along, take_words_along
from assessment.actions.outcome import Overtaken, Refused, WrongState
from assessment.actions.response import authors_by_criterion, blank_rows, lock, rows_of, write
from assessment.models import Assessment, Assignment, Event, Framework, Migration, User, Version
from assessment.models.assignment import holders_by_criterion

Verb = Event.Verb


@dataclass(frozen=True)
class Preview:
    """What a migration would do. `digest` is of the answers on which this rests."""

    plan: migrating.Plan
    split: migrating.Split
    digest: str


def preview_migration(record: Assessment, framework: Framework) -> Preview:
    """What becomes of each answer on that version, and the score before and right after. Writes nothing."""
    rows = rows_of(record)
    before = record.outline(rows)
    unconfirmed = {row.criterion.code for row in rows if row.is_unconfirmed}
    plan = taken_over(record.framework, framework, before.responses, unconfirmed)
    after = replace(before, version=framework.version, responses=tuple(plan.answers))
    seen = json.dumps([outline.spell(before), sorted(unconfirmed)], default=str)
    return Preview(plan, split_of(record.framework, framework, before, after), digest(seen))


def split_of(old: Framework, new: Framework, before: outline.Assessment, after: outline.Assessment) -> migrating.Split:
    """Why the score is another one on that version."""
    return migrating.why(old.outline(), new.outline(), before, after, through=versions_between(old, new))


def must_be_movable(record: Assessment, framework: Framework) -> None:
    """Raises Refused, with what to do first, where the round cannot go on on that version."""
    named = {"assessment": record}
    if record.is_approved or record.revision > 1:
        raise WrongState(_("%(assessment)s was approved and never moves; open a new round from it") % named)
    if record.is_submitted:
        raise WrongState(_("%(assessment)s is submitted; withdraw it first") % named)
    if record.is_under_review:
        raise WrongState(_("%(assessment)s is under review; it can be moved once it is returned as a whole") % named)
    must_start("migrate_round", record)
    if record.is_narrowed:
        raise Refused(
            _(
                "only single criteria of %(assessment)s came back; settle them, submit, and withdraw it before it is moved"
            )
            % named
        )
    if record.returns.filter(settled_at=None).exists():
        raise Refused(_("%(assessment)s was returned; settle the returns first") % named)
    if framework.code != record.framework.code or framework.pk == record.framework_id or not framework.is_published:
        raise Refused(_("a round moves to another published version of its own framework"))
    rounds = Assessment.objects.current().filter(city=record.city_id, framework=framework, round=record.round)
    if rounds.exists():
        raise Refused(_("the city has a round “%(round)s” on that version already") % {"round": record.round})


@transaction.atomic
def migrate_round(record: Assessment, framework: Framework, *, by: User, shown: str | None = None) -> Migration:
    """Copies the round to that version of its framework; from now on the round itself is only read.

    Raises Refused, and Overtaken where answers changed since the preview whose digest is `shown`. Comments and what
    was verified stay with the round. In a number of queries that does not grow with the criteria.
    """
    record = lock(record)
    must_be_movable(record, framework)
    found = preview_migration(record, framework)
    if shown is not None and shown != found.digest:
        raise Overtaken(_("Something was saved after you looked; look at the changes again."))
    was = record.state
    copy = _copy_round(record, framework, found.plan)
    _copy_answers(record, copy, found.plan, by)
    _copy_assignments(record, copy, found.plan)
    _take_report_along(record, copy, found.plan)
    move(record, "migrate_round", None, by)
    for each, way in ((record, "moved_out"), (copy, "moved_in")):
        details = {"way": way, "before": record.framework.version, "version": framework.version}
        Event.objects.record(Verb.MIGRATED, by=by, assessment=each, answers=len(found.plan.answers), **details)
    return Migration.objects.create(
        source=record,
        copy=copy,
        was=was,
        plan=[row.document() for row in found.plan.rows],
        scores=found.split.document(),
        by=by,
    )


def _copy_round(record: Assessment, framework: Framework, plan: migrating.Plan) -> Assessment:
    profile = record.target and framework.targets.filter(code=record.target.code).first()
    kept = {name: getattr(record, name) for name in ("city", "round", "title", "as_of", "due_on", "state")}
    scope = _scope(record, framework.outline(), plan)
    return Assessment.objects.create(
        framework=framework, target=profile, scope=scope, previous_id=record.previous_id, **kept
    )


def _scope(record: Assessment, new: outline.Framework, plan: migrating.Plan) -> list[str]:
    """The same dimensions, by code, and new ones in which something of the scope went on; all where none is left."""
    if not record.scope:
        return []
    heirs = _heirs(record.framework.outline(), new, plan)
    wanted = {*record.scope, *(heir for code in record.scope for heir in heirs.get(code, ()))}
    codes = [dimension.code for dimension in new.dimensions if dimension.code in wanted]
    return [] if len(codes) == len(new.dimensions) else codes


def _heirs(old: outline.Framework, new: outline.Framework, plan: migrating.Plan) -> dict[str, list[str]]:
    """By the code of a dimension: those with a code of their own, new, that take over some of its criteria."""
    known = {dimension.code for dimension in old.dimensions}
    found: dict[str, list[str]] = {}
    for row in plan.rows:
        home = new.home[row.new.criterion].code if row.new else ""
        for answer in row.old if home and home not in known else ():
            heirs = found.setdefault(old.home[answer.criterion].code, [])
            heirs += [home] if home not in heirs else []
    return found


def _copy_answers(record: Assessment, copy: Assessment, plan: migrating.Plan, by: User) -> None:
    answers, authors = {answer.criterion: answer for answer in plan.answers}, authors_by_criterion(record)
    origins = sources_of(plan.rows)
    given_by = {code: {a for origin in found for a in authors.get(origin, ())} for code, found in origins.items()}
    pairs = [(row, answers[row.criterion.code]) for row in blank_rows(copy, answers)]
    cause = Version.Cause.MIGRATED
    write(copy, pairs, by=by, cause=cause, unconfirmed=plan.unconfirmed, given_by=given_by)


def _take_report_along(record: Assessment, copy: Assessment, plan: migrating.Plan) -> None:
    """Own words, owners and days, and the look of the reports."""
    new, criteria = copy.framework.outline(), sources_of(plan.rows)
    heirs = _heirs(record.framework.outline(), new, plan)
    known = {dimension.code: [dimension.code] for dimension in record.framework.outline().dimensions}
    dimensions = {
        dimension.code: known.get(dimension.code) or [old for old, taken in heirs.items() if dimension.code in taken]
        for dimension in new.dimensions
    }
    take_words_along(record, copy, criteria, dimensions)
    take_improvements_along(record, copy, criteria)
    take_design_along(record, copy)


# Whose turn


def _copy_assignments(record: Assessment, copy: Assessment, plan: migrating.Plan) -> None:
    """Each part by its code, or to what takes it over. Handed in or accepted stays what needs nothing more."""
    wanted: dict[tuple[str, str], Assignment] = {}
    for given in record.assignments.whole():
        for place in _places(record, copy, plan, given):
            wanted.setdefault(place, given)
    parts = {
        kind: {part.code: part for part in parts.filter(code__in=[code for name, code in wanted if name == kind])}
        for kind, parts in (("dimension", copy.framework.dimensions), ("criterion", copy.framework.criteria))
    }
    made = [_copied(given, copy, **{kind: parts[kind][code]}) for (kind, code), given in wanted.items()]
    held = holders_by_criterion(copy, made)
    for row in plan.rows:
        if row.new and row.new.criterion in held and (row.must_confirm or not row.new.is_answered):
            item = held[row.new.criterion]
            item.state, item.handed_in_by, item.handed_in_at = Assignment.State.OPEN, None, None
    Assignment.objects.bulk_create(made)


def _places(record: Assessment, copy: Assessment, plan: migrating.Plan, given: Assignment) -> list[tuple[str, str]]:
    """Where the part lies on the new version: kind and code."""
    new, code = copy.framework.outline(), given.part.code
    if given.criterion:
        return [
            ("criterion", row.new.criterion) for row in plan.rows if row.new and code in [a.criterion for a in row.old]
        ]
    if any(dimension.code == code for dimension in new.dimensions):
        return [("dimension", code)]
    return [("dimension", heir) for heir in _heirs(record.framework.outline(), new, plan).get(code, ())]


def _copied(given: Assignment, copy: Assessment, **part) -> Assignment:
    kept = ("user", "department", "due_on", "state", "reason", "handed_in_by_id", "handed_in_at")
    return Assignment(assessment=copy, **{name: getattr(given, name) for name in kept}, **part)


# And back


def must_be_undoable(migration: Migration) -> None:
    """Raises WrongState once the copy was submitted, went on itself, or was given up already."""
    must_start("undo_migration", migration.copy)
    if Event.objects.filter(assessment=migration.copy, verb=Verb.SUBMITTED).exists():
        raise WrongState(
            _("%(assessment)s was submitted; the move can no longer be undone") % {"assessment": migration.copy}
        )


def changed_since(migration: Migration) -> list[Version]:
    """What was saved in the copy since the move, oldest first: it stays there when the move is undone."""
    versions = migration.copy.versions.exclude(cause=Version.Cause.MIGRATED).select_related("criterion", "by")
    return list(versions.order_by("pk"))


@transaction.atomic
def undo_migration(migration: Migration, *, by: User, shown: int | None = None) -> None:
    """The round is again what it was, with the answers that it had; the copy is kept, to be read by its address alone.

    `shown`: how many saves in the copy the person saw; raises Overtaken where there were more since.
    """
    copy, source = lock(migration.copy), lock(migration.source)
    migration = Migration.objects.select_related("copy", "source").get(pk=migration.pk)
    must_be_undoable(migration)
    if shown is not None and shown != len(changed_since(migration)):
        raise Overtaken(_("Something was saved after you looked; look at the changes again."))
    move(copy, "undo_migration", None, by)
    Assessment.objects.filter(pk=source.pk).update(state=migration.was)
    migration.undone_by, migration.undone_at = by, timezone.now()
    migration.save(update_fields=["undone_by", "undone_at"])
    for each, way in ((source, "moved_back"), (copy, "given_up")):
        details = {"way": way, "before": copy.framework.version, "version": source.framework.version}
        Event.objects.record(Verb.MIGRATION_UNDONE, by=by, assessment=each, **details)
