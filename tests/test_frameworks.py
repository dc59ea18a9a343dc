"""Every shipped framework and three odd ones go the whole way: score, report, workbook, pages."""

import json

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given as random
from hypothesis import settings

from assessment.exchange.framework import read_framework, write_framework
from assessment.exchange.workbook import read_workbook, write_workbook
from assessment.gaps import evaluate
from assessment.outline import Response
from assessment.reports import pdf
from assessment.reports.content import build
from tests.exchange.test_workbook import make_pack
from tests.factories import cases_on_any_scale, make_assessment
from tests.frameworks import PRODUCT, answered, every_framework, foreign_words
from tests.records import make_round, store
from tests.reports.paper import greys, leaves_the_margins, pages_of, words_of
from tests.views.pages import opened, visitor


@pytest.fixture(params=every_framework())
def given(request):
    return every_framework()[request.param]


@pytest.fixture(scope="module", params=every_framework())
def reported(request):
    """The framework, and its report as bytes."""
    given = every_framework()[request.param]
    return given, pdf.render(build(given, answered(given)))


def without_spaces(text):
    return "".join(text.split())


def test_its_score_document_holds_every_part_in_its_place(given):
    document = json.loads(json.dumps(evaluate(given, answered(given)).document(), allow_nan=False))
    assert list(document["lenses"]) == [lens.code for lens in given.lenses]
    assert list(document["dimensions"]) == [dimension.code for dimension in given.dimensions]
    for scored in (document["overall"], *document["lenses"].values(), *document["dimensions"].values()):
        assert scored["score"] is None or 0 <= scored["low"] <= scored["score"] <= scored["high"] <= 100
        assert scored["level"] is None or 0 <= scored["level"] <= given.highest
    assert {gap["criterion"] for gap in document["gaps"]} <= set(given.criteria)


def test_its_file_is_read_as_it_was_written(given, tmp_path):
    file = tmp_path / "framework.yaml"
    file.write_text(write_framework(given), encoding="utf-8")
    assert read_framework(file) == given


def test_its_report_names_every_dimension_and_criterion(reported):
    framework, data = reported
    words = words_of(data)
    for part in (*framework.dimensions, *framework.criteria.values()):
        assert without_spaces(part.code + (getattr(part, "title", None) or part.name).to("zh-hans")) in words
    for level in framework.scale:
        assert without_spaces(f"{level.level}{level.name.to('zh-hans')}") in words


def test_its_report_says_nothing_that_only_another_framework_says(reported):
    framework, data = reported
    words = words_of(data)
    assert [word for word in foreign_words(framework) if word in words] == []


def test_its_summary_and_its_method_are_one_page_each(reported):
    _framework, data = reported
    pages = pages_of(data)
    for chapter in ("一页摘要", "评估方法"):
        assert len([page for page in pages if chapter in page]) == 2, chapter  # the other is the contents


def test_its_report_keeps_to_its_margins(reported):
    _framework, data = reported
    assert [n for n, rows in enumerate(greys(data), 1) if n > 1 and leaves_the_margins(rows)] == []


def test_its_workbook_comes_back_as_it_went(given):
    answers = {r.criterion: Response(**vars(r) | {"verified_level": None}) for r in answered(given).responses}
    with translation.override("zh-hans"):
        data = write_workbook(make_pack(answers.values(), framework=given, codes=tuple(given.criteria)))
        back = read_workbook(data, given, 7)
    assert back.problems == []
    assert back.answers == answers


PAGES = ["assessment-detail", "assessment-results", "questionnaire-print", "assessment-targets", "review-detail"]


@pytest.fixture
def stored(given, city):
    """The framework published, and a round that answers it."""
    record = store(given)
    answers = {r.criterion: {k: v for k, v in vars(r).items() if k != "criterion"} for r in answered(given).responses}
    return make_round(city, record, answers, target=given.targets[0].code)


def opened_pages(client, record):
    of_framework = [record.framework.code, record.framework.version]
    yield from (opened(client, name, record.pk) for name in PAGES)
    yield from (opened(client, name, *of_framework) for name in ("framework-detail", "framework-coverage"))
    yield opened(client, "framework-list")
    for dimension in record.framework.outline().dimensions[:2]:
        yield opened(client, "dimension-answer", record.pk, dimension.code)


def test_its_pages_stand_and_say_nothing_that_only_another_framework_says(stored, lead):
    foreign = foreign_words(stored.framework.outline())
    for page in opened_pages(visitor(lead), stored):
        said = " ".join([page.text, *page.spoken]).replace(PRODUCT, "")
        assert page.status == 200, page.address
        assert [word for word in foreign if word in said] == [], page.address


def test_its_questions_are_asked_with_all_levels_and_in_its_own_words(stored, lead):
    framework = stored.framework.outline()
    for dimension in framework.dimensions:
        page = opened(visitor(lead), "dimension-answer", stored.pk, dimension.code)
        for criterion in dimension.criteria:
            assert criterion.title.to("zh-hans") in page.text
            assert all(level.descriptor.to("zh-hans") in page.text for level in criterion.levels)


def test_its_results_name_the_lens_and_show_every_criterion(stored, lead):
    framework = stored.framework.outline()
    page = opened(visitor(lead), "assessment-results", stored.pk)
    assert all(lens.name.to("zh-hans") in page.text for lens in framework.lenses)
    assert all(f'#{code}"' in page.html for code in framework.criteria)


def test_its_report_can_be_taken_from_the_page(stored, lead):
    answer = visitor(lead).get(reverse("report-download", args=[stored.pk]))
    assert answer.content.startswith(b"%PDF")


@settings(max_examples=15)
@random(case=cases_on_any_scale())
def test_any_framework_has_a_report(case):
    framework, answers = case
    words = words_of(pdf.render(build(framework, make_assessment(answers))))
    assert all(without_spaces(f"{c.code}{c.title}") in words for c in framework.criteria.values())
