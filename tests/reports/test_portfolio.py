"""The report over many cities: what it says, and its two forms as readers and attackers meet them."""

import io
from dataclasses import replace
from datetime import date

import pytest
from openpyxl import load_workbook

from assessment.design import Design, Mark
from assessment.outline import City, Evidence, Response
from assessment.reports import portfolio
from assessment.reports.content.portfolio import Round, build
from assessment.reports.pdf import portfolio as portfolio_pdf
from assessment.scoring import score
from tests.factories import make_assessment, make_criteria, make_framework, make_lens, make_transition
from tests.reports import sample, structure
from tests.reports.paper import greys, leaves_the_margins, pages_of, words_of

HOSTILE = '=HYPERLINK("http://x")\x00\u202e<b>&\'甲'


def answers_of(code, levels, name="", **fields):
    return replace(make_assessment(levels, **fields), city=City(code, name or f"市{code}"))


def report_of(*given, language="zh-hans"):
    """Of cities by code, each with its levels."""
    rounds = [Round(answers_of(str(510100 + number), levels), draft=True) for number, levels in enumerate(given)]
    return build(make_framework(), rounds, language=language)


ALL = dict.fromkeys(["T1.1", "T1.2", "T1.3", "P1.A1", "P1.A2", "P1.B1", "P1.B2"], 3)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_dimension_of_the_legend_stands_on_one_line_and_all_lines_at_the_margin(language):
    report = build(sample.framework(), [Round(sample.assessment(), draft=True)], language=language)
    page = structure.read(portfolio_pdf.render(report)).shown[1]
    first, second = (f"{report.headings[at].code} " for at in (0, -1))
    at = next(number for number, line in enumerate(page) if line.text.startswith(first) and len(line.text) > 12)
    end = next(number for number, line in enumerate(page) if number >= at and second in line.text)
    legend = page[at : end + 1]
    assert len(legend) == 2
    assert legend[0].x == legend[1].x
    assert not any(line.text[0].isspace() for line in legend)
    plain = ["".join(line.text.split()) for line in legend]
    assert all(any("".join(f"{h.code}{h.name}".split()) in line for line in plain) for h in report.headings)


class TestTheContent:
    def test_stands_in_the_order_of_codes_whatever_the_scores(self):
        rounds = [Round(answers_of(code, dict.fromkeys(ALL, level)), True) for code, level in (("2", 5), ("1", 1))]
        assert [row.code for row in build(make_framework(), rounds).rows] == ["1", "2"]

    def test_gives_the_scores_that_the_city_has_everywhere(self):
        row = report_of(ALL).rows[0]
        scores = score(make_framework(), make_assessment(ALL))
        assert row.overall.score == scores.overall.score
        assert [mark.level for mark in row.dimensions] == [d.level for d in scores.dimensions.values()]

    def test_marks_a_level_that_a_key_criterion_holds_down(self):
        report = report_of(ALL | {"T1.1": 1, "T1.2": 5, "T1.3": 5}, ALL)
        assert [[mark.capped for mark in row.dimensions] for row in report.rows] == [[True, False], [False, False]]
        words = words_of(portfolio_pdf.render(report))
        assert f"{report.rows[0].dimensions[0].level}级▼" in words and "▼按得分本应更高，受关键项限制。" in words
        assert "▼" not in words_of(portfolio_pdf.render(report_of(ALL)))

    def test_tells_lowest_median_and_highest_of_those_that_have_a_score(self):
        report = report_of(*(dict.fromkeys(ALL, level) for level in (1, 2, 5)), {})
        assert report.overall.count == 3
        assert (report.overall.low, report.overall.middle, report.overall.high) == (20, 40, 100)
        assert [spread.code for spread in report.spreads] == ["T1", "P1"]

    def test_of_no_answers_has_no_spread(self):
        report = report_of({}, {})
        assert (report.overall.count, report.overall.middle) == (0, None)
        assert report.gaps == ()
        assert report.unproven == ()

    def test_names_what_more_than_half_of_the_cities_lack(self):
        low = ALL | {"T1.2": 1}
        assert [gap.code for gap in report_of(low, low, ALL).gaps if gap.code == "T1.2"] == ["T1.2"]
        assert [gap.code for gap in report_of(low, ALL).gaps if gap.code == "T1.2"] == []

    def test_counts_a_gap_of_those_that_can_tell(self):
        low = ALL | {"T1.2": 1}
        (gap,) = [gap for gap in report_of(low, low, {}).gaps if gap.code == "T1.2"]
        assert (gap.below, gap.count, gap.mean_gap) == (2, 2, 2)
        assert gap.cities == ("市510100", "市510101")

    def test_names_the_most_widespread_gap_first(self):
        low, lower = ALL | {"T1.2": 1}, ALL | {"T1.2": 1, "T1.3": 1}
        codes = [gap.code for gap in report_of(lower, lower, low).gaps]
        assert codes.index("T1.2") < codes.index("T1.3")

    def test_says_which_cities_lack_evidence(self):
        proof = {"level": 3, "evidence": (Evidence("办法"),)}
        report = report_of(ALL | {"T1.1": proof, "T1.2": 0}, dict.fromkeys(ALL, proof))
        (city,) = report.unproven
        assert (city.code, city.count, city.claimed) == ("510100", 5, 6)
        assert "T1.1" not in city.criteria

    def test_has_one_digest_whatever_its_form(self):
        assert portfolio.digest(report_of(ALL)) == portfolio.digest(report_of(ALL))
        assert portfolio.digest(report_of(ALL)) != portfolio.digest(report_of(ALL, ALL))


class TestThePdf:
    def test_says_all_of_it(self):
        low = ALL | {"T1.2": 1}
        words = words_of(portfolio_pdf.render(report_of(low, low)))
        for said in (
            "2个城市综合报告",
            "市510100",
            "不是排名",
            "得分分布",
            "中位数",
            "评估项T1.2",
            "2/2",
            "缺少佐证的城市",
            "草稿",
        ):
            assert said in words

    def test_bears_mark_line_and_days_on_its_cover_and_each_chapter_in_the_header(self):
        rounds = [Round(answers_of("510100", ALL, as_of=day), False) for day in (date(2026, 3, 31), date(2026, 9, 30))]
        design = Design(consultant=Mark("云川咨询公司"), classification="内部资料")
        cover, *pages = pages_of(portfolio_pdf.render(build(make_framework(), rounds, design=design)))
        for said in (
            "2个城市综合报告",
            "编制单位",
            "云川咨询公司",
            "内部资料",
            "2026年3月31日–2026年9月30日",
            "市510100",
        ):
            assert said in cover
        assert all("内部资料" in page for page in pages)
        assert all(page.count("2个城市综合报告") == 1 for page in pages)

    def test_says_where_there_is_nothing_to_say(self):
        words = words_of(portfolio_pdf.render(report_of({})))
        assert "没有超过半数" in words
        assert "均有佐证" in words

    def test_is_the_same_for_the_same(self):
        assert portfolio_pdf.render(report_of(ALL)) == portfolio_pdf.render(report_of(ALL))

    def test_has_no_chinese_marks_in_english(self):
        report = report_of({"T1.1": 1, "T1.2": 1}, {"T1.1": 1}, {"T1.2": 1, "T1.1": 1}, language="en")
        book = load_workbook(io.BytesIO(portfolio.FORMS["xlsx"].render(report)))
        told = "".join(str(cell.value) for sheet in book for row in sheet for cell in row)
        assert "、" not in told + words_of(portfolio.FORMS["pdf"].render(report))

    def test_is_in_english_when_asked(self):
        assert "thisisnoranking" in words_of(portfolio_pdf.render(report_of(ALL, language="en")))

    def test_of_many_cities_and_dimensions_keeps_within_its_margins(self):
        dimensions = [make_transition(f"D{n}", make_criteria(f"D{n}.1"), kind="plain") for n in range(25)]
        framework = make_framework(make_lens("D", *dimensions))
        rounds = [
            Round(answers_of(str(510100 + n), {f"D{k}.1": n % 6 for k in range(25)}, "市" * 60), n % 2)
            for n in range(80)
        ]
        _cover, *pages = greys(portfolio_pdf.render(build(framework, rounds)))
        assert len(pages) > 5
        assert not any(leaves_the_margins(page) for page in pages)

    def test_takes_hostile_names(self):
        rounds = [Round(answers_of("510100", ALL, HOSTILE, round=HOSTILE * 20), True)]
        assert portfolio_pdf.render(build(make_framework(), rounds)).startswith(b"%PDF")

    def test_of_the_shipped_framework_fits(self):
        rounds = [
            Round(replace(sample.assessment(seed), city=City(str(510100 + seed), "某市")), False) for seed in range(12)
        ]
        _cover, *pages = greys(portfolio_pdf.render(build(sample.framework(), rounds)))
        assert not any(leaves_the_margins(page) for page in pages)


class TestTheWorkbook:
    def book(self, report):
        return load_workbook(io.BytesIO(portfolio.make(report, "xlsx")))

    def test_has_numbers_as_numbers(self):
        sheet = self.book(report_of(ALL, {}))["城市"]
        rows = list(sheet.iter_rows(min_row=2, values_only=True))
        assert rows[0][:5] == ("510100", "市510100", "2026", "草稿", 60)
        assert rows[0][7:9] == (1, 0)
        assert rows[1][4] is None
        assert sheet["E2"].fill.fgColor.rgb.endswith(("5FADB7", "6FB3BD"))

    def test_marks_a_level_that_a_key_criterion_holds_down_which_stays_a_number(self):
        report = report_of(ALL | {"T1.1": 1, "T1.2": 5, "T1.3": 5}, ALL)
        book = self.book(report)
        sheet = book["城市"]
        heads = [cell.value for cell in sheet[1]]
        first, second = (sheet.cell(row, heads.index("T1等级") + 1) for row in (2, 3))
        assert (first.value, first.number_format) == (report.rows[0].dimensions[0].level, '0"▼"')
        assert second.number_format == "General"
        assert ("标记", "▼ 按得分本应更高，受关键项限制。") in list(book["汇总"].values)
        assert "▼" not in str(list(self.book(report_of(ALL))["汇总"].values))

    def test_keeps_names_as_they_are_in_every_sheet(self):
        framework, name = make_framework(), "甲_x0041_市\u202e"
        given = [answers_of(str(510100 + n), dict.fromkeys(ALL, 1)) for n in (1, 2)]
        given = [replace(answers, city=replace(answers.city, name=name)) for answers in given]
        found = self.book(build(framework, [Round(answers, False) for answers in given]))
        named = [c.value for sheet in found for row in sheet.iter_rows() for c in row if "0041" in str(c.value)]
        assert len(named) > 3
        assert all("甲_x005F_x0041_市" in value and "\u202e" not in value for value in named)

    def test_has_no_formula_whatever_people_wrote(self):
        rounds = [
            Round(answers_of(str(510100 + n), ALL | {"T1.2": 1}, HOSTILE, round="@SUM(1)" + "长" * 40_000), True)
            for n in (1, 2)
        ]
        for sheet in self.book(build(make_framework(), rounds)):
            for row in sheet.iter_rows():
                assert not [cell for cell in row if cell.data_type == "f"]
        assert self.book(build(make_framework(), rounds))["城市"]["B2"].value.startswith("=HYPERLINK")

    def test_bears_mark_line_and_days_and_the_line_on_each_page(self):
        rounds = [Round(answers_of("510100", ALL, as_of=day), False) for day in (date(2026, 3, 31), date(2026, 9, 30))]
        design = Design(consultant=Mark("云川咨询公司"), classification="内部资料 A&B")
        report = build(make_framework(), rounds, design=design)
        book = self.book(report)
        told = {row[0]: row[1] for row in book.worksheets[0].iter_rows(min_row=4, values_only=True)}
        assert book.sheetnames[0] == "汇总"
        assert (told["密级"], told["编制单位"]) == ("内部资料 A&B", "云川咨询公司")
        assert told["截至日期"] == "2026年3月31日 – 2026年9月30日"
        assert [sheet.oddHeader.right.text for sheet in book] == ["内部资料 A&&B"] * len(book.sheetnames)
        assert (book.properties.creator, book.properties.language) == ("云川咨询公司", "zh-CN")
        assert portfolio.make(report, "xlsx") == portfolio.make(report, "xlsx")

    def test_has_rows_as_tall_as_their_texts_and_prints_legibly(self):
        rounds = [
            Round(replace(sample.assessment(seed), city=City(str(510100 + seed), "某市")), False) for seed in (1, 2)
        ]
        book = self.book(build(sample.framework(), rounds, language="en"))
        for sheet in book.worksheets[1:]:
            assert sheet.oddHeader.left.text == sheet.title
            for row in sheet.iter_rows():
                for cell in row:
                    width = sheet.column_dimensions[cell.column_letter].width
                    if isinstance(cell.value, str) and len(cell.value) > 1.2 * width:
                        assert sheet.row_dimensions[cell.row].height > 30, cell.value
        assert (book["Cities"].page_setup.fitToWidth, book["Cities"].print_title_cols) == (2, "$A:$B")

    def test_tells_gaps_and_evidence(self):
        low = ALL | {"T1.2": 1}
        book = self.book(report_of(low, low))
        assert ("T1.2", "评估项T1.2", 2, 2, 2, "市510100、市510101") in list(book["共性差距"].values)
        assert [row[2] for row in book["缺少佐证"].values][1:] == [7, 7]
        assert [row[0] for row in book["得分分布"].values] == ["维度", "总体", "T1 维度T1", "P1 维度P1"]


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_a_response_with_nothing_in_it_is_no_trouble(kind):
    empty = replace(make_assessment({}), responses=(Response("T1.1"),))
    assert portfolio.make(build(make_framework(), [Round(empty, True)]), kind)
