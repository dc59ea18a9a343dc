"""Import a round, answer, declare it final, reopen it."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from assessment import outline
from assessment.actions.outcome import Outcome, Overtaken, Refused
from assessment.models import Assessment, City, Evidence, Framework, Response, User


@transaction.atomic
def import_assessment(wanted: outline.Assessment, framework: Framework, city: City) -> tuple[Assessment, Outcome]:
    """Creates the round or replaces it whole. Raises Refused for a final round."""
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
    _write_evidence(zip(responses, given, strict=True))


def _write_evidence(answered: Iterable[tuple[Response, outline.Response]]) -> None:
    Evidence.objects.bulk_create(
        Evidence(response=response, order=i, title=e.title, url=e.url, reference=e.reference, as_of=e.as_of)
        for response, given in answered
        for i, e in enumerate(given.evidence)
    )


@transaction.atomic
def answer(record: Assessment, wanted: outline.Response, *, by: User, seen: str) -> Response:
    """Saves one answer whole, evidence included; `seen` is the fingerprint of the answer that the person changed.

    Raises Overtaken when something else is stored by now, Refused when the round is final.
    """
    record = Assessment.objects.select_for_update().get(pk=record.pk)
    if not record.is_open:
        raise Refused(_("%(assessment)s is final; nothing was saved") % {"assessment": record})
    criterion = record.framework.criteria.get(code=wanted.criterion)
    response = record.responses.select_related("saved_by").filter(criterion=criterion).first()
    stored = response.outline() if response else outline.Response(wanted.criterion)
    if stored.fingerprint not in (seen, wanted.fingerprint):
        raise Overtaken(stored, response.saved_by if response else None)
    response = response or Response(assessment=record, criterion=criterion)
    response.level, response.target, response.saved_by = wanted.level, wanted.target, by
    response.rationale, response.not_applicable = wanted.rationale, wanted.not_applicable
    response.save()
    response.evidence.all().delete()
    _write_evidence([(response, wanted)])
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
