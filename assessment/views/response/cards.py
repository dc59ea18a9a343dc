"""What a card shows: the question, the answer, last round's or that before a move, whose turn it is, what came back;
and two answers side by side."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessment import access, outline
from assessment.forms import ResponseForm, fit
from assessment.migrating import Row
from assessment.models import Assessment, Assignment, Response, Return
from assessment.reports.content import Cite, References
from assessment.reports.differences import Apart, rewordings


@dataclass(frozen=True)
class Card:
    """`seen` is the version that the next save is compared with."""

    form: ResponseForm
    cites: tuple[Cite, ...]
    target: int | None = None
    row: Response | None = None
    last: Response | None = None
    move: Row | None = None
    changes: list[Apart] = field(default_factory=list)
    given: Assignment | None = None
    returns: list[Return] = field(default_factory=list)
    comments: int = 0
    is_mine: bool = False
    conflict: list[dict] = field(default_factory=list)

    @property
    def criterion(self):
        return self.form.criterion

    @property
    def seen(self) -> int:
        if self.form.is_bound and self.form.errors and not self.form.conflicts:
            return self.form.shown
        return self.row.version if self.row else 0

    @property
    def is_unconfirmed(self) -> bool:
        return bool(self.row and self.row.is_unconfirmed)

    @property
    def last_words(self) -> str:
        return _choice(self.last)

    @property
    def is_to_confirm(self) -> bool:
        """Whether there is an answer that somebody must say still holds."""
        return self.is_unconfirmed and bool(self.row and (self.row.level is not None or self.row.not_applicable))

    @property
    def before(self) -> list[tuple[str, str]]:
        """What was answered before the round moved to this version: codes, each with its choice."""
        return [(answer.criterion, _choice(answer)) for answer in self.move.old] if self.move else []


def _choice(answer: Response | outline.Response | None) -> str:
    if answer is None or (answer.level is None and not answer.not_applicable):
        return ""
    return _("N/A") if answer.level is None else _("level %(level)d") % {"level": answer.level}


def forms_of(framework, dimension, answers, data=None) -> list[ResponseForm]:
    stored = {response.criterion: response for response in answers.responses}
    return [
        ResponseForm(criterion, framework.highest, stored.get(criterion.code, outline.Response(criterion.code)), data)
        for criterion in dimension.criteria
    ]


def cards_of(assessment: Assessment, seat, forms: list[ResponseForm], rows: list[Response]) -> list[Card]:
    """The cards with all that stands around their fields, in a number of queries that does not grow with them."""
    framework, by_code = assessment.framework.outline(), {row.criterion.code: row for row in rows}
    codes = [form.criterion.code for form in forms]
    references = References(framework, get_language())
    profile = framework.target(assessment.target.code) if assessment.target else None
    answerable, given = access.answerable(assessment, seat), access.assigned(assessment)
    last, returns, comments = _last(assessment, codes), _returns(assessment, codes), _comments(assessment, seat, codes)
    moves = _moves(assessment)
    changes = _changes(assessment, [moves[code] for code in codes if code in moves and _waits(by_code.get(code))])
    return [
        Card(
            form=form,
            cites=references.cite(form.criterion.cites),
            target=profile.level_for(form.criterion) if profile else None,
            row=by_code.get(code),
            last=last.get(code),
            move=moves.get(code),
            changes=changes.get(code, []),
            given=given.get(code),
            returns=returns[code],
            comments=comments[code],
            is_mine=code in answerable,
            conflict=side_by_side(form, framework, form.stored) if form.conflicts else [],
        )
        for code, form in zip(codes, forms, strict=True)
    ]


def preview_cards(framework: outline.Framework, dimension: outline.Dimension) -> list[Card]:
    """The cards of a dimension that nobody has answered yet, for those who write the criteria."""
    references = References(framework, get_language())
    blank = outline.Assessment(outline.City("", ""), "", framework.code, framework.version)
    return [Card(form, references.cite(form.criterion.cites)) for form in forms_of(framework, dimension, blank)]


def _last(assessment: Assessment, codes: list[str]) -> dict[str, Response]:
    if assessment.previous_id is None:
        return {}
    rows = Response.objects.filter(assessment=assessment.previous_id, criterion__code__in=codes)
    return {row.criterion.code: row for row in rows.select_related("criterion")}


def _moves(assessment: Assessment) -> dict[str, Row]:
    """What each answer came from, where the round came from another version."""
    migration = getattr(assessment, "migration", None)
    rows = [Row.read(told) for told in migration.plan] if migration else []
    return {row.new.criterion: row for row in rows if row.new}


def _waits(row: Response | None) -> bool:
    return bool(row and row.is_unconfirmed)


def _changes(assessment: Assessment, rows: list[Row]) -> dict[str, list[Apart]]:
    """By code of what waits to be confirmed, how its words differ from those that were answered."""
    if not rows:
        return {}
    source = Assessment.objects.select_related("framework").get(pk=assessment.migration.source_id)
    old, new = source.framework.outline().criteria, assessment.framework.outline().criteria
    return {
        row.new.criterion: rewordings([old[answer.criterion] for answer in row.old], new[row.new.criterion])
        for row in rows
        if row.new
    }


def _returns(assessment: Assessment, codes: list[str]) -> dict[str, list[Return]]:
    found: dict[str, list[Return]] = defaultdict(list)
    rows = assessment.returns.filter(settled_at=None, criterion__code__in=codes)
    for row in rows.annotate(code=F("criterion__code")).select_related("returned_by"):
        found[row.code].append(row)
    return found


def _comments(assessment: Assessment, seat, codes: list[str]) -> Counter[str]:
    visible = assessment.comments.visible_to_seat(seat.may("note")).filter(criterion__code__in=codes)
    return Counter(visible.order_by().values_list("criterion__code", flat=True))


# Two answers side by side


def labels() -> dict[str, str]:
    """What the fields of an answer are called, as they are merged."""
    return {"choice": _("Level"), "target": _("Own target"), "rationale": _("Rationale"), "evidence": _("Evidence")}


def side_by_side(form: ResponseForm, framework: outline.Framework, theirs: outline.Response) -> list[dict]:
    """Both versions of the fields that two people changed."""
    mine = form.typed
    are_two = bool(theirs.rationale) and bool(mine.rationale)
    is_fitting = fit(theirs.rationale, mine.rationale)
    return [
        {
            "field": field,
            "name": form.add_prefix(f"choose-{field}"),
            "label": labels()[field],
            "theirs": _told(theirs, field, framework),
            "mine": _told(mine, field, framework),
            "can_join": field == "rationale" and are_two and is_fitting,
            "too_long_for": outline.LONGEST_TEXT if field == "rationale" and not is_fitting else 0,
        }
        for field in form.conflicts
    ]


def _told(answer: outline.Response, field: str, framework: outline.Framework) -> str:
    if field == "rationale":
        return answer.rationale or _("(empty)")
    if field == "target":
        return _("(empty)") if answer.target is None else _level(answer.target, framework)
    if answer.not_applicable:
        return _("N/A: %(reason)s") % {"reason": answer.not_applicable}
    return _("Not answered yet") if answer.level is None else _level(answer.level, framework)


def _level(level: int, framework: outline.Framework) -> str:
    return f"{_('level %(level)d') % {'level': level}} {framework.scale[level].name.to(get_language())}"
