"""Verbs over several records, each in one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count
from typing import Any, Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment import outline
from assessment.models import (
    Assessment,
    Citation,
    City,
    Criterion,
    Dimension,
    Evidence,
    Facet,
    Framework,
    Lens,
    Level,
    LevelDescriptor,
    Passage,
    Response,
    Source,
    TargetProfile,
    User,
)

Outcome = Literal["created", "updated", "unchanged"]


class Refused(Exception):
    """What was asked cannot be done; the message says why, in the user's language."""


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


def publish(record: Framework) -> None:
    """From now on the version never changes."""
    record.state, record.published_at = Framework.State.PUBLISHED, timezone.now()
    record.save(update_fields=["state", "published_at"])


@transaction.atomic
def copy_as_draft(record: Framework) -> Framework:
    """The same framework once more, to be edited; its version bears a `-draft` until somebody names it."""
    taken = set(Framework.objects.filter(code=record.code).values_list("version", flat=True))
    names = (f"{record.version[:40]}-draft{number or ''}" for number in count())
    version = next(name for name in names if name not in taken)
    return _write_framework(replace(record.outline(), version=version), None)


def retire(record: Framework) -> None:
    """No new rounds; rounds that rest on the version keep it."""
    record.state = Framework.State.RETIRED
    record.save(update_fields=["state"])


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
    common = {"framework": record}
    lenses = Lens.objects.bulk_create(
        Lens(**common, order=i, code=x.code, name=dict(x.name), weight=x.weight) for i, x in enumerate(wanted.lenses)
    )
    given_dimensions = [
        (lens, i, x) for lens, given in zip(lenses, wanted.lenses, strict=True) for i, x in enumerate(given.dimensions)
    ]
    dimensions = Dimension.objects.bulk_create(
        Dimension(
            **common,
            lens=lens,
            order=i,
            code=x.code,
            name=dict(x.name),
            kind=x.kind,
            start=dict(x.start),
            end=dict(x.end),
            weight=x.weight,
        )
        for lens, i, x in given_dimensions
    )
    given_facets = [
        (dimension, i, x)
        for dimension, (_lens, _i, given) in zip(dimensions, given_dimensions, strict=True)
        for i, x in enumerate(given.facets)
    ]
    facets = Facet.objects.bulk_create(
        Facet(**common, dimension=dimension, order=i, code=x.code, name=dict(x.name), weight=x.weight)
        for dimension, i, x in given_facets
    )
    given_criteria = [
        (facet, i, x)
        for facet, (_d, _i, given) in zip(facets, given_facets, strict=True)
        for i, x in enumerate(given.criteria)
    ]
    criteria = Criterion.objects.bulk_create(
        Criterion(**common, facet=facet, order=i, **_criterion_values(x)) for facet, i, x in given_criteria
    )
    LevelDescriptor.objects.bulk_create(
        LevelDescriptor(
            criterion=criterion,
            level=x.level,
            descriptor=dict(x.descriptor),
            evidence=dict(x.evidence),
            next=dict(x.next),
        )
        for criterion, (_f, _i, given) in zip(criteria, given_criteria, strict=True)
        for x in given.levels
    )
    Citation.objects.bulk_create(
        Citation(**{kind: owner}, order=i, passage=passages[x.key], role=x.role)
        for kind, owners, given_owners in (
            ("dimension", dimensions, given_dimensions),
            ("criterion", criteria, given_criteria),
        )
        for owner, (_p, _i, given) in zip(owners, given_owners, strict=True)
        for i, x in enumerate(given.cites)
    )


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
    }


@transaction.atomic
def import_assessment(wanted: outline.Assessment, framework: Framework) -> tuple[Assessment, Outcome]:
    """Creates the round or replaces it whole. Raises Refused for an unknown city or a final round."""
    city = City.objects.filter(code=wanted.city.code).first()
    if not city:
        raise Refused(_("no city has the code %(code)s; an administrator adds it first") % {"code": wanted.city.code})
    if city.name != wanted.city.name:
        raise Refused(
            _("the city %(code)s is called %(name)s here, the file says %(other)s")
            % {"code": city.code, "name": city.name, "other": wanted.city.name}
        )
    record = Assessment.objects.select_for_update().filter(city=city, framework=framework, round=wanted.round).first()
    if record and not record.is_open:
        raise Refused(_("%(assessment)s is final and not replaced") % {"assessment": record})
    outcome: Outcome = "updated" if record else "created"
    record = record or Assessment(city=city, framework=framework, round=wanted.round)
    record.target = framework.targets.filter(code=wanted.target).first()
    record.title, record.as_of = wanted.title, wanted.as_of
    record.save()
    record.responses.all().delete()
    _write_responses(record, wanted.responses)
    return record, outcome


def _write_responses(record: Assessment, wanted: Iterable[outline.Response]) -> None:
    criteria = {criterion.code: criterion for criterion in record.framework.criteria.all()}
    given = list(wanted)
    responses = Response.objects.bulk_create(
        Response(
            assessment=record,
            criterion=criteria[x.criterion],
            level=x.level,
            target=x.target,
            rationale=x.rationale,
            not_applicable=x.not_applicable,
            verified_level=x.verified_level,
        )
        for x in given
    )
    Evidence.objects.bulk_create(
        Evidence(response=response, order=i, title=e.title, url=e.url, reference=e.reference, as_of=e.as_of)
        for response, x in zip(responses, given, strict=True)
        for i, e in enumerate(x.evidence)
    )


@transaction.atomic
def answer(record: Assessment, wanted: outline.Response, *, by: User) -> Response:
    """Saves one answer whole, evidence included. Raises Refused when the round is final."""
    record = Assessment.objects.select_for_update().get(pk=record.pk)
    if not record.is_open:
        raise Refused(_("%(assessment)s is final; nothing was saved") % {"assessment": record})
    criterion = record.framework.criteria.get(code=wanted.criterion)
    response, _created = Response.objects.update_or_create(
        assessment=record,
        criterion=criterion,
        defaults={
            "level": wanted.level,
            "target": wanted.target,
            "rationale": wanted.rationale,
            "not_applicable": wanted.not_applicable,
            "saved_by": by,
        },
    )
    response.evidence.all().delete()
    Evidence.objects.bulk_create(
        Evidence(response=response, order=i, title=e.title, url=e.url, reference=e.reference, as_of=e.as_of)
        for i, e in enumerate(wanted.evidence)
    )
    return response


@transaction.atomic
def approve(record: Assessment) -> None:
    """Declares the round final: answers are locked, the report is no draft any more. Raises Refused while blanks remain."""
    record = Assessment.objects.select_for_update().get(pk=record.pk)
    blank = record.framework.criteria.count() - record.responses.exclude(level=None, not_applicable="").count()
    if blank:
        raise Refused(_("%(count)d criteria are still unanswered") % {"count": blank})
    Assessment.objects.filter(pk=record.pk).update(state=Assessment.State.APPROVED)


def reopen(record: Assessment) -> None:
    """Takes the round back to being filled in."""
    Assessment.objects.filter(pk=record.pk).update(state=Assessment.State.OPEN)
