"""Load, publish, retire and copy framework versions."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment import outline
from assessment.actions.golden import copy_golden_sets
from assessment.actions.outcome import Outcome, Refused
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
def load_framework(wanted: outline.Framework, *, should_publish: bool = False) -> Outcome:
    """Makes the stored version equal to the outline. Raises Refused when a published version would change."""
    record = Framework.objects.select_for_update().filter(code=wanted.code, version=wanted.version).first()
    outcome: Outcome = "updated" if record else "created"
    if record and record.outline() == wanted:
        outcome = "unchanged"
    elif record and not record.is_draft:
        raise Refused(
            _("%(code)s %(version)s is published and never changes; give the changed framework a new version")
            % {"code": wanted.code, "version": wanted.version}
        )
    else:
        record = _write_framework(wanted, record)
    if should_publish and record.is_draft:
        publish(record)
        outcome = "updated" if outcome == "unchanged" else outcome
    return outcome


@transaction.atomic
def publish(record: Framework, *, by: User | None = None) -> None:
    """From now on the version never changes."""
    record.state, record.published_at = Framework.State.PUBLISHED, timezone.now()
    record.save(update_fields=["state", "published_at"])
    Event.objects.record(Event.Verb.PUBLISHED, by=by, target=f"{record.code} {record.version}")


@transaction.atomic
def copy_as_draft(record: Framework) -> Framework:
    """The same framework once more, to be edited; its version bears a `-draft` until somebody names it."""
    taken = set(Framework.objects.filter(code=record.code).values_list("version", flat=True))
    names = (f"{record.version[:40]}-draft{number or ''}" for number in count())
    version = next(name for name in names if name not in taken)
    draft = _write_framework(replace(record.outline(), version=version), None)
    copy_golden_sets(record, draft)
    return draft


@transaction.atomic
def retire(record: Framework, *, by: User | None = None) -> None:
    """No new rounds; rounds that rest on the version keep it."""
    record.state = Framework.State.RETIRED
    record.save(update_fields=["state"])
    Event.objects.record(Event.Verb.RETIRED, by=by, target=f"{record.code} {record.version}")


def _write_framework(wanted: outline.Framework, record: Framework | None) -> Framework:
    """A draft that no round uses yet is written anew below its own row."""
    if record:
        if record.assessments.exists():
            raise Refused(_("%(framework)s is used by a round") % {"framework": record})
        for parts in (record.lenses, record.sources, record.levels, record.targets):
            parts.all().delete()
    record = record or Framework(code=wanted.code, version=wanted.version)
    record.language, record.name, record.about = wanted.language, dict(wanted.name), dict(wanted.about)
    record.crosswalks = dict(wanted.crosswalks)
    record.save()
    Level.objects.bulk_create(
        Level(framework=record, level=x.level, name=dict(x.name), threshold=x.threshold, meaning=dict(x.meaning))
        for x in wanted.scale
    )
    TargetProfile.objects.bulk_create(
        TargetProfile(framework=record, order=i, code=x.code, name=dict(x.name), levels=dict(x.levels))
        for i, x in enumerate(wanted.targets)
    )
    _write_dimensions(wanted, record, _write_sources(wanted, record))
    return record


def _write_sources(wanted: outline.Framework, record: Framework) -> dict[str, Passage]:
    sources = Source.objects.bulk_create(
        Source(
            framework=record,
            order=i,
            code=x.code,
            title=dict(x.title),
            issuers=list(x.issuers),
            number=x.number,
            issued=x.issued,
            url=x.url,
            edition=dict(x.edition),
        )
        for i, x in enumerate(wanted.sources)
    )
    passages = Passage.objects.bulk_create(
        Passage(
            source=source,
            order=i,
            locator_id=x.id,
            locator=dict(x.locator),
            status=x.status,
            quote=dict(x.quote),
            summary=dict(x.summary),
        )
        for source, given in zip(sources, wanted.sources, strict=True)
        for i, x in enumerate(given.passages)
    )
    return {str(passage): passage for passage in passages}


def _write_dimensions(wanted: outline.Framework, record: Framework, passages: Mapping[str, Passage]) -> None:
    """Storey by storey, each in one statement; children keep their parents' order and their own."""
    lenses = Lens.objects.bulk_create(
        Lens(framework=record, order=i, code=x.code, name=dict(x.name), weight=x.weight)
        for i, x in enumerate(wanted.lenses)
    )
    below = _children(lenses, [x.dimensions for x in wanted.lenses])
    dimensions = Dimension.objects.bulk_create(
        Dimension(framework=record, lens=lens, order=i, **_dimension_values(x)) for lens, i, x in below
    )
    _write_citations("dimension", dimensions, [x for _lens, _i, x in below], passages)
    below = _children(dimensions, [x.facets for _lens, _i, x in below])
    facets = Facet.objects.bulk_create(
        Facet(framework=record, dimension=dimension, order=i, code=x.code, name=dict(x.name), weight=x.weight)
        for dimension, i, x in below
    )
    _write_criteria(record, _children(facets, [x.criteria for _dimension, _i, x in below]), passages)


def _write_criteria(record: Framework, below: list[tuple[Any, int, Any]], passages: Mapping[str, Passage]) -> None:
    given = [x for _facet, _i, x in below]
    criteria = Criterion.objects.bulk_create(
        Criterion(framework=record, facet=facet, order=i, **_criterion_values(x)) for facet, i, x in below
    )
    LevelDescriptor.objects.bulk_create(
        LevelDescriptor(
            criterion=criterion,
            level=x.level,
            descriptor=dict(x.descriptor),
            evidence=dict(x.evidence),
            next=dict(x.next),
        )
        for criterion, _i, x in _children(criteria, [x.levels for x in given])
    )
    _write_citations("criterion", criteria, given, passages)


def _write_citations(kind: str, owners: list, given: list, passages: Mapping[str, Passage]) -> None:
    Citation.objects.bulk_create(
        Citation(**{kind: owner}, order=i, passage=passages[x.key], role=x.role)
        for owner, i, x in _children(owners, [x.cites for x in given])
    )


def _children(parents: list, given: list) -> list[tuple[Any, int, Any]]:
    """(parent's row, place among its siblings, outline) for every child of every parent."""
    return [(parent, i, x) for parent, items in zip(parents, given, strict=True) for i, x in enumerate(items)]


def _dimension_values(given: outline.Dimension) -> dict[str, Any]:
    return {
        "code": given.code,
        "name": dict(given.name),
        "kind": given.kind,
        "start": dict(given.start),
        "end": dict(given.end),
        "weight": given.weight,
    }


def _criterion_values(given: outline.Criterion) -> dict[str, Any]:
    return {
        "code": given.code,
        "title": dict(given.title),
        "statement": dict(given.statement),
        "guidance": dict(given.guidance),
        "weight": given.weight,
        "key": given.key,
        "effort": list(given.effort) if isinstance(given.effort, tuple) else given.effort,
        "owner": dict(given.owner),
        "measure": dict(given.measure),
        "tags": list(given.tags),
        "suffices": dict(given.suffices),
        "falls_short": dict(given.falls_short),
        "replaces": list(given.replaces),
        "carry": given.carry,
    }
