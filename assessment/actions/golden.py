"""Golden sets of a draft: add one, change its answers, accept or say what they must come to, remove one; load shipped ones."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment import bench
from assessment.actions.outcome import Overtaken, Refused
from assessment.models import Framework, GoldenSet, User


@transaction.atomic
def add_golden_set(record: Framework, name: str, answers: bench.Answers, *, by: User) -> GoldenSet:
    """What the answers come to now is accepted with them."""
    record = _locked(record)
    expected = bench.figures(record.outline(), answers)
    return _create(record, bench.Golden(name, answers, expected), by)


@transaction.atomic
def load_golden_sets(record: Framework, given: Iterable[bench.Golden]) -> None:
    """Those of a file that the draft does not have yet, with the figures that the file expects."""
    record = _locked(record)
    known = set(record.golden_sets.values_list("name", flat=True))
    for golden in given:
        if golden.name not in known:
            _create(record, golden, None)


@transaction.atomic
def change_golden_set(golden: GoldenSet, name: str, answers: bench.Answers, *, seen: str, by: User) -> None:
    """The figures that were accepted stay: whoever changes answers sees what that does, and accepts it or not.

    Raises Overtaken where the answers are not those that the person began with.
    """
    record = _locked(golden.framework)
    golden.refresh_from_db()
    if bench.digest(golden.answers) != seen:
        raise Overtaken(_("Somebody changed these answers meanwhile; look at them again."))
    _must_be_free(record.golden_sets.exclude(pk=golden.pk), name)
    golden.name, golden.answers = name, dict(answers)
    golden.save(update_fields=["name", "answers"])


@transaction.atomic
def expect_golden_set(golden: GoldenSet, expected: Mapping[str, Any], *, seen: str, by: User) -> None:
    """From now on the answers must come to what the person typed. Raises Overtaken where the figures that were expected
    before are not those that the person saw."""
    _locked(golden.framework)
    golden.refresh_from_db()
    if bench.digest(golden.expected) != seen:
        raise Overtaken(_("Somebody changed these figures meanwhile; look at them again."))
    _keep(golden, expected, by)


@transaction.atomic
def accept_golden_set(golden: GoldenSet, *, seen: str, by: User) -> None:
    """From now on the figures are right as they are. Raises Overtaken where they are not those that the person saw."""
    record = _locked(golden.framework)
    golden.refresh_from_db()
    found = bench.figures(record.outline(), golden.answers)
    if bench.digest(found) != seen:
        raise Overtaken(_("The draft or the answers were changed meanwhile; look at the figures again."))
    _keep(golden, found, by)


def _keep(golden: GoldenSet, expected: Mapping[str, Any], by: User) -> None:
    golden.expected, golden.accepted_by, golden.accepted_at = dict(expected), by, timezone.now()
    golden.save(update_fields=["expected", "accepted_by", "accepted_at"])


@transaction.atomic
def remove_golden_set(golden: GoldenSet, *, by: User) -> None:
    _locked(golden.framework)
    golden.delete()


def copy_golden_sets(old: Framework, new: Framework) -> None:
    """Into a copy: the answers by the old version's own codes, and what was accepted for it, so that changes show."""
    framework = old.outline()
    for golden in old.golden_sets.all():
        answers = bench.followed(framework, golden.answers)
        copied = _create(new, bench.Golden(golden.name, answers, golden.expected), golden.accepted_by)
        GoldenSet.objects.filter(pk=copied.pk).update(accepted_at=golden.accepted_at)


def run_golden_sets(record: Framework) -> list[tuple[GoldenSet, bench.Result]]:
    """Every golden set of the version with what its answers come to now."""
    framework = record.outline()
    stored = record.golden_sets.select_related("accepted_by")
    return [(golden, bench.run(framework, outline_of(golden))) for golden in stored]


def differing(record: Framework) -> list[tuple[str, int]]:
    """The golden sets whose figures are not what was accepted, by name, each with how many figures that are."""
    ran = ((golden.name, len(result.differences)) for golden, result in run_golden_sets(record))
    return [(name, count) for name, count in ran if count]


def outline_of(golden: GoldenSet) -> bench.Golden:
    return bench.Golden(golden.name, golden.answers, golden.expected)


def _create(record: Framework, golden: bench.Golden, by: User | None) -> GoldenSet:
    _must_be_free(record.golden_sets, golden.name)
    return record.golden_sets.create(
        order=record.golden_sets.count(),
        name=golden.name,
        answers=dict(golden.answers),
        expected=dict(golden.expected),
        accepted_by=by,
    )


def _must_be_free(others, name: str) -> None:
    if others.filter(name=name).exists():
        raise Refused(_("There is another golden set of this name."))


def _locked(record: Framework) -> Framework:
    """The draft, unchanged until the transaction ends."""
    found = Framework.objects.select_for_update().get(pk=record.pk)
    if not found.is_draft:
        raise Refused(_("%(framework)s is published: its golden sets stay as they are.") % {"framework": found})
    return found
