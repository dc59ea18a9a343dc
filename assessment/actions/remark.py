"""What people add to a round's report: their own words, version by version, and who improves what until when."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.actions.outcome import Overtaken, Refused, WrongState
from assessment.actions.response import lock
from assessment.models import Assessment, Event, Improvement, Remark, User

Wish = Mapping[str, tuple[str, date | None]]


def must_take_remarks(record: Assessment) -> None:
    """Raises WrongState for rounds that are only read. Approval is no hindrance: the answers are frozen, not the report."""
    if record.is_draft:
        raise WrongState(_("The report is written once the round is open."))
    if record.is_moved or record.is_undone:
        raise WrongState(_("This round is only read; write where its answers went on."))


@transaction.atomic
def write_remark(
    record: Assessment,
    code: str,
    texts: Mapping[str, str],
    *,
    seen: Mapping[str, int],
    language: str,
    by: User,
    report: str = Remark.Report.GAP,
) -> list[Remark]:
    """Adds a version at each of the places whose text changes; an empty text takes the words back.

    `texts` by place: all places of one spot, such as the two of a recommendation; `seen`: the numbers of the versions
    that the person saw. Raises Overtaken where somebody saved meanwhile, at any of the places.
    """
    record = lock(record)
    must_take_remarks(record)
    now = latest_remarks(record, code, texts, language, report)
    if any((row.number if row else 0) != seen.get(place, 0) for place, row in now.items()):
        raise Overtaken(_("Somebody saved here after you had opened the page."))
    return _write(record, code, texts, now, {"report": report, "language": language, "by": by})


@transaction.atomic
def restore_remark(
    record: Assessment,
    code: str,
    places,
    place: str,
    number: int,
    *,
    language: str,
    by: User,
    report: str = Remark.Report.GAP,
) -> Remark:
    """An earlier version becomes the newest one; other `places` of the spot become empty. Raises Refused if it is none."""
    record = lock(record)
    must_take_remarks(record)
    old = record.remarks.filter(report=report, language=language, code=code, place=place, number=number).first()
    if old is None or place not in places:
        raise Refused(_("There is no such version."))
    texts = {other: old.text if other == place else "" for other in places}
    now = latest_remarks(record, code, places, language, report)
    made = _write(record, code, texts, now, {"report": report, "language": language, "by": by})
    return next((row for row in made if row.place == place), old)


def latest_remarks(
    record: Assessment, code: str, places, language: str, report: str = Remark.Report.GAP
) -> dict[str, Remark | None]:
    """The newest version at each of the places, None where nobody wrote yet."""
    rows = record.remarks.filter(report=report, language=language, code=code, place__in=list(places))
    found = {row.place: row for row in rows.newest().select_related("by")}
    return {place: found.get(place) for place in places}


def _write(record, code, texts, now, given) -> list[Remark]:
    made = []
    for place, text in texts.items():
        last = now[place]
        if text != (last.text if last else ""):
            number = last.number + 1 if last else 1
            made.append(record.remarks.create(number=number, place=place, code=code, text=text, **given))
    for row in made:
        words = " · ".join(filter(None, (row.get_report_display(), row.get_place_display(), code)))
        Event.objects.record(
            Event.Verb.REMARKED,
            by=row.by,
            assessment=record,
            target=words,
            version=row.number,
            language=row.get_language_display(),
        )
    return made


@transaction.atomic
def set_improvements(record: Assessment, wanted: Wish, *, by: User) -> int:
    """Owner and day by criterion, for those that change; gives how many did. Both empty: nobody's yet."""
    record = lock(record)
    must_take_remarks(record)
    known = set(record.framework.outline().criteria)
    if strange := set(wanted) - known:
        raise Refused(_("%(code)s is no criterion of this round.") % {"code": min(strange)})
    now = {row.criterion: (row.owner, row.due_on) for row in record.improvements.all()}
    changed = {code: wish for code, wish in wanted.items() if wish != now.get(code, ("", None))}
    record.improvements.filter(criterion__in=changed).delete()
    rows = [Improvement(assessment=record, criterion=c, owner=o, due_on=d) for c, (o, d) in changed.items() if o or d]
    Improvement.objects.bulk_create(rows)
    if changed:
        target = " ".join(sorted(changed))
        Event.objects.record(Event.Verb.IMPROVEMENTS_SET, by=by, assessment=record, target=target, rows=len(changed))
    return len(changed)
