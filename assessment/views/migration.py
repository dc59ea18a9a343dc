"""Move a round to another version of its framework: what would become of each answer, the move, and the way back."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import get_args

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from assessment import access, actions, migrating, outline
from assessment.lineage import is_higher, version_key
from assessment.models import Assessment, Framework, Migration
from assessment.reports import differences


def assessment_migrate(request, pk):
    assessment, seat = access.enter(request.user, pk, "migrate")
    versions = versions_beside(assessment.framework)
    chosen = _chosen(versions, request.POST.get("to") or request.GET.get("to"))
    refused = ""
    if request.method == "POST" and chosen:
        try:
            shown = request.POST.get("shown", "")
            migration = actions.migrate_round(assessment, chosen, by=request.user, shown=shown)
        except actions.Refused as error:
            refused = str(error)
        else:
            messages.success(request, _moved_words(migration.copy, chosen))
            return redirect(migration.copy)
    context = {"assessment": assessment, "seat": seat, "versions": versions, "chosen": chosen, "refused": refused}
    if chosen:
        context |= _preview(request, assessment, chosen)
    return render(request, "migration/preview.html", context, status=422 if refused else 200)


def versions_beside(framework: Framework) -> list[Framework]:
    """The other published versions of the framework, the highest first."""
    others = Framework.objects.published().filter(code=framework.code).exclude(pk=framework.pk)
    return sorted(others.select_related("previous"), key=lambda other: version_key(other.version), reverse=True)


def newer_version(framework: Framework) -> Framework | None:
    """The highest published version, where it is higher than this one."""
    return next((other for other in versions_beside(framework) if is_higher(other.version, framework.version)), None)


def _chosen(versions, version):
    if version is None:
        return versions[0] if versions else None
    found = next((framework for framework in versions if framework.version == version), None)
    if found is None:
        raise Http404
    return found


def _preview(request, assessment: Assessment, chosen: Framework):
    try:
        actions.must_be_movable(assessment, chosen)
        in_the_way = ""
    except actions.Refused as error:
        in_the_way = str(error)
    found = actions.preview_migration(assessment, chosen)
    profile = assessment.target
    return {
        "in_the_way": in_the_way,
        "digest": found.digest,
        "split": found.split,
        "lost_profile": profile and not chosen.targets.filter(code=profile.code).exists() and profile,
        **_table(request, assessment.framework.outline(), chosen.outline(), list(found.plan.rows)),
    }


def _moved_words(copy, framework):
    count = copy.responses.filter(is_unconfirmed=True).exclude(level=None, not_applicable="").count()
    words = ngettext(
        "The round goes on here, on version %(version)s. %(count)d answer is to be confirmed.",
        "The round goes on here, on version %(version)s. %(count)d answers are to be confirmed.",
        count,
    )
    return words % {"version": framework.version, "count": count}


# What becomes of each answer, row by row


@dataclass(frozen=True)
class Line:
    """A row of the plan with its criteria: the old ones each with its answer, and the new one, if there is one.

    `changes`: of each old one the words that are others now.
    """

    row: migrating.Row
    old: list[tuple[outline.Criterion, outline.Response]]
    criterion: outline.Criterion | None

    @property
    def has_words(self) -> bool:
        """Whether an old answer says more than what was chosen."""
        return any(answer.rationale or answer.evidence or answer.not_applicable for _criterion, answer in self.old)

    @property
    def changes(self) -> list[differences.Apart]:
        return differences.rewordings([old for old, _answer in self.old], self.criterion) if self.criterion else []

    @property
    def marks(self) -> set[str]:
        """The filters that show it."""
        is_blank = self.row.new and not self.row.new.is_answered
        return {"", self.row.fate, *(["confirm"] if self.row.is_to_confirm else []), *(["blank"] if is_blank else [])}


def _table(request, old: outline.Framework, new: outline.Framework, rows: list[migrating.Row]):
    lines = [_line(old, new, row) for row in rows]
    counts = Counter(mark for line in lines for mark in line.marks)
    show = request.GET.get("show", "") if request.GET.get("show") in counts else ""
    shown = [line for line in lines if show in line.marks]
    sections: dict[str, tuple[outline.Dimension, list[Line]]] = {}
    for line in shown:
        if line.criterion:
            home = new.home[line.criterion.code]
            sections.setdefault(home.code, (home, []))[1].append(line)
    return {
        "old": old,
        "new": new,
        "show": show,
        "fates": get_args(migrating.Fate),
        "counts": counts,
        "sections": list(sections.values()),
        "left": [line for line in shown if line.criterion is None],
    }


def _line(old: outline.Framework, new: outline.Framework, row: migrating.Row) -> Line:
    criterion = new.criteria[row.new.criterion] if row.new else None
    return Line(row, [(old.criteria[answer.criterion], answer) for answer in row.old], criterion)


# After the move


@require_safe
def migration_detail(request, pk):
    assessment, seat, migration = _enter(request.user, pk)
    source, then = migration.source, migrating.Split.read(migration.scores)
    now = None if migration.undone_at else _now(migration, then)
    answers = _answers_then(migration)
    rows = [_with_words(migrating.Row.read(told), answers) for told in migration.plan]
    context = {
        "assessment": assessment,
        "seat": seat,
        "migration": migration,
        "split": then,
        "now": now if now and _has_moved(now) else None,
        "may_undo": may_undo(seat, migration),
        **_table(request, source.framework.outline(), assessment.framework.outline(), rows),
    }
    return render(request, "migration/detail.html", context)


def _enter(user, pk, verb="read"):
    assessment, seat = access.enter(user, pk, verb)
    migration = migration_of(assessment)
    if migration is None:
        raise Http404
    return assessment, seat, migration


def migration_of(assessment: Assessment) -> Migration | None:
    """By which the round came, if it is a copy."""
    migrations = Migration.objects.select_related(
        "source__framework", "source__city", "source__target", "by", "undone_by"
    )
    migration = migrations.filter(copy=assessment).first()
    if migration:
        migration.copy = assessment
    return migration


def _now(migration: Migration, then: migrating.Split) -> migrating.Split:
    """Why the score is another one by now: the round before stands still, the answers of the copy may have changed."""
    return migrating.since(then, migration.copy.framework.outline(), migration.copy.outline())


def _has_moved(split: migrating.Split) -> bool:
    return any(found.after != found.middle for found in (split.overall, *split.dimensions.values()))


def _answers_then(migration: Migration) -> dict[str, outline.Response]:
    """The answers as they were when the round moved: where the move was undone, they may be others by now."""
    versions = migration.source.versions.as_of(migration.at).select_related("criterion")
    return {version.criterion.code: version.outline() for version in versions}


def _with_words(row: migrating.Row, answers: Mapping[str, outline.Response]) -> migrating.Row:
    """The plan keeps what was chosen; words and evidence stand with the round before."""
    return replace(row, old=tuple(answers.get(answer.criterion, answer) for answer in row.old))


def _in_the_way_of_undoing(migration: Migration) -> str:
    try:
        actions.must_be_undoable(migration)
    except actions.Refused as error:
        return str(error)
    return ""


def may_undo(seat: access.Seat, migration: Migration) -> bool:
    return seat.may("migrate") and not _in_the_way_of_undoing(migration)


def migration_undo(request, pk):
    assessment, seat, migration = _enter(request.user, pk, "migrate")
    refused = ""
    if request.method == "POST":
        try:
            actions.undo_migration(migration, by=request.user, shown=_number(request.POST.get("shown", "")))
        except actions.Refused as error:
            refused = str(error)
        else:
            messages.success(request, _("The move is undone; the round goes on here as it was."))
            return redirect(migration.source)
    saves = actions.changed_since(migration)
    latest = {save.criterion.code: save for save in saves}
    context = {
        "assessment": assessment,
        "seat": seat,
        "migration": migration,
        "refused": refused,
        "in_the_way": _in_the_way_of_undoing(migration),
        "framework": assessment.framework.outline(),
        "saves": len(saves),
        "changed": [(c, latest[c.code]) for c in assessment.framework.outline().criteria.values() if c.code in latest],
    }
    return render(request, "migration/undo.html", context, status=422 if refused else 200)


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 9 else -1
