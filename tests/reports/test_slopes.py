"""The slope chart: numbers at both ends, no label on another, and up told from down without colours."""

import itertools

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from assessment.reports import charts
from assessment.reports.charts.shapes import AMBER, GREY, TEAL, Circle, Label, Line, Polygon
from assessment.reports.charts.slopes import ROW, spread

ENDS = ("2025", "2026")
SCORES = st.floats(0, 100)


@pytest.fixture(autouse=True)
def in_chinese():
    with translation.override("zh-hans"):
        yield


def a_slope(before, after, code="T1"):
    difference = None if before is None or after is None else round(after - before, 1)
    return charts.Slope(code, f"维度{code}", before, after, difference)


def shapes(figure, kind):
    return [shape for shape in figure.shapes if isinstance(shape, kind)]


def words_of(figure):
    return [label.text for label in shapes(figure, Label)]


def slanted(figure):
    """The lines from axis to axis, without the legend's and the grid's."""
    longest = max(abs(line.x2 - line.x1) for line in shapes(figure, Line))
    return [line for line in shapes(figure, Line) if abs(line.x2 - line.x1) == longest and line.stroke != "#d9e0e6"]


@pytest.mark.parametrize("width", [340, 1080])
def test_both_scores_and_the_difference_are_printed(width):
    words = words_of(charts.slopes([a_slope(40.0, 52.3)], ENDS, width))
    assert {"2025", "2026", "40.0", "52.3", "+12.3"} <= set(words)


def test_up_down_and_level_differ_in_colour_dash_and_arrow():
    lines = [a_slope(40.0, 60.0, "T1"), a_slope(60.0, 40.0, "T2"), a_slope(50.0, 50.0, "T3")]
    figure = charts.slopes(lines, ENDS, 720)
    up, down, level = slanted(figure)
    assert (up.stroke, down.stroke, level.stroke) == (TEAL, AMBER, GREY)
    assert len({up.dash, down.dash, level.dash}) == 3
    assert (up.y2 < up.y1, down.y2 > down.y1, level.y1 == level.y2) == (True, True, True)
    assert len(shapes(figure, Polygon)) == 4  # an arrow each for up and down, and both in the legend
    assert {"上升", "下降", "持平"} <= set(words_of(figure))


def test_what_is_in_one_round_alone_is_a_dot_and_what_is_in_none_is_left_out():
    lines = [a_slope(None, 40.0, "P1"), a_slope(20.0, None, "P2"), a_slope(None, None, "P3")]
    figure = charts.slopes(lines, ENDS, 720)
    assert slanted(figure) == []
    assert len(shapes(figure, Circle)) == 2
    assert not any("P3" in word for word in words_of(figure))
    assert "P3" in figure.description


def test_nothing_to_draw_is_an_empty_picture():
    figure = charts.slopes([], ENDS, 720)
    assert figure.height > 0
    assert shapes(figure, Circle) == []


@given(st.lists(st.tuples(SCORES, SCORES), min_size=1, max_size=charts.ON_A_SLOPE), st.sampled_from([340, 1080]))
def test_no_label_stands_on_another_or_outside(pairs, width):
    lines = [a_slope(before, after, f"T{number}") for number, (before, after) in enumerate(pairs)]
    figure = charts.slopes(lines, ENDS, width, 12)
    bold = [label for label in shapes(figure, Label) if label.bold and label.text not in ENDS]
    for anchor in ("start", "end"):
        places = sorted(label.y for label in bold if label.anchor == anchor)
        assert len(places) == len(lines)
        assert all(lower - upper >= ROW * 12 - 0.01 for upper, lower in itertools.pairwise(places))
        assert places[0] > 0 and places[-1] < figure.height


@given(st.lists(st.floats(0, 300), max_size=20).map(sorted))
def test_what_has_room_stays_where_it_wants_to_be(wanted):
    places = spread(wanted, 10, 0, 300)
    assert all(lower - upper > 10 - 0.001 for upper, lower in itertools.pairwise(places))
    assert places == sorted(places)
    if all(lower - upper >= 10 for upper, lower in itertools.pairwise(wanted)):
        assert places == pytest.approx(wanted, abs=0.001)


def test_hostile_names_are_escaped_and_cut():
    line = charts.Slope("T1", '<script>alert("1")</script>\u202e' + "长" * 500, 40.0, 50.0, 10.0)
    drawn = charts.svg(charts.slopes([line], ('<b onclick="x">', "&"), 720))
    assert "<script" not in drawn
    assert "<b" not in drawn
    assert "…" in drawn


def test_long_names_take_two_rows_rather_than_lose_words():
    names = ["Institutions and technology", "Building and operating", "Development and security"]
    lines = [charts.Slope(f"P{k}", name, 40.0 + k, 42.0 + k, 2.0) for k, name in enumerate(names)]
    figure = charts.slopes(lines, ENDS, 482, 8.2)
    said = " ".join(words_of(figure))
    assert "…" not in said
    assert said.count("technology") == 2
    rows = sorted(label.y for label in shapes(figure, Label) if label.x > 400 and label.anchor == "start")
    assert all(after - before > 6 for before, after in itertools.pairwise(sorted({round(y, 1) for y in rows})))
