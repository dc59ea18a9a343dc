"""The event log's pages: who reads what of it, how it is searched, and what is taken away."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assessment import access, actions
from assessment.exchange import log
from assessment.models import City, Event
from assessment.outline import Response
from assessment.views.event import EVENTS_A_PAGE
from tests.records import PASSWORD, make_member, make_round, make_user
from tests.views.pages import opened, visitor

pytestmark = pytest.mark.django_db
HOSTILE = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", '=HYPERLINK("http://evil.example")']


@pytest.fixture
def auditor(db):
    access.separated_admins()
    user = make_user("auditor", "审计员")
    user.groups.add(Group.objects.get(name=access.AUDITORS))
    return user


@pytest.fixture
def elsewhere(framework):
    """A round of a city that is nobody's here."""
    return make_round(City.objects.create(code="440100", name="广州市"), framework)


def happened(verb="opened", **fields):
    return Event.objects.create(verb=verb, **fields)


def log_of(user, **query):
    return opened(visitor(user), "event-list", **query)


def told(page):
    """What stands in the table, a line an event."""
    return [" ".join(row) for row in page.rows[1:]]


def exported(user, **query):
    response = visitor(user).get(reverse("event-export"), query)
    assert response.status_code == 200
    return response, load_workbook(BytesIO(response.content)).active


# Who reads it


@pytest.mark.parametrize("who", ["admin", "auditor"])
def test_who_keeps_watch_reads_everything(request, assessment, elsewhere, who):
    happened("signed_in", person="某人")
    page = log_of(request.getfixturevalue(who))
    for words in ("杭州市", "广州市", "某人"):
        assert words in page.text


def test_a_lead_reads_what_happened_in_their_city_and_nothing_else(assessment, elsewhere, lead):
    happened("signed_in", person="某人", origin="10.9.8.7")
    page = log_of(lead)
    assert "杭州市" in page.text
    for words in ("广州市", "某人", "10.9.8.7"):
        assert words not in page.html
    assert "广州市" not in str(list(exported(lead)[1].values))


@pytest.mark.parametrize("who", ["contributor", "reviewer", "viewer", "consultant", "criteria_admin"])
def test_others_find_no_log(request, assessment, who):
    client = visitor(request.getfixturevalue(who))
    for view in ("event-list", "event-export"):
        assert client.get(reverse(view)).status_code == 404
    assert reverse("event-list") not in opened(client, "assessment-list").links


def test_a_lead_whose_days_are_over_finds_no_log(city, lead):
    lead.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert visitor(lead).get(reverse("event-list")).status_code == 404


def test_an_auditor_reads_the_log_and_no_round(assessment, auditor):
    assert log_of(auditor).status == 200
    assert assessment.get_absolute_url() not in log_of(auditor).links
    assert visitor(auditor).get(assessment.get_absolute_url()).status_code == 404


def test_the_way_there_is_shown_to_who_may_go_it(assessment, lead, auditor, viewer):
    room = f"{reverse('event-list')}?assessment={assessment.pk}"
    assert room in opened(visitor(lead), "assessment-detail", assessment.pk).links
    assert room not in opened(visitor(viewer), "assessment-detail", assessment.pk).links
    assert reverse("event-list") in opened(visitor(auditor), "assessment-list").links


@pytest.mark.parametrize("view", ["event-list", "event-export"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(admin, view, method):
    assert getattr(visitor(admin), method)(reverse(view)).status_code == 405


# What a row tells


def test_a_row_tells_when_who_what_concerning_what_why_and_from_where(assessment, lead):
    moment = timezone.make_aware(datetime(2026, 5, 6, 7, 8, 9))
    happened(
        "returned",
        at=moment,
        by=lead,
        person="牵头人（lead）",
        city=assessment.city,
        assessment=assessment,
        target="T1.1",
        details={"reason": "佐证不足", "unheard-of": "某事"},
        origin="2001:db8::1",
    )
    (row,) = [row for row in log_of(lead).rows if "2026-05-06 07:08:09" in row]
    line = " ".join(row)
    for words in (
        "牵头人（lead）",
        str(Event.Verb.RETURNED.label),
        "T1.1",
        "杭州市",
        "理由 佐证不足",
        "unheard-of 某事",
        "2001:db8::1",
    ):
        assert words in line
    assert assessment.get_absolute_url() in log_of(lead).links


def test_what_a_command_did_is_told_apart_from_what_nobody_knows(admin):
    happened("imported")
    happened("sign_in_failed", target="nobody", origin="10.0.0.1")
    by_command, failed = (next(row for row in log_of(admin).rows if word in row) for word in ("导入应答", "登录失败"))
    assert "服务器上的命令" in by_command
    assert "—" in failed


def test_the_log_outlives_a_round_that_is_deleted(city, framework, admin):
    record = make_round(city, framework)
    record.delete()
    assert "导入应答" in " ".join(told(log_of(admin)))
    assert [row[2] for row in exported(admin)[1].values] == ["事件", "导入应答", "发布评估框架"]


def test_what_people_wrote_is_never_markup(admin):
    happened(target="<script>alert(1)</script>", details={"reason": "<b>x</b>"}, person="<i>")
    page = log_of(admin)
    assert "<script>alert" not in page.html and "<b>x" not in page.html and "<i>" not in page.html
    assert "<script>alert(1)</script>" in page.text


# Searching


@pytest.fixture
def many(assessment, elsewhere, lead):
    Event.objects.record("opened", by=lead, assessment=assessment, reason="期限将至")
    Event.objects.record("submitted", by=make_user("other", "别人"), assessment=elsewhere, target="T9.9")


@pytest.mark.parametrize(
    ("query", "present", "absent"),
    [
        ({"verb": "opened"}, "期限将至", "T9.9"),
        ({"person": "别人"}, "T9.9", "期限将至"),
        ({"person": "other"}, "T9.9", "期限将至"),
        ({"words": "期限"}, "期限将至", "T9.9"),
        ({"words": "t9.9"}, "T9.9", "期限将至"),
        ({"words": "广州"}, "T9.9", "期限将至"),
        ({"words": "%"}, "没有这样的事件", "T9.9"),
        ({"words": "\\u"}, "没有这样的事件", "T9.9"),
    ],
)
def test_each_way_of_searching(admin, many, query, present, absent):
    page = log_of(admin, **query)
    lines = " ".join(told(page)) or page.text
    assert present in lines and absent not in lines


def test_by_city_and_by_round(admin, assessment, elsewhere):
    for query in ({"city": assessment.city_id}, {"assessment": assessment.pk}):
        lines = told(log_of(admin, **query))
        assert lines and all("杭州市" in line for line in lines)


def test_a_rounds_log_is_one_of_its_rooms(lead, assessment):
    happened(assessment=assessment, city=assessment.city)
    page = log_of(lead, assessment=assessment.pk)
    here = [given["href"] for tag, given in page.reader.tags if tag == "a" and given.get("aria-current") == "page"]
    assert here == [f"{reverse('event-list')}?assessment={assessment.pk}"]
    assert reverse("assessment-results", args=[assessment.pk]) in page.links


def test_another_citys_round_is_no_choice_for_a_lead(lead, assessment, elsewhere):
    for query in ({"city": elsewhere.city_id}, {"assessment": elsewhere.pk}):
        page = log_of(lead, **query)
        assert page.status == 200
        assert "广州市" not in page.html


def test_the_days_are_whole_days_here(admin):
    for hour, name in ((0, "早"), (23, "晚")):
        happened(at=timezone.make_aware(datetime(2026, 5, 6, hour, 59, 59)), target=name)
    for day, found in (("2026-05-05", []), ("2026-05-06", ["晚", "早"]), ("2026-05-07", [])):
        lines = told(log_of(admin, first=day, last=day))
        assert [name for line in lines for name in ("早", "晚") if name in line] == found


@pytest.mark.parametrize(
    "query",
    [
        {"first": "gestern"},
        {"first": "0001-01-01"},
        {"last": "9999-12-31"},
        {"city": "x"},
        {"assessment": "99999"},
        {"verb": "flown"},
        {"page": "x"},
    ],
)
def test_nonsense_is_told_and_harms_nothing(admin, query):
    happened()
    page = log_of(admin, **query)
    assert page.status == 200
    assert len(told(page)) == 1
    assert "page" in query or "field-error" in page.html


def test_a_long_log_has_pages_that_keep_the_search(admin):
    Event.objects.bulk_create(Event(verb="opened", target=f"第{n}项") for n in range(EVENTS_A_PAGE + 1))
    happened("submitted")
    first = log_of(admin, verb="opened")
    assert len(told(first)) == EVENTS_A_PAGE
    (onward,) = [link for link in first.links if "page=2" in link]
    assert "verb=opened" in onward
    assert len(told(opened(visitor(admin), reverse("event-list") + onward))) == 1


@pytest.mark.parametrize("who", ["admin", "lead", "auditor"])
def test_the_number_of_queries_does_not_grow(request, assessment, elsewhere, who, django_assert_max_num_queries):
    client = visitor(request.getfixturevalue(who))
    for _round in range(3):
        with django_assert_max_num_queries(14):
            client.get(reverse("event-list"))
        for number in range(EVENTS_A_PAGE // 3):
            Event.objects.record("edited", assessment=assessment if number % 2 else elsewhere, reason="改")


# Taking it away


def test_the_workbook_holds_what_the_page_shows(admin, many):
    _response, sheet = exported(admin, words="期限")
    head, *rows = sheet.values
    assert head[:3] == ("时间", "人员", "事件")
    assert len(rows) == 1
    assert rows[0][1:7] == (
        "牵头人（lead）",
        str(Event.Verb.OPENED.label),
        "杭州市",
        "杭州市 2026",
        None,
        "理由：期限将至",
    )
    assert sheet.freeze_panes == "A2"


def test_taking_it_away_is_an_event_too(admin, lead, assessment):
    exported(lead, assessment=assessment.pk)
    event = Event.objects.filter(verb="exported").get()
    assert (event.by, event.city, event.assessment, event.target) == (lead, assessment.city, assessment, "events.xlsx")
    assert event.details == {"rows": "1"}
    exported(admin)
    assert Event.objects.filter(verb="exported", by=admin, city=None).count() == 1


@pytest.mark.parametrize("words", HOSTILE)
def test_no_cell_is_a_formula_whatever_was_written(admin, words):
    happened(target=words, person=words, details={"reason": words}, origin=words[:45])
    _response, sheet = exported(admin)
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value]
    assert len(cells) > 4
    assert all(cell.data_type == "s" for cell in cells)
    dangerous = [cell for cell in cells if cell.value.lstrip()[:1] in "=+-@"]
    assert dangerous and all(cell.quotePrefix for cell in dangerous)
    assert not sheet._hyperlinks


def test_signs_that_no_workbook_can_hold_are_left_out(admin):
    happened(target="甲\x0b乙\ufffe", details={"reason": "字" * 40_000})
    (row,) = list(exported(admin)[1].values)[1:]
    assert row[5] == "甲乙"
    assert len(row[6]) <= 32_767


def test_a_very_long_log_is_cut_at_the_newest_and_the_page_says_so(admin, monkeypatch):
    Event.objects.bulk_create(Event(verb="opened", target=f"第{n}项") for n in range(5))
    for module in ("assessment.views.event.MOST_ROWS", "assessment.exchange.log.MOST_ROWS"):
        monkeypatch.setattr(module, 3)
    assert "导出最新的3条" in log_of(admin).text
    rows = list(exported(admin)[1].values)[1:]
    assert [row[5] for row in rows] == ["第4项", "第3项", "第2项"]


def test_the_number_of_queries_of_the_export_does_not_grow(admin, assessment, elsewhere, django_assert_max_num_queries):
    for number in range(60):
        Event.objects.record("edited", assessment=assessment if number % 2 else elsewhere, by=admin)
    client = visitor(admin)
    with django_assert_max_num_queries(8):
        client.get(reverse("event-export"))


def test_the_export_is_a_workbook_by_name_and_type(admin):
    response, _sheet = exported(admin)
    assert response["Content-Type"] == log.MEDIA_TYPE
    assert response["Content-Disposition"] == 'attachment; filename="events.xlsx"'


# What gets into it, from where


class TestTheAddress:
    def sign_in(self, **headers):
        make_user("someone", "某人")
        address = reverse("account_login")
        visitor().post(address, {"login": "someone", "password": PASSWORD}, REMOTE_ADDR="10.0.0.7", headers=headers)
        return Event.objects.get(verb="signed_in").origin

    def test_is_the_neighbours_where_no_proxy_is_trusted(self, db):
        assert self.sign_in(x_forwarded_for="1.2.3.4") == "10.0.0.7"

    def test_is_what_the_trusted_proxy_added_and_not_what_the_person_claims(self, db, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        assert self.sign_in(x_forwarded_for="6.6.6.6, 1.2.3.4") == "1.2.3.4"

    def test_is_counted_from_the_last_of_several_proxies(self, db, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
        assert self.sign_in(x_forwarded_for="6.6.6.6, 1.2.3.4, 10.1.1.1") == "1.2.3.4"

    def test_is_the_neighbours_where_the_proxy_said_nothing(self, db, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        assert self.sign_in() == "10.0.0.7"

    @pytest.mark.parametrize("said", ["not an address", "", "1.2.3.4"])
    def test_that_makes_no_sense_stops_nobody(self, db, settings, said):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
        client = visitor(make_user("someone", "某人"))
        for _time in range(2):
            assert client.get("/", REMOTE_ADDR="10.0.0.7", headers={"x-forwarded-for": said}).status_code == 200


def test_signing_in_failing_and_signing_out_are_logged(db):
    make_user("someone", "某人")
    client = visitor()
    for password in ("wrong-password", PASSWORD):
        client.post(reverse("account_login"), {"login": "someone", "password": password})
    client.post(reverse("account_logout"))
    events = list(Event.objects.order_by("pk").values_list("verb", "person", "target"))
    assert events == [
        ("sign_in_failed", "", "someone"),
        ("signed_in", "某人（someone）", ""),
        ("signed_out", "某人（someone）", ""),
    ]


@pytest.mark.parametrize(
    ("view", "target"), [("report-download", "差距报告 · PDF"), ("score-download", "得分文件 · JSON")]
)
def test_taking_a_report_away_is_logged(assessment, viewer, view, target):
    Event.objects.filter(verb="exported").first()
    assert visitor(viewer).get(reverse(view, args=[assessment.pk])).status_code == 200
    event = Event.objects.get(verb="exported")
    assert (event.by, event.assessment, event.target) == (viewer, assessment, target)
    assert event.origin == "127.0.0.1"


def test_an_event_of_a_person_without_a_name_bears_the_account(city, assessment):
    user = make_member("13800000000", "", city, "lead")
    actions.answer(assessment, Response("T1.1", level=1), by=user, seen=0)
    assert Event.objects.record("opened", by=user, assessment=assessment).person == "13800000000"
