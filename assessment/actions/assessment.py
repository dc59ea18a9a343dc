"""Import a round, answer, declare it final, reopen it."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from assessment import outline
from assessment.actions.outcome import Outcome, Refused
from assessment.models import Assessment, City, Evidence, Framework, Response, User


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
