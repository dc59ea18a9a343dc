"""Two versions of a framework compared, as a policy person sees it."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment import actions
from assessment.models import Framework
from tests.editing import inserted, next_version, rich_framework, with_criterion, without
from tests.factories import make_criteria, text
from tests.records import framework_of, store
from tests.views.pages import opened, visitor

pytestmark = pytest.mark.django_db
OLD = rich_framework()


def split(framework):
    parts = (replace(item, replaces=("T1.2",)) for item in make_criteria("T1.2a", "T1.2b"))
    return inserted(without(framework, "T1.2"), "T1", *parts, at=1)


@pytest.fixture
def old():
    return store(OLD)


@pytest.fixture
def new(old):
    """The next version, published: a criterion was split, a weight and a wording changed."""
    return store(with_criterion(split(next_version(OLD)), "T1.3", weight=2, statement=text("T1.3判断的事")))


def drafted(previous, framework):
    """A draft that was copied from the version before, and edited."""
    record = store(framework, publish=False)
    record.previous = previous
    record.save()
    return record


def compared(client, record, **query):
    return opened(client, "comparison-detail", record.code, record.version, **query)


def test_the_page_says_in_plain_words_what_changed_and_counts_it(new, viewer):
    page = compared(visitor(viewer), new)
    assert "2024.1到2025.1的变化" in page.text
    assert "3处不同" in page.text
    assert "T1.2（评估项T1.2）拆分为T1.2a（评估项T1.2a）、T1.2b（评估项T1.2b）" in page.text
    assert "T1.3（评估项T1.3）：权重由1改为2" in page.text


def test_words_are_struck_out_and_put_in_by_shape(new, viewer):
    assert "T1.3判断<del>什么</del><ins>的事</ins>" in compared(visitor(viewer), new).html


def test_what_counts_otherwise_though_its_weight_stayed_is_listed(new, viewer):
    assert compared(visitor(viewer), new).row("T1.1") == ["T1.1 评估项T1.1", "16.7%", "10.0%"]


def test_the_other_way_round_is_one_click_away(new, viewer):
    page = compared(visitor(viewer), new)
    there = f"{reverse('comparison-detail', args=[new.code, '2024.1'])}?with=2025.1"
    assert there in page.links
    assert "2025.1到2024.1的变化" in opened(visitor(viewer), there).text


def test_the_framework_s_page_and_the_list_lead_there(new, viewer):
    there = reverse("comparison-detail", args=[new.code, new.version])
    assert there in opened(visitor(viewer), "framework-detail", new.code, new.version).links
    assert there in opened(visitor(viewer), "framework-list").links


def test_without_another_version_the_page_says_so(old, viewer):
    assert "还没有其他版本" in compared(visitor(viewer), old).text


def test_the_version_before_is_the_one_that_was_copied(old, criteria_admin):
    store(next_version(OLD, "2024.2"))
    draft = drafted(old, next_version(OLD, "2025.1"))
    assert "2024.1到2025.1的变化" in compared(visitor(criteria_admin), draft).text


def test_else_it_is_the_last_one_published_before(old, new, viewer):
    latest = store(next_version(OLD, "2026.1"))
    assert "2025.1到2026.1的变化" in compared(visitor(viewer), latest).text
    assert "2024.1到2025.1的变化" in compared(visitor(viewer), new).text


def test_any_other_version_can_be_chosen(old, new, viewer):
    latest = store(next_version(OLD, "2026.1"))
    page = compared(visitor(viewer), latest, **{"with": "2024.1"})
    assert "2024.1到2026.1的变化" in page.text
    assert "两者内容相同" in page.text
    assert page.form["with"] == "2024.1"


def test_a_split_is_found_through_the_version_between(old, criteria_admin):
    middle = drafted(old, split(next_version(OLD)))
    actions.publish(middle)
    last = drafted(middle, with_criterion(split(next_version(OLD, "2026.1")), "T1.1", weight=3))
    page = compared(visitor(criteria_admin), last, **{"with": "2024.1"})
    assert "T1.2（评估项T1.2）拆分为T1.2a（评估项T1.2a）、T1.2b（评估项T1.2b）" in page.text


def test_a_draft_is_no_stranger_s_business(old, viewer, criteria_admin):
    draft = store(split(next_version(OLD)), publish=False)
    assert visitor(viewer).get(reverse("comparison-detail", args=[draft.code, draft.version])).status_code == 404
    there = reverse("comparison-detail", args=[old.code, old.version])
    assert visitor(viewer).get(there, {"with": draft.version}).status_code == 404
    assert visitor(criteria_admin).get(there, {"with": draft.version}).status_code == 200
    assert draft.version not in compared(visitor(viewer), old).text


@pytest.mark.parametrize("wanted", ["2019.1", "x y", "'"])
def test_a_version_that_is_not_there_is_not_found(old, viewer, wanted):
    there = reverse("comparison-detail", args=[old.code, old.version])
    assert visitor(viewer).get(there, {"with": wanted}).status_code == 404


def test_what_somebody_wrote_is_never_markup(old, viewer):
    new = store(with_criterion(next_version(OLD), "T1.1", statement=text("<b>粗</b>")))
    html = compared(visitor(viewer), new).html
    assert "&lt;b&gt;" in html
    assert "<b>粗" not in html


def test_queries_do_not_grow_with_the_framework(criteria_admin):
    def queries(count):
        for version in ("1", "2"):
            store(framework_of(count, code=f"of-{count}", version=version), publish=False)
        client = visitor(criteria_admin)
        with CaptureQueriesContext(connection) as captured:
            compared(client, Framework.objects.get(code=f"of-{count}", version="2"))
        return len(captured)

    assert queries(2) == queries(30)
