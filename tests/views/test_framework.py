"""The framework as everybody may read it."""

from dataclasses import replace

import pytest
from django.urls import reverse

from assessment import actions
from assessment.outline import Passage
from tests.demo import load_shipped_framework
from tests.factories import make_framework, text
from tests.records import some_framework, store
from tests.views.pages import opened, visitor

pytestmark = pytest.mark.django_db


def opened_framework(client, framework, view="framework-detail"):
    return opened(client, view, framework.code, framework.version)


class TestTheShippedFramework:
    @pytest.fixture
    def shipped(self, db):
        return load_shipped_framework()

    def test_shows_every_criterion_with_six_descriptors_and_its_basis(self, shipped, viewer):
        text = opened_framework(visitor(viewer), shipped).text
        for criterion in shipped.outline().criteria.values():
            examples = (criterion.suffices, criterion.falls_short)
            for words in (criterion.title, criterion.statement, criterion.guidance, *examples):
                assert squeezed(words) in text
            assert len(criterion.levels) == 6
            for level in criterion.levels:
                assert squeezed(level.descriptor) in text
                assert squeezed(level.next) in text

    def test_prints_clause_and_reading_on_lines_of_their_own(self, shipped, viewer):
        html = opened_framework(visitor(viewer), shipped).html
        clauses, readings = html.count('<li class="cite-clause">'), html.count('<li class="cite-reading">')
        assert clauses >= 60
        assert readings > 0
        assert html.count("<b>条款</b>") == clauses
        assert html.count("<b>解读</b>") == readings

    def test_marks_what_was_assigned_and_never_quotes_it(self, shipped, viewer):
        html = opened_framework(visitor(viewer), shipped).html
        assigned = [item for item in html.split('<li class="cite-') if "本工具归入" in item.split("</li>")[0]]
        assert assigned
        assert all("<q>" not in item.split("</li>")[0] for item in assigned)

    def test_covers_clauses_by_criteria_and_criteria_by_clauses(self, shipped, viewer):
        page = opened_framework(visitor(viewer), shipped, "framework-coverage")
        outline = shipped.outline()
        for source in outline.sources:
            assert squeezed(source.title) in page.text
            for passage in source.passages:
                assert squeezed(passage.locator) in page.text
        for code in outline.criteria:
            there = f"{reverse('framework-detail', args=[shipped.code, shipped.version])}#{code}"
            assert page.links.count(there) == 1 + len(outline.criteria[code].cites)

    def test_never_quotes_where_quoting_is_not_allowed(self, shipped, viewer):
        html = opened_framework(visitor(viewer), shipped, "framework-coverage").html
        for source in shipped.outline().sources:
            for passage in source.passages:
                assert passage.quotable or not passage.quote
        assert html.count("<q>") >= 1


def squeezed(text):
    return " ".join(text.to("zh-hans").split())


def test_the_list_shows_published_and_retired_versions_and_no_draft(framework, viewer):
    store(make_framework(version="2025.1"), publish=False)
    retired = store(make_framework(version="2023.1"))
    actions.retire(retired)
    page = opened(visitor(viewer), "framework-list")
    assert page.row("2024.1")[1] == "已发布"
    assert page.row("2023.1")[1] == "已停用"
    assert "2025.1" not in page.text


def test_the_empty_list_says_how_to_begin(viewer):
    assert "还没有" in opened(visitor(viewer), "framework-list").text


def test_a_clause_on_which_nothing_rests_says_so(viewer):
    framework = some_framework()
    source = framework.sources[0]
    more = replace(source, passages=(*source.passages, Passage("三", text("第三条"), "verbatim", summary=text("别的"))))
    record = store(replace(framework, sources=(more,)))
    row = opened_framework(visitor(viewer), record, "framework-coverage").row("第三条")
    assert row[-1] == "没有评估项"


@pytest.mark.parametrize("version", ["2024.2", "2024", "x y"])
def test_a_version_that_is_not_there_is_not_found(framework, viewer, version):
    assert visitor(viewer).get(reverse("framework-detail", args=[framework.code, version])).status_code == 404
