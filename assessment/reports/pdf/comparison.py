"""Open this for the chapters of the comparison of two rounds: from what changed as a whole to each criterion."""

from collections.abc import Iterable, Sequence
from itertools import batched

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.reports import charts, words
from assessment.reports.comparison import Comparison, CriterionChange, Movement
from assessment.reports.comparison import words as told
from assessment.reports.content.facts import Cover, Standing
from assessment.reports.pdf import front, look, own
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.sections import key_mark
from assessment.reports.pdf.table import PAD_X, Given, Table
from assessment.reports.typeset import Run

EM = 8.2
CHAPTERS = 18  # lines of the contents


def comparison(book: Book, content: Comparison) -> None:
    front.cover(book, content, _("Rounds compared"), _cover_rows(content))
    contents = front.reserve_contents(book, CHAPTERS)
    _summary(book, content)
    _dimensions(book, content)
    _criteria(book, content)
    _versions(book, content)
    _gaps(book, content)
    _method(book, content)
    front.fill_contents(book, contents)


def _cover_rows(content: Comparison) -> list[tuple[str, str]]:
    (before, after), blank = _covers(content), _("not given")
    rows = [(_("City"), after.city + words.aside(after.city_code))]
    for name, cover in ((_("Round before"), before), (_("Round after"), after)):
        day = words.day(cover.as_of) or blank
        title = cover.round + words.aside(cover.title) if cover.title else cover.round
        rows.append((name, _("%(round)s, as of %(day)s") % {"round": title, "day": day}))
    versions = before.version if content.is_same_version else f"{before.version} → {after.version}"
    framework = _("%(name)s, version %(version)s") % {"name": after.framework, "version": versions}
    return [*rows, (_("Framework"), framework), (_("Levels used"), words.basis(content.basis))]


def _covers(content: Comparison) -> tuple[Cover, Cover]:
    return content.before, content.after


# As a whole


def _summary(book: Book, content: Comparison) -> None:
    book.chapter = _("What changed")
    book.new_page()
    book.heading(_("What changed"), 1, "summary")
    book.write(told.verdict(content))
    book.space(8)
    _scores(book, content)
    book.space(10)
    _counts(book, content)
    _levels(book, content)
    if content.words:
        book.heading(_("In the authors' words"), 3)
        own.own_words(book, content.words, look.WIDE, look.WIDE_LEADING)


def _scores(book: Book, content: Comparison) -> None:
    """The whole and the lenses, each with what the difference is made of."""
    rows = [(_("Overall score"), content.overall)]
    rows += [(lens.name, lens) for lens in content.lenses] if len(content.lenses) > 1 else []
    table = _moving(book, _("Score"), content)
    for name, movement in rows:
        table.add([Run(name, look.CELL_NAVY), *_moved(movement, content)], _aligns(content))
    table.draw()


def _moving(book: Book, first: str, content: Comparison) -> Table:
    """A table of scores that move, its columns named."""
    narrow = 58
    count = 4 if content.is_same_version else 6
    table = Table(book, [look.MEASURE - narrow * count, *[narrow] * count])
    parts = [] if content.is_same_version else [_("Answers changed"), _("Criteria changed")]
    rounds = [book.setter.fitted(cover.round, look.CELL_NAVY, 2 * (narrow - 2 * PAD_X)) for cover in _covers(content)]
    titles = [first, *rounds, _("Difference"), *parts, _("Level")]
    table.head(titles, _aligns(content))
    return table


def _aligns(content: Comparison) -> str:
    return "lrrrc" if content.is_same_version else "lrrrrrc"


def _moved(movement: Movement, content: Comparison) -> list[Given]:
    parts = movement.parts
    made_of = [] if content.is_same_version else [words.signed(parts.answers), words.signed(parts.criteria)]
    return [
        words.points(_score(movement.before)),
        words.points(_score(movement.after)),
        Run(words.signed(parts.whole), look.CELL_BOLD),
        *made_of,
        told.new_level(movement),
    ]


def _score(standing: Standing | None) -> float | None:
    return standing.score if standing else None


def _counts(book: Book, content: Comparison) -> None:
    table = Table(book, [128, look.MEASURE - 128])
    facts = _facts(content)
    for name, text in facts:
        table.add([Run(name, look.CELL_NAVY), text], "lj")
    table.draw()


def _facts(content: Comparison) -> list[tuple[str, str]]:
    changes = dict.fromkeys((item.change for item in content.criteria), 0)
    for item in content.criteria:
        changes[item.change] += 1
    named = [(told.change(change), changes[change]) for change in told.CHANGES if change in changes]
    proof = content.proof
    evidence = _("%(before)s pieces before, %(after)s now, %(gained)s of them new; evidence share %(was)s, now %(is)s.")
    fates = [(told.gap(fate), len(content.gaps(fate))) for fate in ("closed", "opened", "kept", "dropped")]
    return [
        (_("Criteria"), words.listed((f"{name} {count}" for name, count in named), "；")),
        (_("Gaps"), words.listed((f"{name} {count}" for name, count in fates), "；")),
        (
            _("Evidence"),
            evidence
            % {
                "before": proof.before,
                "after": proof.after,
                "gained": proof.gained,
                "was": words.share(proof.share_before),
                "is": words.share(proof.share_after),
            },
        ),
    ]


def _levels(book: Book, content: Comparison) -> None:
    moved = [movement for movement in content.dimensions if movement.has_new_level]
    book.heading(_("Levels and what holds them down"), 3)
    lines = [
        _("%(dimension)s: level %(levels)s") % {"dimension": f"{m.code} {m.name}", "levels": told.new_level(m)}
        for m in moved
    ]
    lines += [told.capped(cap) for cap in content.caps]
    book.write(
        words.listed(lines, "；") + words.stop("。").strip()
        if lines
        else _("No dimension changed its level, and none is held down.")
    )


# Dimension by dimension


def _dimensions(book: Book, content: Comparison) -> None:
    book.begin(_("Dimensions"))
    book.heading(_("Dimensions"), 1, "dimensions", keep=320)
    ends = content.before.round, content.after.round
    for some in batched(told.slopes(content), charts.ON_A_SLOPE, strict=False):
        book.figure(charts.slopes(some, ends, look.MEASURE, EM))
        book.space(10)
    table = _moving(book, _("Dimension"), content)
    for movement in content.dimensions:
        name = Run(f"{movement.code} {movement.name}", look.CELL)
        table.add([name, *_moved(movement, content)], _aligns(content))
    table.draw()


# Criterion by criterion


def _criteria(book: Book, content: Comparison) -> None:
    book.begin(_("What improved"))
    book.heading(_("What improved"), 1, "improved")
    _list(book, content.of("improved"), _("No criterion improved."))
    book.begin(_("What fell"))
    book.heading(_("What fell"), 1, "fell")
    _list(book, content.of("fell"), _("No criterion fell."))
    book.begin(_("Other criteria"))
    book.heading(_("Other criteria"), 1, "others")
    states = content.of("answered", "applies", "unanswered", "excused")
    book.heading(_("Answered now, or not any more"), 2, "states", keep=60)
    _list(book, states, _("Every criterion is answered as before, or not, in both rounds."))
    _still(book, content)


def _still(book: Book, content: Comparison) -> None:
    """What stayed as it was, in few lines: the codes with their levels."""
    book.heading(_("Level unchanged"), 2, "unchanged", keep=60)
    rows = told.still(content)
    if not rows:
        book.write(_("No criterion kept its level."))
        return
    table = Table(book, [128, look.MEASURE - 128])
    table.head([_("Dimension"), _("Criteria, with their level")], "ll")
    for dimension, criteria in rows:
        table.add([Run(dimension, look.CELL_NAVY), criteria], "ll")
    table.draw()


def _list(book: Book, items: Sequence[CriterionChange], none: str) -> None:
    if not items:
        book.write(none)
        return
    table = Table(book, [look.MEASURE - 336, 56, 56, 56, 84, 84])
    titles = [
        _("Criterion"),
        _("Level before"),
        _("Level after"),
        _("Target"),
        pgettext("criterion", "Change"),
        _("Gap"),
    ]
    table.head(titles, "lcccll")
    for item in items:
        table.add(_row(item), "lcccll")
    table.draw()


def _row(item: CriterionChange) -> list[Given]:
    return [
        _name(item),
        told.level(item.before),
        Run(told.level(item.after), look.CELL_BOLD),
        told.targets(item),
        told.changed(item),
        told.gap(item.gap) or words.NOTHING,
    ]


def _name(item: CriterionChange) -> list[Run]:
    runs = [Run(f"{item.last.code} {item.last.title}", look.CELL), *key_mark(item.last.key)]
    origin = told.origin(item)
    return [*runs, Run(f"\n{origin}", look.CELL_GREY)] if origin else runs


def _versions(book: Book, content: Comparison) -> None:
    """What the framework itself made of its criteria."""
    book.begin(_("New and reworded criteria"))
    book.heading(_("New and reworded criteria"), 1, "versions")
    if content.is_same_version:
        book.write(_("Both rounds are on the same version of the framework: no criterion changed."))
        return
    _shifts(book, content)
    come_and_gone = content.of("added", "removed", "regrouped", "incomparable")
    book.heading(_("Come, gone, split or merged"), 2, "come-and-gone", keep=60)
    _list(book, come_and_gone, _("No criterion came or went."))
    book.heading(_("Reworded"), 2, "reworded", keep=60)
    items = content.rewordings
    if not items:
        book.write(_("No criterion was reworded."))
        return
    table = Table(book, [look.MEASURE - 300, 140, 80, 80])
    table.head([_("Criterion"), _("What of it"), _("Level"), pgettext("criterion", "Change")], "llcl")
    for item in items:
        levels = f"{told.level(item.before)}→{told.level(item.after)}"
        table.add([_name(item), told.parts(item.changed), levels, told.changed(item)], "llcl")
    table.draw()


def _shifts(book: Book, content: Comparison) -> None:
    """What counts otherwise without any answer: weights, key criteria, thresholds."""
    book.heading(_("Weights and settings changed"), 2, "shifts", keep=60)
    book.write(told.shifts_told(content))
    if not content.shifts:
        return
    table = Table(book, [look.MEASURE - 330, 60, 80, 80, 110])
    table.head(
        [_("Of what"), _("What of it"), _("Version before"), _("Version after"), _("Share of the total")], "llccc"
    )
    for item in content.shifts:
        after = Run(told.setting_after(item), look.CELL_BOLD)
        table.add(
            [told.shifted(item), told.setting(item), told.setting_before(item), after, told.shares(item)], "llccc"
        )
    table.draw()


def _gaps(book: Book, content: Comparison) -> None:
    book.begin(_("Gaps closed and opened"))
    book.heading(_("Gaps closed and opened"), 1, "gaps")
    parts = [
        (_("Gaps closed"), "closed", _("No gap was closed.")),
        (_("Gaps opened"), "opened", _("No gap opened.")),
        (_("Gaps no longer counted"), "dropped", _("No gap dropped out of the count.")),
        (_("Gaps that remain"), "kept", _("No gap remains.")),
    ]
    for title, fate, none in parts:
        items = content.gaps(fate)  # type: ignore[arg-type]
        book.heading(
            pgettext("heading", "%(title)s: %(count)s") % {"title": title, "count": len(items)},
            2,
            f"gap-{fate}",
            keep=60,
        )
        _list_of_gaps(book, items, none)


def _list_of_gaps(book: Book, items: Iterable[CriterionChange], none: str) -> None:
    rows = list(items)
    if not rows:
        book.write(none)
        return
    table = Table(book, [look.MEASURE - 240, 120, 120])
    table.head([_("Criterion"), _("Level → target before"), _("Level → target after")], "lcc")
    for item in rows:
        table.add([_name(item), told.distance(item.before), told.distance(item.after)], "lcc")
    table.draw()


def _method(book: Book, content: Comparison) -> None:
    book.begin(_("How this was compared"))
    book.heading(_("How this was compared"), 1, "method")
    for paragraph in told.method(content):
        book.write(paragraph)
        book.space(4)
