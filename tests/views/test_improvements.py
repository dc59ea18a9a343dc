"""Who closes which gap, until when: one table, saved at once, wrong rows told, two people merged row by row."""

from datetime import date

import pytest

from assessment import actions
from tests.factories import EXAMPLE_TWO
from tests.records import approved, framework_of, make_round, store
from tests.views.pages import opened, sent, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def record(city, framework):
    return make_round(city, framework, EXAMPLE_TWO)


@pytest.fixture
def save(record, lead):
    def send(**changes):
        client = visitor(lead)
        wanted = {name.replace("__", "-").replace("_", "."): value for name, value in changes.items()}
        return sent(client, opened(client, "improvement-list", record.pk), wanted)

    return send


def stored(record):
    return {row.criterion: (row.owner, row.due_on) for row in record.improvements.all()}


def test_the_table_has_a_row_for_each_gap_in_rank_order(record, lead):
    page = opened(visitor(lead), "improvement-list", record.pk)
    results = opened(visitor(lead), "assessment-results", record.pk)
    shown, ranked = ([row[1].split()[0] for row in p.rows if row and row[0].isdigit()] for p in (page, results))
    assert shown == ranked


def test_departments_of_the_city_are_offered(record, lead, city):
    city.departments.create(name="市数据局")
    assert '<option value="市数据局">' in opened(visitor(lead), "improvement-list", record.pk).html


def test_key_criteria_are_marked_as_in_the_list_of_recommendations(record, lead):
    marked = {
        name: opened(visitor(lead), name, record.pk).text.count("关键项")
        for name in ("improvement-list", "remark-list")
    }
    assert marked["improvement-list"] == marked["remark-list"] > 0


def test_all_rows_are_saved_at_once(record, save):
    page = save(owner__T1_1="市数据局", due__T1_1="2027-06-30", owner__P1_B1="某企业")
    assert "已保存2行" in page.text
    assert stored(record) == {"T1.1": ("市数据局", date(2027, 6, 30)), "P1.B1": ("某企业", None)}
    assert "没有" in save().text


def test_names_its_fields_on_a_phone_too(record, lead):
    page = opened(visitor(lead), "improvement-list", record.pk)
    labels = [given.get("data-label") for tag, given in page.reader.tags if tag == "td"]
    assert labels.count("责任单位/责任人") == labels.count("完成期限") > 0


def test_a_wrong_row_is_told_and_nothing_is_saved(record, save):
    page = save(owner__T1_1="市数据局", due__P1_B1="2027-02-30", owner__P1_B2="长" * 101)
    assert page.status == 422
    assert "P1.B1完成期限" in page.text and "P1.B2责任单位/责任人" in page.text
    assert "日期应写成2027-06-30" in page.text
    assert page.form["owner-T1.1"] == "市数据局"
    assert stored(record) == {}


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "9999-12-31"])
def test_a_day_that_nobody_can_mean_is_told_in_its_row(record, save, day):
    page = save(owner__P1_B1="某企业", due__T1_1=day)
    assert page.status == 422
    first, last = date.today().year, date.today().year + 20
    row = next(row for row in page.rows if len(row) > 4 and row[1].startswith("T1.1"))
    assert f"日期应在{first}-01-01至{last}-12-31之间" in row[4]
    assert stored(record) == {}


def test_a_day_that_was_stored_before_hinders_no_other_row(record, save, lead):
    actions.set_improvements(record, {"T1.1": ("", date(1900, 1, 1))}, by=lead)
    save(owner__P1_B1="某企业")
    assert stored(record) == {"T1.1": ("", date(1900, 1, 1)), "P1.B1": ("某企业", None)}


def test_three_hundred_rows_are_not_too_many(city, lead):
    framework = store(framework_of(300))
    record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 1))
    client = visitor(lead)
    page = opened(client, "improvement-list", record.pk)
    assert sent(client, page, {name: "市数据局" for name in page.form if name.startswith("owner-")}).status == 200
    assert record.improvements.count() == 300


def test_hostile_owners_are_words(record, save):
    page = save(owner__T1_1='<script>alert(1)</script>"', owner__P1_B1="=cmd|'/C calc'!A0\x00\u202e")
    assert page.status == 200
    assert "<script>alert(1)" not in page.html


def test_emptied_rows_go(record, save):
    save(owner__T1_1="市数据局")
    save(owner__T1_1="")
    assert stored(record) == {}


def test_owners_are_set_after_approval_too(record, save):
    approved(record)
    save(owner__T1_1="市数据局")
    assert stored(record)["T1.1"] == ("市数据局", None)


def test_what_two_people_set_in_different_rows_is_kept_and_the_same_row_is_asked_about(record, lead, consultant):
    pages = [opened(visitor(user), "improvement-list", record.pk) for user in (lead, consultant)]
    sent(visitor(lead), pages[0], {"owner-T1.1": "甲局", "owner-P1.B1": "乙局"})
    page = sent(visitor(consultant), pages[1], {"owner-T1.1": "丙局", "owner-P1.B2": "丁局"})
    assert (page.status, "“甲局”" in page.text, page.form["owner-T1.1"]) == (422, True, "丙局")
    assert {code: owner for code, (owner, _day) in stored(record).items()} == {
        "T1.1": "甲局",
        "P1.B1": "乙局",
        "P1.B2": "丁局",
    }


def test_a_criterion_that_is_no_gap_any_more_keeps_its_owner_unseen(record, save, lead):
    actions.set_improvements(record, {"T1.2": ("市数据局", None)}, by=lead)
    save(owner__T1_1="甲局")
    assert stored(record)["T1.2"] == ("市数据局", None)


def test_without_gaps_nobody_has_to_be_named(city, framework, lead):
    record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 5))
    assert "没有差距" in opened(visitor(lead), "improvement-list", record.pk).text
