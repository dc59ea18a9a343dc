"""Chinese lines: where they may break, how wide they come out, what becomes of characters that cannot be shown."""

import re

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from assessment.outline import LONGEST_TEXT
from assessment.reports import fonts
from assessment.reports.pdf.embedding import _to_unicode
from assessment.reports.pen import _stretch
from assessment.reports.typeset import MISSING, NEVER_FIRST, NEVER_LAST, Run, Setter, Style, legal

STYLE = Style(10)
ALPHABET = "城市数据开放共享，。；：！？、（）《》“”…—〔〕 abcXYZ0129.,%-/"
mixed = st.text(st.sampled_from(ALPHABET), max_size=300)
widths = st.floats(30, 400)


@pytest.fixture(scope="module")
def faces():
    return fonts.load(settings.FONT_CACHE)


def lines_of(paragraph):
    return [paragraph.text[line.start : line.end] for line in paragraph.lines]


@pytest.fixture(scope="module")
def lay(faces):
    def lay(text, width, **how):
        return Setter(faces).lay(Run(text, STYLE), width, 16, **how)

    return lay


@given(text=mixed, width=widths)
def test_no_line_breaks_where_none_may_unless_it_holds_no_place_that_may(lay, text, width):
    paragraph = lay(text, width)
    for line, after in zip(paragraph.lines, paragraph.lines[1:], strict=False):
        if not legal(paragraph.text, after.start):
            places = range(line.start + 2, line.end + 1)
            assert not any(legal(paragraph.text, at) for at in places if at < len(paragraph.text))


@given(text=mixed, width=widths)
def test_no_line_is_wider_than_its_room_but_for_the_empty_half_of_a_last_mark(lay, text, width):
    for line in lay(text, width).lines:
        assert line.width <= line.room + STYLE.size / 2 + 0.02 or line.end - line.start == 1


@pytest.mark.parametrize("whole", ["〔2025〕13号", "2026年", "10月", "13日", "第3次", "85.6分", "12个", "T4.2 数"])
def test_figures_stay_with_what_they_count_and_document_numbers_whole(lay, whole):
    text = "数" * 9 + whole + "据" * 9
    for width in range(90, 160, 5):
        assert [line for line in lines_of(lay(text, width)) if whole in line]


@given(text=mixed, width=widths)
def test_nothing_is_lost_but_spaces_at_line_ends(lay, text, width):
    assert "".join(lines_of(lay(text, width))).replace(" ", "") == text.replace(" ", "")


@given(text=mixed, width=widths)
def test_words_and_numbers_stay_whole_when_they_fit(faces, lay, text, width):
    setter, paragraph = Setter(faces), lay(text, width)
    for before, after in zip(paragraph.lines, paragraph.lines[1:], strict=False):
        inside = paragraph.text[before.end - 1 : after.start + 1]
        if before.end == after.start and inside.isascii() and inside.isalnum():
            assert setter.width(paragraph.text[before.start : before.end], STYLE) > width * 0.2  # an overlong word


def test_marks_stay_with_what_they_close_and_open(lay):
    lines = lines_of(lay("推进城市数据开放，《城市规划》（试行）已经印发。" * 6, 97))
    assert not [line for line in lines if line[0] in NEVER_FIRST or line[-1] in NEVER_LAST]


@pytest.mark.parametrize("word", ["2026-09-30", "GB/T36073", "95.6%", "maturity"])
def test_a_short_word_is_not_broken(lay, word):
    assert all(word in line or not set(word) & set(line) for line in lines_of(lay(f"指标完成情况为{word}以上", 100)))


@pytest.mark.parametrize("word", ["Datenschutz", "Überprüfung", "города", "μοντελα", "thiện", "resident’s"])
def test_a_word_of_any_alphabet_stays_whole(lay, word):
    assert all(word in line or not set(word) & set(line) for line in lines_of(lay(f"指标完成情况为{word}以上", 100)))


def spacings(faces, words):
    """How far apart the letters of each full line are drawn."""
    paragraph = Setter(faces).lay(Run(words, STYLE), 120, 16)
    return [_stretch(paragraph, line).spacing for line in paragraph.lines[:-1]]


def test_latin_letters_are_not_drawn_apart_to_fill_a_line(faces):
    assert not any(spacings(faces, "Each department names one person who answers for its data. " * 3))
    assert any(spacings(faces, "到2027年城市数据开放共享取得成效，按月通报一次" * 4))


def test_what_does_not_fit_on_one_line_is_cut(faces):
    setter = Setter(faces)
    assert setter.fitted("城市数据", STYLE, 40) == "城市数据"
    assert setter.fitted("城市数据", STYLE, 39) == "城市…"


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [
        ("Centre and city moving together", 100, "Centre and city…"),
        ("Part IV (11): Innovate models", 66, "Part IV (11)…"),
        ("绕开设施、漏记", 60, "绕开设施…"),
        ("Bundesministerium", 60, "Bundesmi…"),
        ("1. Bundesministerium", 70, "1. Bundesmi…"),
    ],
)
def test_latin_is_cut_at_a_word_and_before_no_mark(faces, text, width, short):
    assert Setter(faces, latin=True).fitted(text, STYLE, width) == short


@pytest.mark.parametrize("width", range(60, 120, 7))
@pytest.mark.parametrize("lines", [1, 2, 3])
@pytest.mark.parametrize("text", ["Donaudampfschifffahrtsgesellschaft" * 6, "il" * 90, "P4 " + "城市数据" * 40])
def test_what_is_shortened_takes_no_more_lines_than_it_may(faces, text, lines, width):
    setter = Setter(faces, latin=True)
    short = setter.shortened(text, STYLE, width, lines)
    assert short.endswith("…")
    assert len(setter.lay(Run(short, STYLE), width, 16, align="left").lines) == lines


def test_what_begins_with_a_line_end_is_shortened_all_the_same(faces):
    assert Setter(faces).shortened("\u200b\n" + "城市数据" * 20, STYLE, 100, 1) == "…"


def test_latin_documents_have_narrow_marks_but_in_chinese(faces):
    setter, chinese = Setter(faces, latin=True), Setter(faces)
    assert setter.width("people’s “own”…", STYLE) < chinese.width("people’s “own”…", STYLE) - 15
    assert setter.width("“数据”…", STYLE) == chinese.width("“数据”…", STYLE)


def test_narrow_marks_are_read_as_what_they_are(faces):
    drawn = Setter(faces, latin=True).lay(Run("people’s “own”…", STYLE), 300, 16).text
    subset = fonts.Subset(faces[400], "F1")
    subset.texts.add(drawn)
    table = _to_unicode(subset.characters, "F1")
    ranges, pairs = table.split("beginbfchar")
    assert sorted(re.findall("<e0..> <(....)>", pairs)) == sorted(f"{ord(mark):04x}" for mark in "’“”…")
    assert re.findall("<(....)> <(....)> <(....)>", ranges) == [("0000", "00ff", "0000")]


DATES = ["发布于2025年5月9日，由市数据局印发。", "自2025年12月31日起试行一年", "限2026年10月办结", "每年10月12日前报送"]


@pytest.mark.parametrize("width", range(90, 180, 5))
@pytest.mark.parametrize("text", DATES)
def test_a_date_is_not_broken(lay, text, width):
    dates = re.findall("(?:[0-9]+[年月日])+", text)
    assert len(lines := lines_of(lay(text, width))) > 0
    assert re.findall("(?:[0-9]+[年月日])+", "|".join(lines)) == dates


@pytest.mark.parametrize("width", range(100, 180, 5))
@pytest.mark.parametrize("whole", ["9 May 2025", "30 September 2026", "Part IV (11)"])
def test_an_english_date_and_a_part_s_number_are_not_broken(faces, whole, width):
    laid = Setter(faces, latin=True).lay(
        Run(f"issued by the bureau, {whole}, and in force since then", STYLE), width, 16
    )
    assert any(whole in line for line in lines_of(laid))


def test_an_english_date_that_no_line_holds_is_broken_at_a_space(faces):
    laid = Setter(faces, latin=True).lay(Run("30 September 2026", STYLE), 80, 16, align="left")
    assert lines_of(laid) == ["30 September", "2026"]


@pytest.mark.parametrize("width", range(70, 130, 3))
@pytest.mark.parametrize("place", ["四、（十一）", "（二十三）", "第二十一条", "第三部分", "第十二章"])
def test_the_number_of_a_clause_is_not_broken(lay, place, width):
    assert any(place in line for line in lines_of(lay(f"见发改数据〔2024〕660号 {place}创新运营运维模式", width)))


@pytest.mark.parametrize(
    ("width", "lines"), [(62, ["2025年10月", "12日"]), (50, ["2025年", "10月12日"]), (36, ["2025年", "10月", "12日"])]
)
def test_a_date_that_no_line_holds_is_broken_behind_its_year_or_month(lay, width, lines):
    assert lines_of(lay("2025年10月12日", width)) == lines


@pytest.mark.parametrize(
    "text", ["P3.B2 边缘智能与快速响应", "P4.B2 基层爱用、群众好用", "“夯实两大基础，优化‘两个环境’”"]
)
def test_no_character_stands_alone_in_the_last_line_of_a_narrow_cell(lay, text):
    for width in range(115, 160):
        lines = lines_of(lay(text, width))
        if len(lines) > 1 and len(lines[0]) > 11:
            assert sum(character not in NEVER_FIRST for character in lines[-1]) > 1


def test_what_is_cut_and_linked_keeps_its_characters(faces):
    setter = Setter(faces, latin=True)
    assert "’" in setter.shortened("people’s registers and what they hold", STYLE, 100, 1)


def test_private_characters_are_not_taken_for_marks(faces):
    assert Setter(faces).clean("\ue000") == MISSING


def test_fonts_of_an_older_recipe_are_made_anew(tmp_path):
    for name in fonts.WEIGHTS.values():
        (tmp_path / f"{name}.ttf").write_bytes(b"")
    (tmp_path / "fonts.json").write_text('{"source": "", "recipe": 1}')
    with pytest.raises(fonts.FontsMissing):
        fonts.load(tmp_path)


def test_a_long_word_breaks_inside(lay):
    assert len(lay("https://example.com/" + "a" * 200, 100).lines) > 5


def test_a_word_that_no_line_can_hold_begins_where_it_stands(lay):
    first = lines_of(lay("1. https://example.com/" + "a" * 200, 200))[0]
    assert first.startswith("1. https://example.com/a")


def test_a_word_that_the_next_line_can_hold_goes_there_whole(lay):
    assert lines_of(lay("数" * 15 + " " + "a" * 30, 200))[1].strip() == "a" * 30


def test_a_last_line_has_two_characters_besides_citation_numbers(faces):
    for length in range(36, 45):
        runs = [
            Run("数" * length + "。", STYLE),
            *(Run(f"[{n}]", Style(6, rise=3), "ref:1", tied=True) for n in (7, 12)),
        ]
        last = lines_of(Setter(faces).lay(runs, 202, 16))[-1]
        assert last.count("数") > 1, last


def test_a_citation_number_is_tied_to_what_it_follows(faces):
    for length in range(8, 16):
        runs = [Run("数" * length, STYLE), Run("[12]", Style(6, rise=3), "ref:12", tied=True), Run("据" * 9, STYLE)]
        assert not any(line.startswith("[") for line in lines_of(Setter(faces).lay(runs, 102, 16)))


def test_the_last_line_has_more_than_one_character(lay):
    for length in range(21, 60):
        assert len(lines_of(lay("数" * length, 200))[-1]) > 1


def test_chinese_is_one_em_and_latin_gets_a_little_air(faces):
    setter = Setter(faces)
    assert setter.width("数据", STYLE) == pytest.approx(20)
    apart = setter.width("数", STYLE) + setter.width("A", STYLE)
    assert setter.width("数A", STYLE) == pytest.approx(apart + 1.5)
    assert setter.width("，（", STYLE) == pytest.approx(15)


def test_full_lines_are_justified_to_the_measure(faces):
    setter = Setter(faces)
    paragraph = setter.lay(Run("到2027年城市数据开放共享取得成效" * 12, STYLE), 381, 16)
    for line in paragraph.lines[:-1]:
        assert line.width + _stretch(paragraph, line).over(line.start, line.end - 1) == pytest.approx(381, abs=5.01)


@pytest.mark.parametrize("place", "亳涿儋淄濮漯郴衢泸璧筠鄄郯莒")
def test_rare_place_names_are_there(faces, place):
    assert not faces.lacks(place)


@pytest.mark.parametrize("character", ["𠮷", "🏙", "✔"])
def test_what_the_font_lacks_is_shown_as_a_mark_and_remembered(faces, character):
    setter = Setter(faces)
    assert setter.clean(f"甲{character}乙") == f"甲{MISSING}乙"
    assert setter.clean.missing == {character}


def test_control_and_format_characters_go(faces):
    setter = Setter(faces)
    assert setter.clean("甲\x00\x1b\u202e\u200b\ud800乙\ufe0f\u00ad\r\n丙\t丁") == "甲乙\n丙 丁"
    assert not setter.clean.missing


def test_long_texts_are_cut(faces):
    assert Setter(faces).clean("长" * 20_000, 100) == "长" * 99 + "…"


@given(text=st.text(max_size=200))
def test_any_text_can_be_set(lay, text):
    assert lay(text, 120).lines


def test_line_feeds_are_kept(lay):
    assert lines_of(lay("一\n二\n\n三", 100)) == ["一", "二", "", "三"]


def test_a_text_as_long_as_one_may_be_is_set_whole(faces):
    setter, text = Setter(faces), "数" * LONGEST_TEXT
    assert setter.lay(Run(text, Style(8)), 400, 12).text == text
    assert setter.lay(Run(text + "据", Style(8)), 400, 12).text.endswith("数…")


def test_missing_fonts_name_the_command(tmp_path):
    with pytest.raises(fonts.FontsMissing, match=r"manage.py prepare_fonts"):
        fonts.load(tmp_path)


@pytest.mark.parametrize("end", [b"", b"x", b"xx"], ids=["cut", "altered", "longer"])
def test_a_damaged_font_is_told_and_made_anew(tmp_path, end):
    for file in settings.FONT_CACHE.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    bold = tmp_path / "NotoSansSC-Bold.ttf"
    bold.write_bytes(bold.read_bytes()[:-1] + end)
    with pytest.raises(fonts.FontsMissing, match=r"manage.py prepare_fonts"):
        fonts.load(tmp_path)
    assert not fonts._is_ready(tmp_path)  # so that `prepare` makes it anew


def test_the_fonts_are_read_once_a_process(tmp_path, monkeypatch):
    faces = fonts.load(settings.FONT_CACHE)
    monkeypatch.setattr(fonts, "_is_ready", lambda folder: pytest.fail("hashed again"))
    assert fonts.load(settings.FONT_CACHE) is faces


def test_a_second_preparation_makes_nothing():
    assert fonts.prepare(settings.FONT_CACHE) is False


def test_another_source_font_is_refused(tmp_path):
    (tmp_path / "font.ttf").write_bytes(b"another font")
    with pytest.raises(fonts.FontChangedError, match="SHA-256"):
        fonts._check_source(tmp_path / "font.ttf")
