"""Batches on their pages: ordered, watched, cancelled, tried again, fetched by who ordered them."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from assessment import tasks
from assessment.models import Batch, BatchItem, City, Event, Membership
from assessment.reports.making import EVERY, Form
from tests.batches import LEVELS, NoRoomForArchives, made, make_rounds, now, ordered, storage
from tests.records import make_member, make_round
from tests.views.pages import opened, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def rounds(consultant, framework, assessment):
    return make_rounds(consultant, framework, 3)


@pytest.fixture
def batch(consultant, rounds):
    return ordered(consultant, rounds)


@pytest.fixture
def client(consultant):
    return visitor(consultant)


def lose(record):
    Membership.objects.filter(city=record.city).update(ends_on=timezone.localdate() - timedelta(days=1))


def fetched(client, batch) -> list[str]:
    """The names in the ZIP, every one of which can be read."""
    response = client.get(reverse("batch-download", args=[batch.pk]))
    archive = zipfile.ZipFile(BytesIO(b"".join(response.streaming_content)))
    assert archive.testzip() is None
    return archive.namelist()


def unable(city):
    """Renders what comes as the report in JSON, but not this city's."""

    def render(content):
        if content.cover.city == city.name:
            raise OSError(5, "Input/output error")
        return b"{}"

    return render


def cities_in(names) -> set[str]:
    return {name.split("-")[0] for name in names}


def order(client, rounds, **more):
    given = {"round": [record.pk for record in rounds], "forms": ["json"], "language": "zh-hans"} | more
    return client.post(reverse("batch-add"), given)


class TestOrdering:
    def test_makes_a_batch_and_its_task_and_leads_to_it(self, client, rounds, consultant):
        response = order(client, rounds, forms=["pdf", "json"])
        batch = Batch.objects.get()
        assert response.url == reverse("batch-detail", args=[batch.pk])
        assert (batch.by, batch.forms, batch.state) == (consultant, ["pdf", "json"], "waiting")
        assert batch.items.count() == 6
        assert DBTaskResult.objects.filter(pk=batch.task, status="READY").exists()

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"round": []}, "请至少选择一个城市"),
            ({"forms": []}, "请至少选择一种格式"),
            ({"forms": ["fax"]}, "fax"),
            ({"round": ["9999999"]}, "重新选择"),
            ({"round": ["x\u202e<b>"]}, "重新选择"),
            ({"language": "xx"}, "xx"),
        ],
    )
    def test_of_what_cannot_be_made_says_why_and_makes_nothing(self, client, rounds, given, words):
        response = order(client, rounds, **given)
        assert response.status_code == 422
        assert words in response.content.decode()
        assert "x\u202e<b>" not in response.content.decode()
        assert not Batch.objects.exists()
        assert not DBTaskResult.objects.exists()

    def test_keeps_what_was_chosen_when_something_is_missing(self, client, rounds):
        html = order(client, rounds[:1], forms=[]).content.decode()
        assert html.count(" checked") >= 2
        assert f'id="round-{rounds[0].pk}" checked' in html

    def test_of_a_strangers_city_is_refused(self, client, rounds, framework, stranger):
        theirs = make_round(City.objects.get(code="320100"), framework, LEVELS)
        assert order(client, [rounds[0], theirs]).status_code == 422
        assert not Batch.objects.exists()

    def test_keeps_what_the_desk_was_narrowed_to(self, client, rounds):
        page = opened(client, "portfolio-list", q="510101", sort="score")
        assert f'action="{reverse("batch-add")}?q=510101&amp;sort=score"' in page.html
        answer = client.post(reverse("batch-add") + "?q=510101", {"round": []}).content.decode()
        assert "蜀510101市" in answer
        assert "蜀510100市" not in answer

    @pytest.mark.parametrize("there", ["/batches/add/", "/portfolio/report.pdf"])
    def test_by_a_link_leads_back_to_the_desk(self, client, rounds, stranger, there):
        assert client.get(f"{there}?q=51&page=2").url == f"{reverse('portfolio-list')}?q=51&page=2"
        assert visitor(stranger).get(there).status_code == 404
        assert not Batch.objects.exists()

    def test_is_not_for_who_has_no_desk(self, rounds, lead, stranger, viewer):
        assert {order(visitor(user), rounds).status_code for user in (lead, stranger, viewer)} == {404}

    def test_offers_every_form_that_there_is(self, client, rounds, monkeypatch):
        monkeypatch.setitem(EVERY, "odt", Form("ODT", "application/odt", lambda content: b"x", "odt"))
        assert "ODT" in opened(client, "portfolio-list").text
        assert order(client, rounds, forms=["odt"]).status_code == 302


class TestWatching:
    def test_says_in_words_how_far_it_is_and_asks_again(self, client, batch):
        page = opened(client, "batch-detail", batch.pk)
        assert "排队中" in page.text
        assert "已处理0 / 3份" in page.text
        assert "3个城市：蜀510100市、蜀510101市、蜀510102市" in page.text
        assert 'data-label="城市">3<' in opened(client, "batch-list").html
        assert 'hx-trigger="every 2s"' in page.html

    def test_is_a_part_of_the_page_for_htmx(self, client, batch):
        part = client.get(reverse("batch-detail", args=[batch.pk]), headers={"HX-Request": "true"}).content.decode()
        assert part.strip().startswith('<div id="batch"')
        assert "<html" not in part

    def test_ends_when_it_is_done(self, client, batch):
        made(batch)
        page = opened(client, "batch-detail", batch.pk)
        assert "已处理3 / 3份" in page.text
        assert "hx-trigger" not in page.html
        assert reverse("batch-download", args=[batch.pk]) in page.links

    def test_says_when_nobody_takes_it_up(self, client, batch):
        assert "没有运行" not in opened(client, "batch-detail", batch.pk).text
        Batch.objects.update(heard_at=timezone.now() - timedelta(seconds=40))
        assert "没有运行" in opened(client, "batch-detail", batch.pk).text

    def test_says_when_the_worker_is_not_heard_of_any_more_and_when_another_goes_on(self, client, batch):
        Batch.objects.update(state="running", heard_at=timezone.now() - timedelta(seconds=10))
        assert "中断" not in opened(client, "batch-detail", batch.pk).text
        Batch.objects.update(heard_at=timezone.now() - timedelta(seconds=40))
        text = opened(client, "batch-detail", batch.pk).text
        assert "约80秒内接续" in text or "约79秒内接续" in text

    def test_puts_a_batch_back_whose_worker_was_killed(self, client, batch):
        Batch.objects.update(state="running", heard_at=timezone.now() - 2 * tasks.SILENCE)
        opened(client, "batch-detail", batch.pk)
        assert now(batch).state == "waiting"
        assert now(batch).task != batch.task

    def test_lists_what_failed_by_city_and_form_with_the_reason(self, client, batch, rounds):
        Membership.objects.filter(city=rounds[1].city).delete()
        made(batch)
        row = opened(client, "batch-detail", batch.pk).row(rounds[1].city.name)
        assert row[1:3] == ["2026", "JSON"]
        assert "角色已到期" in row[3]

    def test_shows_hostile_reasons_as_text(self, client, batch, rounds):
        City.objects.filter(pk=rounds[0].city_id).update(name="<script>alert(1)</script>")
        BatchItem.objects.update(state="failed", reason="<img src=x onerror=alert(1)>")
        Batch.objects.update(state="done")
        html = opened(client, "batch-detail", batch.pk).html
        assert "<script>alert" not in html
        assert "<img" not in html

    def test_asks_the_database_as_often_for_many_reports_as_for_few(self, client, consultant, framework, rounds):
        def queries(records):
            batch = ordered(consultant, records)
            batch.items.update(state="failed", reason="…")
            with CaptureQueriesContext(connection) as asked:
                opened(client, "batch-detail", batch.pk)
            return len(asked)

        assert queries(rounds[:1]) == queries([*rounds, *make_rounds(consultant, framework, 9)])


class TestTheFile:
    def test_is_fetched_by_its_owner(self, client, batch, consultant):
        made(batch)
        response = client.get(reverse("batch-download", args=[batch.pk]))
        assert response["Content-Type"] == "application/zip"
        data = b"".join(response.streaming_content)
        assert len(zipfile.ZipFile(BytesIO(data)).namelist()) == 3
        assert Event.objects.filter(by=consultant, target="reports.zip").count() == 1

    def test_is_nobody_elses(self, batch, admin, lead, stranger, framework):
        made(batch)
        colleague = make_member("colleague", "同事", City.objects.get(code="330100"), Membership.Role.CONSULTANT)
        for user in (admin, lead, stranger, colleague):
            assert visitor(user).get(reverse("batch-download", args=[batch.pk])).status_code == 404

    def test_is_not_there_before_it_is_made(self, client, batch):
        assert client.get(reverse("batch-download", args=[batch.pk])).status_code == 404

    def test_leaves_out_a_city_that_is_not_the_owners_any_more_and_names_it(self, client, batch, rounds):
        made(batch)
        lose(rounds[1])
        page = opened(client, "batch-detail", batch.pk)
        assert f"不再提供：{rounds[1].city.name}" in page.text
        assert cities_in(fetched(client, batch)) == {rounds[0].city.name, rounds[2].city.name}
        assert Event.objects.get(target="reports.zip").details["rows"] == "2"

    def test_is_given_with_what_was_made_where_a_role_had_ended_before(self, client, consultant, rounds):
        batch = ordered(consultant, rounds, ["json", "xlsx"])
        lose(rounds[1])
        made(batch)
        page = opened(client, "batch-detail", batch.pk)
        assert "不再提供" not in page.text
        assert reverse("batch-download", args=[batch.pk]) in page.links
        assert len(fetched(client, batch)) == 4

    def test_is_withheld_once_all_its_cities_are_not_the_owners_any_more(self, client, batch, rounds):
        made(batch)
        for record in rounds:
            lose(record)
        assert client.get(reverse("batch-download", args=[batch.pk])).status_code == 404
        assert reverse("batch-download", args=[batch.pk]) not in opened(client, "batch-detail", batch.pk).links

    def test_of_a_first_try_leaves_out_a_lost_city_where_the_second_has_no_room(
        self, client, consultant, batch, rounds, monkeypatch, settings
    ):
        render = EVERY["json"].render
        monkeypatch.setitem(EVERY, "json", Form("JSON", "application/json", unable(rounds[2].city), "json"))
        made(batch)
        monkeypatch.setitem(EVERY, "json", Form("JSON", "application/json", render, "json"))
        lose(rounds[1])
        settings.STORAGES = storage(NoRoomForArchives)
        tasks.retry(now(batch), by=consultant)
        made(now(batch))
        page = opened(client, "batch-detail", batch.pk)
        assert f"不再提供：{rounds[1].city.name}" in page.text
        assert reverse("batch-download", args=[batch.pk]) in page.links
        assert cities_in(fetched(client, batch)) == {rounds[0].city.name}

    def test_that_is_damaged_is_said_to_be_lost(self, client, batch):
        name = made(batch).file.name
        default_storage.delete(name)
        default_storage.save(name, ContentFile(b"PK no archive"))
        assert "服务器上已没有这个文件" in opened(client, "batch-download", batch.pk).text

    @pytest.mark.parametrize(("mark", "behind"), [(b"PK\1\2", 6), (b"PK\3\4", 70)])
    def test_of_which_a_byte_is_damaged_is_said_to_be_lost_where_it_must_be_read(
        self, client, batch, rounds, mark, behind
    ):
        """The version that it takes to read an entry, then an entry's bytes."""
        name = made(batch).file.name
        with default_storage.open(name) as file:
            data = bytearray(file.read())
        place = data.rindex(mark) + behind
        data[place : place + 9] = b"\xff" * 9
        default_storage.delete(name)
        default_storage.save(name, ContentFile(bytes(data)))
        lose(rounds[0])
        assert opened(client, "batch-detail", batch.pk).status == 200
        assert "服务器上已没有这个文件" in opened(client, "batch-download", batch.pk).text

    def test_that_the_server_lost_is_said_to_be_lost(self, client, batch):
        default_storage.delete(made(batch).file.name)
        page = opened(client, "batch-download", batch.pk)
        assert "服务器上已没有这个文件" in page.text

    def test_that_expired_is_said_to_be(self, client, batch, settings):
        made(batch)
        Batch.objects.update(done_at=timezone.now() - timedelta(days=settings.REPORT_FILES_KEPT + 1))
        tasks.purge()
        assert client.get(reverse("batch-download", args=[batch.pk])).status_code == 404
        assert "超过保存期限" in opened(client, "batch-detail", batch.pk).text

    def test_is_not_given_out_after_its_day_though_nobody_deleted_it_yet(self, client, batch, settings):
        made(batch)
        Batch.objects.update(done_at=timezone.now() - timedelta(days=settings.REPORT_FILES_KEPT, minutes=1))
        page = opened(client, "batch-download", batch.pk)
        assert (page.status, "超过保存期限" in page.text, "已过期" in page.text) == (404, True, True)
        assert default_storage.exists(now(batch).file.name)
        assert reverse("batch-download", args=[batch.pk]) not in page.links
        assert "已过期" in opened(client, "batch-list").text


class TestStoppingAndTryingAgain:
    def test_cancels(self, client, batch):
        page = client.post(reverse("batch-cancel", args=[batch.pk]), follow=True).content.decode()
        assert "已取消这一批报告" in page
        assert now(batch).state == "cancelled"

    def test_says_how_many_were_made_when_it_was_cancelled(self, client, batch):
        item = batch.items.first()
        batch.items.filter(pk=item.pk).update(state="done")
        page = client.post(reverse("batch-cancel", args=[batch.pk]), follow=True).content.decode()
        assert "已处理1 / 3份" in page
        assert 'max="3" value="1"' in page

    def test_orders_the_same_again_without_cities_that_were_lost(self, client, batch, rounds):
        client.post(reverse("batch-cancel", args=[batch.pk]))
        lose(rounds[1])
        assert reverse("batch-repeat", args=[batch.pk]) in opened(client, "batch-detail", batch.pk).html
        page = client.post(reverse("batch-repeat", args=[batch.pk]), follow=True).content.decode()
        again = Batch.objects.exclude(pk=batch.pk).get()
        assert {item.assessment for item in again.items.all()} == {rounds[0], rounds[2]}
        assert (again.forms, again.state) == (["json"], "waiting")
        assert f"未重新生成：{rounds[1].city.name}" in page

    def test_does_not_order_again_what_is_all_lost(self, client, batch, rounds, consultant):
        for record in rounds:
            lose(record)
        page = client.post(reverse("batch-repeat", args=[batch.pk]), follow=True).content.decode()
        assert "至少选择一个城市" in page
        assert Batch.objects.count() == 1

    def test_comes_too_late_with_words(self, client, batch):
        made(batch)
        page = client.post(reverse("batch-cancel", args=[batch.pk]), follow=True).content.decode()
        assert "已不在生成中" in page

    def test_tries_again_what_failed(self, client, batch, rounds, consultant):
        Membership.objects.filter(city=rounds[1].city).delete()
        made(batch)
        Membership.objects.create(city=rounds[1].city, user=consultant, role=Membership.Role.CONSULTANT)
        page = client.post(reverse("batch-retry", args=[batch.pk]), follow=True).content.decode()
        assert "正在重新生成" in page
        made(now(batch))
        assert not batch.items.exclude(state="done").exists()

    @pytest.mark.parametrize("view", ["batch-detail", "batch-cancel", "batch-retry", "batch-repeat", "batch-download"])
    def test_is_for_the_owner_alone(self, batch, admin, lead, stranger, view):
        address = reverse(view, args=[batch.pk])
        for user in (admin, lead, stranger):
            assert {visitor(user).get(address).status_code, visitor(user).post(address).status_code} <= {404, 405}
        assert now(batch).state == "waiting"

    @pytest.mark.parametrize("view", ["batch-cancel", "batch-retry", "batch-repeat"])
    def test_is_not_done_by_a_link(self, client, batch, view):
        assert client.get(reverse(view, args=[batch.pk])).status_code == 405


def test_the_list_shows_ones_own_batches_alone(client, batch, admin):
    assert "0 / 3" in opened(client, "batch-list").text
    assert "0 / 3" not in opened(visitor(admin), "batch-list").text
