"""Open this for the chapter of overall results: radar or bars, the table of scores, each lens's pictures, heat map."""

from functools import partial
from itertools import batched

from django.utils.translation import gettext as _

from assessment.reports import charts, prose, words
from assessment.reports.charts import Figure
from assessment.reports.content.facts import Content, Group, Section, Standing
from assessment.reports.flow.blocks import Block, Chapter, Heading, Picture, Row, Span, Table, cell, middle, para
from assessment.reports.flow.saying import heading

EM, MEASURE, PHONE, PHONE_EM = 8.6, 468.0, 320.0, 12.0
WHEEL, BALANCED = 386.0, 300.0  # points wide
BARS_A_PAGE = 30
TALLEST = 560.0


def results(content: Content, number: int) -> Chapter:
    blocks: list[Block] = [*_overview(content), _standings(content)]
    for place, group in enumerate(content.groups, 1):
        title = words.group(group.lens.name, group.kind)
        blocks += [Heading(2, title, f"group-{place}"), para(Span(prose.note(group), "grey"), small=True)]
        blocks += map(picture, group.sections)
        blocks += [tilts] if (tilts := _tilts(group)) else []
    blocks += [Heading(2, _("All criteria: level and target"), "heat"), *_heat(content)]
    return Chapter(Heading(1, heading(number, _("Overall results")), "results"), tuple(blocks), turns=False)


def _overview(content: Content) -> list[Block]:
    axes, caption = content.overall.axes, _("Scores of all dimensions: now, and with every gap closed (dashed)")
    if len(axes) in charts.ON_A_WHEEL:
        drawn = charts.radar(axes, WHEEL, EM)
        return [Picture("radar", drawn, caption, lambda: charts.radar(axes, 340, 10))]
    return [
        Picture(f"bars-{n}", charts.bars(some, MEASURE, EM), caption, lambda some=some: charts.bars(some, PHONE, 11))  # type: ignore[misc]
        for n, some in enumerate(batched(axes, BARS_A_PAGE, strict=False))
    ]


def _standings(content: Content) -> Table:
    """The overview's numbers, and what qualifies them."""
    strict = _(" (strict)") if any(section.standing.na for section in content.sections) else ""
    titles = [_("Dimension"), _("Score"), _("Bounds") + strict, _("By score"), _("Rated"), _("At target")]
    heads = (cell(titles[0]), *map(middle, [*titles[1:], _("Coverage")]))
    rows: list[Row] = []
    for lens in content.summary.lenses:
        if len(content.summary.lenses) > 1:
            rows.append(_whole(lens.name, lens.standing))
        rows += [_standing(section) for section in content.sections if section.lens == lens.code]
    rows.append(_whole(_("Overall score"), content.summary.overall, content.summary.at_target))
    return Table(heads, tuple(rows), (21, 9, 24, 11, 10, 12, 13), _("Scores, bounds and levels"))


def _whole(name: str, s: Standing, at_target: float | None = None) -> Row:
    """A lens or the whole: never capped, so it has one level only."""
    told: tuple[Span | str, ...] = (
        Span(words.points(s.score), "strong"),
        prose.bounds(s.low, s.high, s.strict if s.na else None),
        words.NOTHING,
        words.level(s.level),
        words.points(at_target),
        words.share(s.coverage),
    )
    return Row((cell(Span(name, "navy")), *map(middle, told)), shaded=True)


def _standing(section: Section) -> Row:
    s = section.standing
    told: tuple[Span | str, ...] = (
        Span(words.points(s.score), "strong"),
        prose.bounds(s.low, s.high, s.strict if s.na else None),
        words.level(section.level_by_score),
        Span(words.level(s.level), "major" if section.cap else ""),
        words.points(section.at_target),
        words.share(s.coverage),
    )
    return Row((cell(Span(f"{section.code} {section.name}", "link", f"section:{section.code}")), *map(middle, told)))


def picture(section: Section) -> Picture:
    """The picture of a dimension's kind."""
    caption, kind = f"{section.code} {section.name}", "balance" if section.balance else "dimension"
    return Picture(f"{kind}-{section.code}", _drawn(section), caption, lambda: _drawn(section, PHONE, PHONE_EM))


def _drawn(section: Section, width: float = MEASURE, em: float = EM) -> Figure:
    if section.journey:
        return charts.journey(section.journey, width, em)
    if section.balance:
        return charts.balance(section.balance, min(BALANCED, width), em)
    if section.ruler:
        return charts.ruler(section.ruler, width, em)
    raise ValueError(f"a dimension of a kind that has no picture: {section.kind}")


def _tilts(group: Group) -> Table | None:
    """The balances' numbers, for who does not see the pictures."""
    if group.kind != "balance":
        return None
    heads = (
        cell(_("Dimension")),
        *(cell(_("First side")), middle(_("Score")), cell(_("Second side")), middle(_("Score"))),
        *(middle(_("Tilt")), middle(_("Verdict"))),
    )
    rows = []
    for section, balance in ((section, section.balance) for section in group.sections if section.balance):
        first, second = balance.sides
        rows.append(
            Row((
                cell(Span(f"{section.code} {section.name}", "link", f"section:{section.code}")),
                cell(first.name),
                middle(words.points(first.score)),
                cell(second.name),
                middle(words.points(second.score)),
                middle(words.signed(balance.tilt)),
                middle(words.balance(balance.balance)),
            ))
        )  # fmt: skip
    return Table(heads, tuple(rows), (26, 18, 9, 18, 9, 10, 10), _("Both sides, and how far they tilt"))


def _heat(content: Content) -> list[Block]:
    rows, highest = content.overall.heat, content.method.highest
    maps = charts.heat_maps(rows, MEASURE, EM, highest=highest, tallest=TALLEST)
    caption = _("Level and target of all criteria")
    captions = [
        _("%(caption)s (%(n)d of %(all)d)") % {"caption": caption, "n": n, "all": len(maps)}
        if len(maps) > 1
        else caption
        for n in range(1, len(maps) + 1)
    ]
    return [
        Picture(f"heat-{n}", part.figure, said, partial(charts.heat_map, part.rows, 340, 12, highest=highest))
        for n, (part, said) in enumerate(zip(maps, captions, strict=True))
    ]
