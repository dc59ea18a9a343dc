"""The pictures: their geometry tells the numbers, and both painters draw all of it."""

import re
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from time import process_time
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.utils import translation
from PIL import Image

from assessment.exchange.framework import read_framework
from assessment.outline import LONGEST_TEXT
from assessment.reports import charts, fonts
from assessment.reports.charts.png import png
from assessment.reports.charts.shapes import (
    NAVY,
    TEAL,
    Circle,
    Figure,
    Label,
    Line,
    Polygon,
    Rect,
    shade,
    text_width,
    wrapped,
)
from assessment.reports.content.facts import Axis, Balance, Cell, HeatRow, Journey, Ruler, Side, Step
from assessment.reports.fonts import FontsMissing
from assessment.reports.pdf import look
from assessment.reports.typeset import NEVER_FIRST, NEVER_LAST, Setter, Style
from tests.reports import sample

SVG = "{http://www.w3.org/2000/svg}"
TREND = Journey("T1", "统筹机制", "多头管理", "央地协同推进", 40.0, 35.0, 50.0, 64.0, 5)
STEPS = (None, 10, 30, 50, 70, 90)
PLAIN = Ruler("D1", "数据战略", 40.0, 35.0, 50.0, 64.0, tuple(Step(n, f"{n}", t, "") for n, t in enumerate(STEPS)))
MOVING = [
    charts.Slope("T1", "统筹机制", 40.0, 60.0, 20.0),
    charts.Slope("T2", "发展理念", 40.1, 38.0, -2.1),
    charts.Slope("T3", "系统架构", 40.2, 40.2, 0.0),
    charts.Slope("P1", "制度与技术并重而且名字很长很长的一个维度", None, 39.0, None),
    charts.Slope("P2", "建设与运营并重", 12.0, None, None),
    charts.Slope("P3", "无人作答", None, None, None),
]


def priority(first, second, tilt, word):
    return Balance(
        "P1", "制度与技术并重", (Side("P1.A", "制度", first), Side("P1.B", "技术", second)), 40.0, tilt, word
    )


@pytest.fixture(autouse=True)
def in_chinese():
    with translation.override("zh-hans"):
        yield


def pictures(width, em=12.0):
    content = sample.content("partial")
    yield from (charts.journey(s.journey, width, em) for s in content.sections if s.journey)
    yield from (charts.balance(s.balance, width, em) for s in content.sections if s.balance)
    yield charts.ruler(PLAIN, width, em)
    yield charts.radar(content.overall.axes, width, em)
    yield charts.bars(content.overall.axes, width, em)
    yield charts.heat_map(content.overall.heat, width, em, highest=5)
    yield charts.dumbbells(content.improvements[:15], width, em, highest=5)
    yield charts.slopes(MOVING, ("2025年度", "2026年度"), width, em)
    yield charts.ladder(2, 4, 1, highest=5, width=width / 3, em=em)


def shapes(figure, kind):
    return [shape for shape in figure.shapes if isinstance(shape, kind)]


def words_of(figure):
    return [label.text for label in shapes(figure, Label)]


@pytest.mark.parametrize("width", [350, 720, 1080])
def test_no_label_is_clipped(width):
    for figure in pictures(width):
        for label in shapes(figure, Label):
            wide = text_width(label.text, label.size)
            left = label.x - {"start": 0, "middle": wide / 2, "end": wide}[label.anchor]
            assert left >= -3, (figure.title, label)
            assert left + wide <= figure.width + 3, (figure.title, label)
            assert label.size * 0.7 <= label.y <= figure.height, (figure.title, label)


@pytest.mark.parametrize(
    "text", ["“一网统管”", "‘一件事’", "市→区", "①指标②口径", "第Ⅱ类", "36℃", "3×4≥12", "〓数据", "※★●", "城市…"]
)
def test_signs_that_fill_a_square_in_chinese_fonts_are_counted_so(text):
    setter = Setter(fonts.load(Path(settings.FONT_CACHE)))
    drawn = sum(setter.fonts[700].at(10)[character] for character in text)
    assert drawn * 0.98 <= text_width(text, 10) <= drawn * 1.05


@pytest.mark.parametrize("text", ["36.5°C", "αβγ", "Málaga", "people’s “own” registers", "€ 20", "Москва", "2019–2024"])
def test_letters_and_signs_that_are_narrow_are_not(text):
    setter = Setter(fonts.load(Path(settings.FONT_CACHE)), latin=True)
    assert 0.85 <= text_width(text, 10) / setter.width(text, Style(10)) <= 1.25


def test_no_title_is_cut_short_on_paper():
    every = sample.content("lowest")
    figures = [
        charts.heat_map(every.overall.heat, look.MEASURE, 9.1, highest=5),
        charts.dumbbells(every.improvements, look.MEASURE, 8.2, highest=5),
        charts.radar(every.overall.axes, 386, 8.2),
    ]
    assert not [words for figure in figures for words in words_of(figure) if "…" in words]


@pytest.mark.parametrize("path", sorted(sample.FRAMEWORKS.glob("*.yaml")), ids=lambda path: path.stem)
def test_titles_in_the_heat_map_are_whole_and_broken_as_a_paragraph_would_be(path):
    framework = read_framework(path)
    for title in (title for criterion in framework.criteria.values() for title in criterion.title.values()):
        for width in (58, 65, 80):
            rows = wrapped(title, 6.7, width, 5)
            assert re.sub(r"\s", "", "".join(rows)) == re.sub(r"\s", "", title)
            assert all(row[0] not in NEVER_FIRST for row in rows)
            assert all(row[-1] not in NEVER_LAST for row in rows[:-1])
            assert all(len(row) > 1 for row in rows)


@pytest.mark.parametrize("text", ["2025年5月9日", "2", "年", " 字", "il"])
def test_a_title_as_long_as_a_text_may_be_takes_no_longer_than_its_rows(text):
    began = process_time()
    rows = wrapped((text * LONGEST_TEXT)[:LONGEST_TEXT], 10, 100, 5)
    assert rows[-1].endswith("…")
    assert process_time() - began < 2


def test_a_single_character_has_a_row_however_narrow():
    assert wrapped("字", 10, 5, 3) == ("…",)


@pytest.mark.parametrize("width", [350, 1080])
def test_letters_are_large_enough_on_a_phone(width):
    assert all(label.size >= 8.6 for figure in pictures(width) for label in shapes(figure, Label))


def test_the_dot_stands_where_the_score_is():
    figure = charts.journey(TREND, 400, 10)
    city, target = sorted((c for c in shapes(figure, Circle)), key=lambda c: c.x)
    assert (city.x - 9) / (400 - 18) == pytest.approx(0.40)
    assert (target.x - 9) / (400 - 18) == pytest.approx(0.64)
    band = shapes(figure, Rect)[0]
    assert (band.x - 9) / 382 == pytest.approx(0.35)
    assert band.width / 382 == pytest.approx(0.15)


def test_a_trend_without_score_says_so():
    figure = charts.journey(Journey("T1", "甲", "旧", "新", None, None, None, None, 5), 400, 10)
    assert "尚无得分" in words_of(figure)


@pytest.mark.parametrize(("tilt", "word", "lower"), [(20.0, "leaning", 0), (-40.0, "lopsided", 1)])
def test_the_higher_side_hangs_lower(tilt, word, lower):
    first, second = (60.0, 40.0) if tilt > 0 else (10.0, 50.0)
    ends = shapes(charts.balance(priority(first, second, tilt, word), 400, 10), Circle)
    assert ends[lower].y > ends[1 - lower].y


def test_a_balance_names_its_verdict():
    assert "失衡（技术高40.0分）" in words_of(charts.balance(priority(10.0, 50.0, -40.0, "lopsided"), 400, 10))
    assert "有一侧未作答" in words_of(charts.balance(priority(10.0, None, None, None), 400, 10))
    assert "两侧均未作答" in words_of(charts.balance(priority(None, None, None, None), 400, 10))


def test_the_radar_prints_every_score_and_draws_every_axis():
    axes = [Axis(f"T{k}", f"维度{k}", 10.0 * k, 90.0) for k in range(1, 9)]
    figure = charts.radar(axes, 500, 10)
    assert {f"{10 * k}.0" for k in range(1, 9)} <= set(words_of(figure))
    assert len(shapes(figure, Line)) == 8
    assert [len(p.points) for p in shapes(figure, Polygon)] == [8] * 8


@pytest.mark.parametrize("width", [350, 1080])
def test_the_heat_map_has_a_cell_for_every_criterion(width):
    content = sample.content("partial")
    figure = charts.heat_map(content.overall.heat, width, highest=5)
    linked = {rect.link for rect in shapes(figure, Rect) if rect.link}
    assert linked == {f"criterion:{answer.code}" for answer in content.answers}
    assert {"未答", "不适用"} <= set(words_of(figure))


def test_in_latin_what_does_not_apply_is_said_in_a_word_that_a_cell_holds():
    with translation.override("en"):
        heat = sample.content("partial").overall.heat
        figure = charts.heat_map(heat, look.MEASURE, 9.1, highest=5)
    assert "N/A" in words_of(figure)
    assert "not applicable" not in words_of(figure)
    assert any(rect.label.endswith(" not applicable") for rect in shapes(figure, Rect))


def axes_of(count):
    return [Axis(f"D{k}", f"第{k}个能力维度", 100.0 * k / count, 100.0) for k in range(1, count + 1)]


def keeps_inside(figure):
    for label in shapes(figure, Label):
        wide = text_width(label.text, label.size)
        left = label.x - {"start": 0, "middle": wide / 2, "end": wide}[label.anchor]
        assert left >= -3 and left + wide <= figure.width + 3, label
        assert label.size * 0.7 <= label.y <= figure.height, label


@pytest.mark.parametrize("count", charts.ON_A_WHEEL)
def test_a_radar_has_room_for_as_many_dimensions_as_it_may_show(count):
    keeps_inside(charts.radar(axes_of(count), 386, 8.2))


@pytest.mark.parametrize("width", [350, 720])
@pytest.mark.parametrize("count", [1, 2, 3, 30])
def test_bars_show_any_number_of_dimensions(count, width):
    figure = charts.bars(axes_of(count), width)
    keeps_inside(figure)
    assert len(shapes(figure, Circle)) == 2 * count - 1  # the last has reached its target
    assert {f"D{k} 第{k}个能力维度" for k in range(1, count + 1)} <= set(words_of(figure))


def test_bars_reach_to_the_score_and_on_to_the_target():
    figure = charts.bars([Axis("D1", "数据战略", 40.0, 80.0)], 720, 10)
    target, score = shapes(figure, Circle)
    ticks = [line.x1 for line in shapes(figure, Line)[:6]]
    assert (score.x, target.x) == (pytest.approx(ticks[2]), pytest.approx(ticks[4]))


def test_a_ruler_has_a_zone_for_each_level_from_its_threshold():
    figure = charts.ruler(PLAIN, 400, 10)
    zones = shapes(figure, Rect)
    starts = [(zone.x - 9) / 382 for zone in zones]
    assert starts == [pytest.approx(start) for start in (0, 0.1, 0.3, 0.5, 0.7, 0.9)]
    assert len({zone.fill for zone in zones}) == 6
    city, target = sorted(shapes(figure, Circle), key=lambda c: c.x)
    assert ((city.x - 9) / 382, (target.x - 9) / 382) == (pytest.approx(0.40), pytest.approx(0.64))


def test_a_ruler_without_score_says_so():
    nothing = replace(PLAIN, score=None, low=None, high=None, target=None)
    assert "尚无得分" in words_of(charts.ruler(nothing, 400, 10))


@pytest.mark.parametrize("highest", range(1, 10))
def test_every_level_of_a_scale_has_a_shade_of_its_own_with_letters_that_can_be_read(highest):
    shades = [shade(level, highest) for level in range(highest + 1)]
    assert len(set(shades)) == highest + 1
    assert all(contrast(ground, letters) >= 4.5 for ground, letters in shades)


def contrast(one, other):
    """As WCAG reckons it."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("highest", [1, 9])
def test_a_ladder_has_a_rung_for_every_level(highest):
    figure = charts.ladder(0, highest, highest=highest, width=104, em=7.2)
    assert [label.text for label in shapes(figure, Label)] == [str(level) for level in range(highest + 1)]
    keeps_inside(figure)


def heat_rows(count, criteria):
    cells = [
        tuple(Cell(f"D{k}.{n}", f"第{n}项", "answered", n % 10, 9, "") for n in range(criteria)) for k in range(count)
    ]
    return [HeatRow(f"D{k}", f"维度{k}", (group,)) for k, group in enumerate(cells)]


@pytest.mark.parametrize("width", [340, 720])
@pytest.mark.parametrize("criteria", [1, 7, 40])
def test_a_heat_map_takes_as_many_lines_as_its_criteria_need(criteria, width):
    figure = charts.heat_map(heat_rows(3, criteria), width, highest=9)
    linked = [rect for rect in shapes(figure, Rect) if rect.link]
    assert len({rect.link for rect in linked}) == len(linked) == 3 * criteria
    assert all(rect.x >= 0 and rect.x + rect.width <= width + 0.01 and rect.width >= 3 * 12 for rect in linked)
    keeps_inside(figure)


def test_a_heat_map_is_cut_into_pieces_that_a_page_holds():
    pieces = charts.heat_maps(heat_rows(30, 30), 480, 9, highest=9, tallest=600)
    assert all(piece.figure.height <= 600 for piece in pieces)
    shown = [[rect.link for rect in shapes(piece.figure, Rect) if rect.link] for piece in pieces]
    links = [link for piece in shown for link in piece]
    assert len(set(links)) == len(links) == 900
    # Each piece names what it shows, a dimension that goes on overleaf included.
    named = [[f"criterion:{c.code}" for row in p.rows for group in row.groups for c in group] for p in pieces]
    assert named == shown


def test_a_long_name_on_a_balance_stays_inside_and_never_hides_the_number():
    sides = (Side("P1.A", "Institutions and the technology behind them", 10.0), Side("P1.B", "Use", 50.0))
    figure = charts.balance(Balance("P1", "P1", sides, 40.0, -40.0, "lopsided"), 220, 8.2)
    keeps_inside(figure)
    higher = charts.balance(Balance("P1", "P1", sides[::-1], 40.0, -40.0, "lopsided"), 220, 8.2)
    keeps_inside(higher)
    assert any("40.0" in words for words in words_of(higher))


def test_a_long_word_under_a_balance_is_clear_of_its_lower_end():
    long = Side("P1.A", "制度与技术并重而且名字很长很长的一个维度" * 3, 70.0)
    figure = charts.balance(Balance("P1", "P1", (long, Side("P1.B", "技术", 20.0)), 40.0, 50.0, "lopsided"), 220, 8.2)
    verdict = next(label for label in shapes(figure, Label) if "失衡" in label.text)
    lower = max(shapes(figure, Circle), key=lambda circle: circle.y)
    assert verdict.y - 0.72 * verdict.size > lower.y + lower.radius + lower.width / 2
    keeps_inside(figure)


LONG = "Compliant circulation of public, enterprise and personal data"


def named_alike(figure, codes):
    """The lines of the rows' names, from above."""
    lines = [label for label in shapes(figure, Label) if label.link]
    assert {label.link.partition(":")[2] for label in lines} == set(codes)
    return lines


@pytest.mark.parametrize("titles", [("Short", LONG, LONG, "Short"), ("Short",) * 3])
def test_the_names_of_rows_have_one_size_and_do_not_touch(titles):
    gap = sample.content().improvements[0]
    gaps = [replace(gap, code=f"P{n}.A1", title=title) for n, title in enumerate(titles)]
    axes = [Axis(f"P{n}", title, 40.0, 60.0) for n, title in enumerate(titles)]
    for figure, codes in (
        (charts.dumbbells(gaps, look.MEASURE, 8.6, highest=5), [gap.code for gap in gaps]),
        (charts.bars(axes, look.MEASURE, 8.6), [axis.code for axis in axes]),
    ):
        lines = named_alike(figure, codes)
        assert len({line.size for line in lines}) == 1
        for above, below in pairwise(lines):
            apart = below.y - above.y
            assert apart > (1.1 if above.link == below.link else 1.4) * above.size


def test_dumbbells_reach_from_level_to_target():
    gap = sample.content().improvements[0]
    figure = charts.dumbbells([gap], 720, highest=5)
    start, end = shapes(figure, Circle)
    ticks = [line.x1 for line in shapes(figure, Line)[:6]]
    assert (start.x, end.x) == (pytest.approx(ticks[gap.level]), pytest.approx(ticks[gap.target]))


@pytest.mark.parametrize("width", [350, 1080])
def test_every_svg_is_well_formed_named_and_without_style(width):
    for figure in pictures(width):
        root = ElementTree.fromstring(charts.svg(figure))
        assert root.get("role") == "img"
        assert root.find(f"{SVG}title").text
        assert root.find(f"{SVG}desc").text
        assert not [e for e in root.iter() if "style" in e.attrib or e.tag in (f"{SVG}style", f"{SVG}script")]


def test_what_users_name_things_cannot_leave_its_place():
    evil = '"><script>alert(1)</script>'
    drawn = charts.svg(Figure(10, 10, (Label(0, 5, evil, 10, link=evil),), evil, evil), lambda key: "/x?" + key)
    assert "<script" not in drawn
    ElementTree.fromstring(drawn)


def test_links_are_what_the_page_makes_of_the_keys():
    heat = sample.content().overall.heat
    drawn = charts.svg(
        charts.heat_map(heat, 720, highest=5), lambda key: f"/go/{key}" if key.startswith("criterion") else ""
    )
    root = ElementTree.fromstring(drawn)
    links = root.findall(f".//{SVG}a")
    assert root.get("role") == "group"
    assert len(links) == 60
    assert links[0].get("href") == "/go/criterion:T1.1"
    assert links[0].get("aria-label").startswith("T1.1 ")


class Paper:
    def __init__(self):
        self.operators, self.labels, self.links = [], [], []

    def emit(self, operators):
        self.operators.append(operators)

    def label(self, *label):
        self.labels.append(label)

    def link(self, *box):
        self.links.append(box)


def test_the_canvas_gets_every_shape_too():
    for figure in pictures(470, 8.2):
        paper = Paper()
        charts.draw(figure, paper, 60, 700)
        assert len(paper.operators) + len(paper.labels) == len(figure.shapes)
        assert all(re.fullmatch(r"[-0-9a-zA-Z.\[\] ]+", operators) for operators in paper.operators)
        assert all(700 - figure.height <= y <= 700 for _x, y, *_rest in paper.labels)


def dots(figure):
    return Image.open(BytesIO(png(figure, Path(settings.FONT_CACHE)))).convert("RGB")


def test_as_dots_it_has_four_to_a_point_and_the_same_bytes_each_time():
    for figure in pictures(300):
        image = dots(figure)
        assert image.size == (round(4 * figure.width), round(4 * figure.height))
        assert png(figure, Path(settings.FONT_CACHE)) == png(figure, Path(settings.FONT_CACHE))


def test_as_dots_every_shape_is_there_in_its_colour():
    shapes = (
        Rect(0, 0, 10, 10, "#ff0000"),
        Circle(30, 5, 4, "#00ff00"),
        Line(40, 5, 60, 5, "#0000ff", 2),
        Polygon(((70, 0), (80, 0), (80, 10), (70, 10)), "#00ffff"),
        Label(85, 9, "市", 10, fill="#ff00ff"),
    )
    image = dots(Figure(100, 10, shapes, ""))
    places = ((5, 5, "ff0000"), (30, 5, "00ff00"), (50, 5, "0000ff"), (75, 5, "00ffff"))
    assert all(image.getpixel((4 * x, 4 * y)) == tuple(bytes.fromhex(colour)) for x, y, colour in places)
    assert (255, 0, 255) in {colour for _count, colour in image.getcolors()}


def test_as_dots_a_dashed_line_is_broken():
    image = dots(Figure(100, 10, (Line(0, 5, 100, 5, "#0000ff", 1, (5, 5)),), ""))
    assert [image.getpixel((4 * x, 20)) for x in (2, 7, 12, 17)] == [(0, 0, 255), (255, 255, 255)] * 2


def test_as_dots_it_bears_the_colours_that_mean_something():
    shown = {colour for _count, colour in dots(charts.journey(TREND, 300)).getcolors()}
    assert {tuple(bytes.fromhex(colour[1:])) for colour in (NAVY, TEAL)} <= shown


def test_as_dots_it_wants_the_prepared_fonts(tmp_path):
    with pytest.raises(FontsMissing):
        png(charts.journey(TREND, 300), tmp_path)
