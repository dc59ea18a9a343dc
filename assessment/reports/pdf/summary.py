"""Open this for the one-page summary: the figures, what they come to, what to do first, how sure they are."""

from collections import Counter
from collections.abc import Sequence
from itertools import batched

from django.utils.translation import gettext as _

from assessment.reports import words
from assessment.reports.content.facts import Content, GapItem, KeyLevel, Strength
from assessment.reports.pdf import look
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.table import PAD_X, Table
from assessment.reports.typeset import Run, Style

ROW_OF_BOXES = 74.0
FEW, MANY = 5, 4  # boxes on one row while all fit there, else on each of several
COLUMNS = (138, 74, look.MEASURE - 212)  # of the strengths and gaps
MOST = 4  # dimensions that are named where it could name all


def summary(book: Book, content: Content) -> None:
    """One page that stands for all."""
    book.chapter = _("One-page summary")
    book.new_page()
    book.heading(_("One-page summary"), 1, "summary")
    _verdict(book, content)
    _judgement(book, content)
    _caps(book, content)
    _strengths(book, content)
    _worst(book, content)
    _how_sure(book, content)


def _verdict(book: Book, content: Content) -> None:
    boxes = _boxes(content)
    rows = list(batched(boxes, FEW if len(boxes) <= FEW else MANY, strict=False))
    height = ROW_OF_BOXES * len(rows)
    book.fill(look.LEFT, book.y, look.MEASURE, height, look.SHADE)
    book.fill(look.LEFT, book.y, 3, height, look.ACCENT)
    width = look.MEASURE / max(len(rows[0]), MANY)
    with book.tag("L"):
        for row, some in enumerate(rows):
            for column, box in enumerate(some):
                place = look.LEFT + 16 + column * width, book.y - row * ROW_OF_BOXES
                with book.tag("LI"):
                    _box(book, box, place, width - 10, first=not row and not column)
    book.y -= height + 10


def _boxes(content: Content) -> list[tuple[str, str, str]]:
    """Name, figure and note of each. A single lens says what the whole says: coverage and evidence stand in its place."""
    s = content.summary
    lenses = [(x.name, words.points(x.standing.score), _level(content, x.standing.level)) for x in s.lenses]
    if len(lenses) == 1:
        answered = _("%(answered)s of %(all)s answered") % {"answered": s.answered, "all": content.method.criteria}
        lenses = [(_("Coverage"), words.share(s.overall.coverage), answered)]
        lenses.append((_("Evidence"), words.share(s.evidence), _("of the levels claimed")))
    gaps = _("gaps: %(count)s") % {"count": len(content.improvements)}
    whole = (_("Overall score"), words.points(s.overall.score), _level(content, s.overall.level))
    return [whole, *lenses, (_("With every gap closed"), words.points(s.at_target), gaps)]


def _box(book: Book, box: tuple[str, str, str], place: tuple[float, float], width: float, *, first: bool) -> None:
    (x, top), (name, value, note) = place, box
    name, note = (book.setter.fitted(text, Style(8.2, 700), width) for text in (name, note))
    with book.tag("Lbl"):
        book.label(x, top - 18, name, 8.2, "start", look.CELL_GREY.colour, False)
    with book.tag("LBody"):
        book.label(x, top - 44, value, 22 if first else 18, "start", look.DEEP, True)
        book.label(x, top - 62, note, 8.2, "start", look.BODY.colour, first)


def _level(content: Content, level: int | None) -> str:
    return _("no level yet") if level is None else f"{words.level(level)} {content.level_name(level)}".strip()


def _judgement(book: Book, content: Content) -> None:
    book.heading(_("In short"), 3)
    book.write(judgement(content), look.WIDE, look.WIDE_LEADING)


def judgement(content: Content) -> str:
    """What the figures come to, in words: high and low, how many gaps, where the critical ones are, what is lopsided."""
    sentences = (_high_and_low(content), _gap_counts(content), _where_critical(content), _lopsided(content))
    return "".join(filter(None, sentences))


def _high_and_low(content: Content) -> str:
    """Of the dimensions with a level: a score that rests on a few answers is not compared."""
    rated = [section for section in content.sections if section.standing.level is not None]
    if not rated:
        text = _("Only %(answered)s of %(all)s criteria are answered; what follows speaks of these alone.")
        return text % {"answered": content.summary.answered, "all": content.method.criteria}
    ranked = sorted(rated, key=lambda section: -(section.standing.score or 0))
    best, worst = ranked[0], ranked[-1]
    if len(rated) == 1:
        named = {"dimension": f"{best.code} {best.name}", "score": words.points(best.standing.score)}
        return _("%(dimension)s scores %(score)s.") % named
    facts = {
        "count": len(rated),
        "best": f"{best.code} {best.name}",
        "high": words.points(best.standing.score),
        "worst": f"{worst.code} {worst.name}",
        "low": words.points(worst.standing.score),
    }
    if facts["high"] == facts["low"]:
        return _("The %(count)s dimensions with a level score %(high)s.") % facts
    return (
        _("Of the %(count)s dimensions with a level %(best)s scores highest (%(high)s), %(worst)s lowest (%(low)s).")
        % facts
    )


def _gap_counts(content: Content) -> str:
    if not content.improvements:
        return ""
    text = _(" %(count)s criteria lie below their target: %(critical)s critical, %(major)s major, %(minor)s minor.")
    counts = {name: content.summary.counts.get(name, 0) for name in ("critical", "major", "minor")}
    return text % {"count": len(content.improvements), **counts}


def _where_critical(content: Content) -> str:
    found = Counter(
        f"{g.dimension} {g.dimension_name}" for s in content.sections for g in s.gaps if g.severity == "critical"
    )
    places = [_("%(dimension)s (%(count)s)") % {"dimension": d, "count": n} for d, n in found.most_common(MOST)]
    return _(" Most critical gaps: %(places)s.") % {"places": words.listed(places)} if places else ""


def _lopsided(content: Content) -> str:
    places = [
        _("%(dimension)s (%(side)s higher by %(points)s)")
        % {
            "dimension": f"{balance.code} {balance.name}",
            "side": balance.sides[0 if (balance.tilt or 0) > 0 else 1].name,
            "points": words.points(abs(balance.tilt or 0)),
        }
        for balance in (section.balance for section in content.sections)
        if balance and balance.balance == "lopsided"
    ]
    return _(" Lopsided: %(places)s.") % {"places": words.listed(places)} if places else ""


def _caps(book: Book, content: Content) -> None:
    caps = content.summary.caps
    book.heading(_("What limits the level"), 3)
    if not caps:
        unheld = _("No dimension is held down by a key criterion.")
        book.write(unheld if _any_level(content) else _no_level(), look.WIDE, look.WIDE_LEADING)
        return
    bold, plain = look.WIDE_NAVY, look.WIDE
    pieces = [
        [
            Run(f"{cap.code} {cap.name}", bold, f"section:{cap.code}"),
            Run(
                _(" (score %(by_score)s, held at %(level)s by %(keys)s)")
                % {
                    "by_score": words.level(cap.level_by_score),
                    "level": words.level(cap.level),
                    "keys": words.listed(_key(key) for key in cap.by),
                },
                plain,
            ),
        ]
        for cap in caps[:MOST]
    ]
    if len(caps) > MOST:
        pieces.append([Run(_("the others under the overall results"), plain, "results")])
    head = Run(_("A key criterion holds these %(count)s dimensions below their score: ") % {"count": len(caps)}, plain)
    runs = [
        run for number, piece in enumerate(pieces) for run in ([Run(words.stop("；"), plain)] if number else []) + piece
    ]
    book.write([head, *runs, Run(words.stop("。"), plain)], leading=look.WIDE_LEADING)


def _key(key: KeyLevel) -> str:
    return f"{key.code} {key.title}"


def _strengths(book: Book, content: Content) -> None:
    book.heading(_("Strengths"), 3)
    if not content.summary.strengths:
        unreached = _("No dimension has reached level 1 yet.") if _any_level(content) else _no_level()
        book.write(unreached, look.WIDE, look.WIDE_LEADING)
        return
    table = _table(book, COLUMNS)
    for item in content.summary.strengths:
        carriers = _short(book, _carriers(item), COLUMNS[2])
        table.add([_dimension(item), f"{words.points(item.score)} · {words.level(item.level)}", carriers])
    table.draw()


def _any_level(content: Content) -> bool:
    return any(section.standing.level is not None for section in content.sections)


def _no_level() -> str:
    return _("Too few criteria are answered for any dimension to be given a level.")


def _table(book: Book, widths: Sequence[float]) -> Table:
    return Table(book, widths, style=look.WIDE, leading=look.WIDE_LEADING)


def _dimension(item: Strength) -> Run:
    return Run(f"{item.code} {item.name}", look.WIDE_NAVY, f"section:{item.code}")


def _carriers(item: Strength) -> str:
    best = words.listed(_key(key) for key in item.best)
    return _("Carried by %(criteria)s (%(level)s)") % {"criteria": best, "level": words.level(item.best[0].level)}


def _worst(book: Book, content: Content) -> None:
    book.heading(_("Gaps to close first"), 3)
    if not content.summary.gaps:
        book.write(_("No answered criterion lies below its target."), look.WIDE, look.WIDE_LEADING)
        return
    table = _table(book, COLUMNS)
    for gap in content.summary.gaps:
        step = _short(book, gap.actions[0].text if gap.actions else "", COLUMNS[2])
        table.add([_gap_name(book, gap), _gap_size(gap), [Run(step, look.WIDE), *_marks(gap)]])
    table.draw()


def _short(book: Book, text: str, width: float) -> str:
    """About three lines of a column: what is longer stands in full where it belongs, and would push this off its page."""
    return book.setter.fitted(text, look.WIDE, 2.9 * (width - 2 * PAD_X))


def _gap_name(book: Book, gap: GapItem) -> list[Run]:
    return [Run(_short(book, f"{gap.code} {gap.title}", COLUMNS[0]), look.WIDE_NAVY, f"criterion:{gap.code}")]


def _gap_size(gap: GapItem) -> list[Run]:
    return [
        Run(words.severity(gap.severity), look.coloured(gap.severity, 9.2)),
        Run(f" {gap.level}→{gap.target}\n", look.WIDE),
        Run(_("gain %(gain)s") % {"gain": words.signed(gap.gain)}, look.WIDE_GREY),
    ]


def _marks(gap: GapItem) -> list[Run]:
    return [look.mark(cite.number) for cite in gap.cites]


def _how_sure(book: Book, content: Content) -> None:
    book.heading(_("How sure these figures are"), 3)
    rows = [
        (_("Bounds"), _bounds(content)),
        (_("Coverage"), _coverage(content)),
        (_("Evidence"), _evidence(content)),
        (_("Review"), _review(content)),
    ]
    if content.summary.na:
        strict = _("%(strict)s: the score with every criterion that was set aside counted as level 0.")
        rows.insert(1, (_("Strict"), strict % {"strict": words.points(content.summary.overall.strict)}))
    table = _table(book, [70, look.MEASURE - 70])
    for name, text in rows:
        table.add([Run(name, look.WIDE_NAVY), text])
    table.draw()


def _bounds(content: Content) -> str:
    overall, blank = content.summary.overall, content.summary.blank
    text = (
        _(
            "%(low)s to %(high)s: the score with all %(blank)s unanswered criteria at the lowest and at the highest level."
        )
        if blank
        else _("%(low)s to %(high)s: nothing is left blank, so both equal the score.")
    )
    return text % {"low": words.points(overall.low), "high": words.points(overall.high), "blank": blank}


def _review(content: Content) -> str:
    s = content.summary
    if not s.verified:
        return _("No level has been verified yet: all are self-assessed.")
    text = _("%(verified)s levels are verified; %(differing)s of them differ from the self-assessed ones.")
    return text % {"verified": s.verified, "differing": s.differing}


def _coverage(content: Content) -> str:
    s = content.summary
    return _("%(share)s: %(answered)s of %(all)s criteria answered, %(blank)s blank, %(na)s not applicable.") % {
        "share": words.share(s.overall.coverage),
        "answered": s.answered,
        "all": content.method.criteria,
        "blank": s.blank,
        "na": s.na,
    }


def _evidence(content: Content) -> str:
    if content.summary.evidence is None:
        return _("No criterion is at level 1 or higher yet.")
    text = _("%(share)s of the criteria answered at level 1 or higher name at least one piece of evidence.")
    return text % {"share": words.share(content.summary.evidence)}
