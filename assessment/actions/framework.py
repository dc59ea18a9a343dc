"""Begin, publish, retire and copy framework versions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment import elements, outline
from assessment.actions.golden import copy_golden_sets
from assessment.actions.outcome import Refused
from assessment.models import (
    Citation,
    Criterion,
    Dimension,
    Event,
    Facet,
    Framework,
    Lens,
    Level,
    LevelDescriptor,
    Passage,
    Source,
    TargetProfile,
    User,
)


@transaction.atomic
def publish(
    record: Framework,
    *,
    by: User | None = None,
    reasons: Mapping[str, str] | None = None,
    checks: Sequence[Mapping[str, Any]] = (),
) -> None:
    """From now on the version never changes. `reasons`: why warnings were let pass; `checks`: how quotations stood."""
    record.state, record.published_at, record.published_by = Framework.State.PUBLISHED, timezone.now(), by
    record.reasons, record.checks = dict(reasons or {}), list(checks)
    record.save(update_fields=["state", "published_at", "published_by", "reasons", "checks"])
    Event.objects.record(Event.Verb.PUBLISHED, by=by, target=f"{record.code} {record.version}")


@transaction.atomic
def copy_as_draft(record: Framework, version: str = "", *, by: User | None = None) -> Framework:
    """The same framework once more, to be edited; without a version its own bears a `-draft` until somebody names it."""
    record = Framework.objects.select_for_update().get(pk=record.pk)  # who copies it at the same moment waits
    taken = set(Framework.objects.filter(code=record.code).values_list("version", flat=True))
    if version in taken:
        raise Refused(
            _("%(code)s %(version)s exists already; choose another version") % {"code": record.code, "version": version}
        )
    names = (f"{record.version[:40]}-draft{number or ''}" for number in count())
    version = version or next(name for name in names if name not in taken)
    draft = begin(_replacing_nothing(replace(record.outline(), version=version)), previous=record, by=by)
    copy_golden_sets(record, draft)
    return draft


def _replacing_nothing(framework: outline.Framework) -> outline.Framework:
    """What the version before replaced says nothing about the next one."""
    whole = elements.take_apart(framework)
    for name, element in whole.items():
        if elements.kind_of(name) == "criterion":
            whole[name] = element | {"replaces": [], "carry": "lowest"}
    return elements.put_together(whole)


@transaction.atomic
def begin(wanted: outline.Framework, *, previous: Framework | None = None, by: User | None) -> Framework:
    """A new draft; it asks for four eyes where the version before did."""
    four_eyes = previous is not None and previous.four_eyes
    draft = write_framework(wanted, Framework(previous=previous, created_by=by, four_eyes=four_eyes))
    Event.objects.record(Event.Verb.FRAMEWORK_CREATED, by=by, target=f"{draft.code} {draft.version}")
    return draft


@transaction.atomic
def delete_draft(record: Framework, *, by: User) -> None:
    """Takes a draft away, with its history. Raises Refused for anything that is or was published."""
    record = Framework.objects.select_for_update().get(pk=record.pk)
    if not record.is_draft or record.assessments.exists() or record.following.exists():
        raise Refused(_("%(framework)s is in use and is not deleted") % {"framework": record})
    Event.objects.record(Event.Verb.FRAMEWORK_DELETED, by=by, target=f"{record.code} {record.version}")
    record.delete()


@transaction.atomic
def retire(record: Framework, *, by: User | None = None) -> None:
    """No new rounds; rounds that rest on the version keep it. Raises Refused where it is not published, or not any more."""
    published = Framework.objects.select_for_update().filter(pk=record.pk, state=Framework.State.PUBLISHED)
    if published.first() is None:
        raise Refused(_("%(framework)s is not published, or not any more") % {"framework": record})
    record.state, record.retired_by, record.retired_at = Framework.State.RETIRED, by, timezone.now()
    record.save(update_fields=["state", "retired_by", "retired_at"])
    Event.objects.record(Event.Verb.RETIRED, by=by, target=f"{record.code} {record.version}")


def mark_of(record: Framework, content: outline.Framework) -> str:
    """Another one after every change, be it of the content or of the state."""
    return sha256(repr((record.pk, record.state, content)).encode()).hexdigest()


def write_framework(wanted: outline.Framework, record: Framework | None) -> Framework:
    """A draft that no round uses yet is written anew below its own row."""
    if record and record.pk:
        if record.assessments.exists():
            raise Refused(_("%(framework)s is used by a round") % {"framework": record})
        for children in (record.lenses, record.sources, record.levels, record.targets):
            children.all().delete()
    record = record or Framework()
    for name, value in columns("framework", wanted).items():
        setattr(record, name, value)
    record.save()
    Level.objects.bulk_create(Level(framework=record, **columns("level", x)) for x in wanted.scale)
    TargetProfile.objects.bulk_create(
        TargetProfile(framework=record, order=i, **columns("target", x)) for i, x in enumerate(wanted.targets)
    )
    _write_dimensions(wanted, record, _write_sources(wanted, record))
    return record


def _write_sources(wanted: outline.Framework, record: Framework) -> dict[str, Passage]:
    sources = Source.objects.bulk_create(
        Source(framework=record, order=i, **columns("source", x)) for i, x in enumerate(wanted.sources)
    )
    passages = Passage.objects.bulk_create(
        Passage(source=source, order=i, **columns("passage", x))
        for source, i, x in _children(sources, [x.passages for x in wanted.sources])
    )
    return {str(passage): passage for passage in passages}


def _write_dimensions(wanted: outline.Framework, record: Framework, passages: Mapping[str, Passage]) -> None:
    """Storey by storey, each in one statement; children keep their parents' order and their own."""
    lenses = Lens.objects.bulk_create(
        Lens(framework=record, order=i, **columns("lens", x)) for i, x in enumerate(wanted.lenses)
    )
    below = _children(lenses, [x.dimensions for x in wanted.lenses])
    dimensions = Dimension.objects.bulk_create(
        Dimension(framework=record, lens=lens, order=i, **columns("dimension", x)) for lens, i, x in below
    )
    write_citations("dimension", dimensions, [x for _lens, _i, x in below], passages)
    below = _children(dimensions, [x.facets for _lens, _i, x in below])
    facets = Facet.objects.bulk_create(
        Facet(framework=record, dimension=dimension, order=i, **columns("facet", x)) for dimension, i, x in below
    )
    _write_criteria(record, _children(facets, [x.criteria for _dimension, _i, x in below]), passages)


def _write_criteria(record: Framework, below: list[tuple[Any, int, Any]], passages: Mapping[str, Passage]) -> None:
    given = [x for _facet, _i, x in below]
    criteria = Criterion.objects.bulk_create(
        Criterion(framework=record, facet=facet, order=i, **columns("criterion", x)) for facet, i, x in below
    )
    write_descriptors(criteria, given)
    write_citations("criterion", criteria, given, passages)


def write_descriptors(criteria: list[Criterion], given: list[outline.Criterion]) -> None:
    LevelDescriptor.objects.bulk_create(
        LevelDescriptor(criterion=criterion, **columns("descriptor", x))
        for criterion, _i, x in _children(criteria, [x.levels for x in given])
    )


def write_citations(kind: str, owners: list, given: list, passages: Mapping[str, Passage]) -> None:
    Citation.objects.bulk_create(
        Citation(**{kind: owner}, order=i, passage=passages[x.key], role=x.role)
        for owner, i, x in _children(owners, [x.cites for x in given])
    )


def _children(parents: list, given: list) -> list[tuple[Any, int, Any]]:
    """(parent's row, place among its siblings, outline) for every child of every parent."""
    return [(parent, i, x) for parent, items in zip(parents, given, strict=True) for i, x in enumerate(items)]


# The columns of each kind of part, children and citations aside.
COLUMNS = {
    "framework": "code version language name about crosswalks",
    "level": "level name threshold meaning",
    "source": "code title issuers number issued url edition",
    "passage": "locator status quote summary",
    "lens": "code name weight",
    "dimension": "code name kind start end weight",
    "facet": "code name weight",
    "criterion": "code title statement guidance weight key effort owner measure tags suffices falls_short replaces carry",
    "descriptor": "level descriptor evidence next",
    "target": "code name levels",
}


def columns(kind: str, given: Any) -> dict[str, Any]:
    """What the table of this kind of part stores of an outline."""
    found = {name: _stored(getattr(given, name)) for name in COLUMNS[kind].split()}
    return found | ({"locator_id": given.id} if kind == "passage" else {})


def _stored(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value
