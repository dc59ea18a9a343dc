"""Batches of reports: what is made, what fails and why, who may stop it, and what becomes of work that was cut off."""

import json
import logging
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from assessment import actions, tasks
from assessment.models import Batch, City, Event, Membership, ReportFile
from assessment.reports.making import EVERY, Form
from assessment.tasks import making, naming, storing
from tests.batches import (
    FullDisk,
    NoRoomForArchives,
    ReadOnly,
    archive_of,
    files_below,
    made,
    make_rounds,
    now,
    ordered,
    storage,
)
from tests.records import make_round

pytestmark = [pytest.mark.database, pytest.mark.django_db]
LONG = timedelta(hours=1)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def rounds(consultant, framework):
    return make_rounds(consultant, framework, 3)


@pytest.fixture
def fail_on(monkeypatch):
    """Makes the report of one city fail."""

    def fail(city, error):
        def render(content):
            if content.cover.city == city.name:
                raise error
            return b"{}"

        monkeypatch.setitem(EVERY, "json", Form("JSON", "application/json", render, "json"))

    return fail


def reasons(batch):
    return {item.assessment.city.name: item.reason for item in batch.items.filter(state="failed")}


def silent(batch, since=LONG):
    Batch.objects.filter(pk=batch.pk).update(heard_at=timezone.now() - since)


class TestABatch:
    def test_is_one_zip_with_every_report_in_every_form(self, consultant, rounds):
        batch = made(ordered(consultant, rounds, ["json", "pdf"]))
        assert batch.state == "done"
        wanted = [f"{r.city.name}-2026-报告.{form}" for r in rounds for form in ("json", "pdf")]
        assert archive_of(batch).namelist() == wanted
        assert json.loads(archive_of(batch).read(wanted[0]))["content"]["cover"]["city"] == rounds[0].city.name
        assert archive_of(batch).read(wanted[1]).startswith(b"%PDF")

    def test_leaves_nothing_but_the_zip(self, consultant, rounds, folder):
        batch = made(ordered(consultant, rounds))
        assert files_below(folder) == [batch.file.name]

    def test_enters_each_report_once_as_its_owners(self, consultant, rounds):
        made(ordered(consultant, rounds, ["json", "pdf"]))
        entries = ReportFile.objects.all()
        assert {(e.assessment, e.form, e.by) for e in entries} == {
            (record, form, consultant) for record in rounds for form in ("json", "pdf")
        }
        assert len(entries) == 6
        assert Event.objects.filter(verb="exported", by=consultant).count() == 6

    def test_speaks_the_language_that_was_chosen(self, consultant, rounds):
        batch = made(ordered(consultant, rounds[:1], language="en"))
        (name,) = archive_of(batch).namelist()
        assert name.endswith("-report.json")
        assert json.loads(archive_of(batch).read(name))["content"]["language"] == "en"

    @pytest.mark.parametrize("forms", [[], ["json"]])
    def test_of_nothing_is_refused(self, consultant, forms):
        with pytest.raises(actions.Refused, match="至少"):
            actions.create_batch([], forms, "zh-hans", by=consultant)
        assert not Batch.objects.exists()

    def test_that_is_too_large_is_refused(self, consultant, rounds):
        with pytest.raises(actions.Refused, match="1000"):
            actions.create_batch(rounds, [f"f{n}" for n in range(400)], "zh-hans", by=consultant)

    def test_gathers_each_round_once_for_all_its_forms(self, consultant, rounds, monkeypatch):
        gathered, usual = [], making.gather
        monkeypatch.setattr(making, "gather", lambda record, **how: gathered.append(record.pk) or usual(record, **how))
        made(ordered(consultant, rounds, ["json", "pdf"]))
        assert gathered == [record.pk for record in rounds]


class TestWhatFails:
    def test_fails_by_itself(self, consultant, rounds, fail_on, caplog):
        fail_on(rounds[1].city, ValueError("secret detail"))
        with caplog.at_level(logging.CRITICAL):
            batch = made(ordered(consultant, rounds))
        assert batch.state == "done"
        assert len(archive_of(batch).namelist()) == 2
        assert list(reasons(batch)) == [rounds[1].city.name]
        assert "ValueError" in reasons(batch)[rounds[1].city.name]
        assert "secret" not in reasons(batch)[rounds[1].city.name]

    def test_is_what_the_owner_lost_meanwhile(self, consultant, rounds):
        batch = ordered(consultant, rounds)
        yesterday = timezone.localdate() - timedelta(days=1)
        Membership.objects.filter(city=rounds[0].city).update(ends_on=yesterday)
        batch = made(batch)
        assert "已到期" in reasons(batch)[rounds[0].city.name]
        assert len(archive_of(batch).namelist()) == 2
        assert not ReportFile.objects.filter(assessment=rounds[0]).exists()

    def test_is_everything_of_an_account_that_was_disabled(self, consultant, rounds):
        batch = ordered(consultant, rounds)
        type(consultant).objects.filter(pk=consultant.pk).update(is_active=False)
        batch = made(batch)
        assert len(reasons(batch)) == 3
        assert not batch.file

    def test_says_that_fonts_are_missing(self, consultant, rounds, settings, tmp_path):
        settings.FONT_CACHE = tmp_path / "nothing"
        batch = made(ordered(consultant, rounds[:1], ["pdf"]))
        assert "prepare_fonts" in reasons(batch)[rounds[0].city.name]

    def test_is_a_form_that_is_no_longer_made(self, consultant, rounds):
        batch = made(ordered(consultant, rounds[:1], ["fax"]))
        assert "格式" in reasons(batch)[rounds[0].city.name]

    def test_is_tried_again_beside_what_was_made(self, consultant, rounds, fail_on, monkeypatch):
        fail_on(rounds[1].city, OSError(5, "Input/output error"))
        batch = made(ordered(consultant, rounds))
        first = batch.file.name
        monkeypatch.setitem(EVERY, "json", Form("JSON", "application/json", lambda content: b"{}", "json"))
        tasks.retry(batch, by=consultant)
        batch = made(now(batch))
        assert len(archive_of(batch).namelist()) == 3
        assert not default_storage.exists(first)
        assert sorted(batch.items.values_list("tries", flat=True)) == [1, 1, 2]
        assert ReportFile.objects.count() == 3

    def test_is_everything_when_something_happens_that_nobody_foresaw(self, consultant, rounds, monkeypatch, caplog):
        """And it happens once: no worker begins the batch again and again."""

        def broken(batch, named):
            raise RuntimeError("secret detail")

        monkeypatch.setattr("assessment.tasks.storing.write_archive", broken)
        batch = ordered(consultant, rounds)
        with pytest.raises(RuntimeError):
            tasks.work(batch.pk, batch.task)
        assert now(batch).state == "done"
        assert not now(batch).file
        assert {"RuntimeError" in reason for reason in reasons(batch).values()} == {True}
        assert tasks.recover(timedelta(0)) == 0

    def test_is_a_report_that_cannot_be_registered(self, consultant, rounds, monkeypatch, caplog):
        def refuse(record, *given, **more):
            raise ValueError("no")

        monkeypatch.setattr(actions, "register_report", refuse)
        assert len(reasons(made(ordered(consultant, rounds)))) == 3

    def test_leaves_the_first_zip_where_a_second_has_no_room(self, consultant, rounds, fail_on, monkeypatch, settings):
        fail_on(rounds[1].city, OSError(5, "Input/output error"))
        first = made(ordered(consultant, rounds)).file.name
        batch = Batch.objects.get()
        settings.STORAGES = storage(NoRoomForArchives)
        tasks.retry(batch, by=consultant)
        batch = made(now(batch))
        assert batch.file.name == first
        assert len(archive_of(batch).namelist()) == 2

    def test_leaves_the_first_zip_also_where_a_third_makes_nothing(
        self, consultant, rounds, fail_on, monkeypatch, settings
    ):
        fail_on(rounds[1].city, OSError(5, "Input/output error"))
        first = made(ordered(consultant, rounds)).file.name
        for full in (NoRoomForArchives, FullDisk):
            settings.STORAGES = storage(full)
            tasks.retry(Batch.objects.get(), by=consultant)
            batch = made(Batch.objects.get())
        assert len(reasons(batch)) == 3
        assert batch.file.name == first
        assert len(archive_of(batch).namelist()) == 2

    def test_is_not_tried_again_where_nothing_failed(self, consultant, rounds):
        batch = made(ordered(consultant, rounds))
        with pytest.raises(actions.WrongState):
            tasks.retry(batch, by=consultant)


class TestADisk:
    def test_that_is_full_fails_with_its_reason_and_leaves_nothing(self, consultant, rounds, settings, folder):
        settings.STORAGES = storage(FullDisk)
        batch = made(ordered(consultant, rounds))
        assert batch.state == "done"
        assert not batch.file
        assert set(reasons(batch).values()) == {"服务器磁盘空间不足：请管理员清理空间后重试。"}
        assert files_below(folder) == []
        assert not ReportFile.objects.exists()

    def test_that_is_read_only_says_so(self, consultant, rounds, settings):
        settings.STORAGES = storage(ReadOnly)
        assert "不可写" in reasons(made(ordered(consultant, rounds)))[rounds[0].city.name]

    def test_without_room_for_the_zip_leaves_no_half_of_it(self, consultant, rounds, settings, folder):
        settings.STORAGES = storage(NoRoomForArchives)
        batch = made(ordered(consultant, rounds))
        assert not batch.file
        assert len(reasons(batch)) == 3
        assert not [name for name in files_below(folder) if name.endswith(".zip")]
        settings.STORAGES = storage(FullDisk.__base__)
        tasks.retry(batch, by=consultant)
        batch = made(now(batch))
        assert len(archive_of(batch).namelist()) == 3
        assert ReportFile.objects.count() == 3


class TestCancelling:
    def test_ends_a_batch_that_waits(self, consultant, rounds):
        batch = ordered(consultant, rounds)
        tasks.cancel(batch, by=consultant)
        batch = made(batch)
        assert batch.state == "cancelled"
        assert set(batch.items.values_list("state", flat=True)) == {"skipped"}
        assert not ReportFile.objects.exists()

    def test_stops_a_worker_after_the_report_at_hand(self, consultant, rounds, monkeypatch, folder):
        batch = ordered(consultant, rounds)

        def render(content):
            if content.cover.city == rounds[1].city.name:
                tasks.cancel(now(batch), by=consultant)
            return b"{}"

        monkeypatch.setitem(EVERY, "json", Form("JSON", "application/json", render, "json"))
        batch = made(batch)
        assert batch.state == "cancelled"
        assert list(batch.items.values_list("state", flat=True)) == ["done", "skipped", "skipped"]
        assert ReportFile.objects.count() == 1
        assert files_below(folder) == []

    def test_comes_too_late_for_what_is_done(self, consultant, rounds):
        batch = made(ordered(consultant, rounds))
        with pytest.raises(actions.WrongState):
            tasks.cancel(batch, by=consultant)
        assert now(batch).state == "done"


class TestTheHandThatHasABatch:
    def test_is_one_alone(self, consultant, rounds):
        batch = ordered(consultant, rounds)
        assert actions.take_up(batch.pk, batch.task)
        assert actions.take_up(batch.pk, batch.task) is None
        assert actions.take_up(batch.pk, "another") is None

    def test_gives_it_back_when_it_is_stopped(self, consultant, rounds, fail_on):
        fail_on(rounds[1].city, SystemExit(1))
        batch = ordered(consultant, rounds)
        with pytest.raises(SystemExit):
            tasks.work(batch.pk, batch.task)
        again = now(batch)
        assert again.state == "waiting"
        assert again.task != batch.task
        assert list(again.items.values_list("state", flat=True)) == ["done", "waiting", "waiting"]

    def test_gives_it_back_when_it_is_stopped_while_it_tidies(self, consultant, rounds, monkeypatch):
        def stopped():
            raise SystemExit(1)

        monkeypatch.setattr(tasks, "purge", stopped)
        batch = ordered(consultant, rounds)
        with pytest.raises(SystemExit):
            tasks.work(batch.pk, batch.task)
        assert (now(batch).state, now(batch).task != batch.task) == ("waiting", True)

    def test_is_left_alone_as_long_as_it_is_heard_of(self, consultant, rounds):
        batch = ordered(consultant, rounds)
        actions.take_up(batch.pk, batch.task)
        assert tasks.recover() == 0
        assert now(batch).state == "running"

    def test_loses_it_when_it_falls_silent(self, consultant, rounds):
        batch = ordered(consultant, rounds)
        DBTaskResult.objects.filter(pk=batch.task).update(status=TaskResultStatus.RUNNING)
        actions.take_up(batch.pk, batch.task)
        silent(batch)
        assert tasks.recover() == 1
        assert tasks.recover() == 0
        again = now(batch)
        assert again.state == "waiting"
        assert DBTaskResult.objects.get(pk=batch.task).status == TaskResultStatus.FAILED
        assert DBTaskResult.objects.get(pk=again.task).status == TaskResultStatus.READY

    def test_that_was_thought_dead_changes_nothing_any_more(self, consultant, rounds):
        batch = ordered(consultant, rounds)
        slow = actions.take_up(batch.pk, batch.task)
        silent(batch)
        tasks.recover()
        other = made(now(batch))
        making.make_batch(slow)
        assert now(batch).file.name == other.file.name
        assert set(batch.items.values_list("tries", flat=True)) == {1}
        assert ReportFile.objects.count() == 3

    def test_that_goes_on_late_leaves_its_successors_reports_as_they_are(
        self, consultant, rounds, fail_on, monkeypatch
    ):
        batch = ordered(consultant, rounds)
        slow = actions.take_up(batch.pk, batch.task)
        silent(batch)
        tasks.recover()
        fail_on(rounds[1].city, OSError(5, "Input/output error"))
        made(now(batch))
        item = batch.items.get(assessment=rounds[0])
        monkeypatch.setitem(EVERY, "json", Form("JSON", "application/json", lambda content: b"late", "json"))
        with pytest.raises(actions.NotInHand):
            making.Desk(slow).make(item)
        with default_storage.open(storing.part_of(item)) as part:
            assert part.read() == b"{}"

    def test_may_take_its_time_to_come_while_the_queue_is_long(self, consultant, rounds):
        batch = ordered(consultant, rounds)
        silent(batch)
        assert tasks.recover() == 0
        assert now(batch).task == batch.task

    def test_that_was_killed_before_it_began_is_replaced(self, consultant, rounds):
        batch = ordered(consultant, rounds)
        DBTaskResult.objects.filter(pk=batch.task).update(status=TaskResultStatus.RUNNING)
        silent(batch)
        assert tasks.recover() == 1
        assert made(now(batch)).state == "done"

    def test_is_looked_after_until_the_batch_is_finished(self, consultant, rounds):
        def watches():
            return DBTaskResult.objects.filter(task_path="assessment.tasks.look_after")

        batch = ordered(consultant, rounds)
        assert watches().get().run_after > timezone.now() + tasks.SILENCE
        tasks.look_after.call(batch.pk)
        assert watches().count() == 2
        made(batch)
        tasks.look_after.call(batch.pk)
        assert watches().count() == 2

    def test_is_recovered_by_a_command(self, consultant, rounds):
        batch = ordered(consultant, rounds)
        actions.take_up(batch.pk, batch.task)
        out = StringIO()
        call_command("recover_batches", silent_for=0, stdout=out)
        assert "1" in out.getvalue()
        assert now(batch).state == "waiting"


class TestFiles:
    @pytest.fixture
    def old(self, consultant, rounds, settings):
        batch = made(ordered(consultant, rounds))
        Batch.objects.filter(pk=batch.pk).update(
            done_at=timezone.now() - timedelta(days=settings.REPORT_FILES_KEPT, hours=1)
        )
        return now(batch)

    def test_expire(self, old, folder):
        out = StringIO()
        call_command("purge_reports", stdout=out)
        assert "1" in out.getvalue()
        assert now(old).state == "expired"
        assert not now(old).file
        assert files_below(folder) == []

    def test_expire_when_another_batch_begins(self, old, consultant, rounds):
        made(ordered(consultant, rounds[:1]))
        assert now(old).state == "expired"

    def test_of_a_retry_that_was_cancelled_expire_as_others_do(self, old):
        Batch.objects.update(state=Batch.State.CANCELLED)
        assert now(old).is_expired

    def test_that_cannot_expire_stop_no_other_batch(self, old, consultant, rounds, monkeypatch, caplog):
        monkeypatch.setattr(tasks, "purge", lambda: 1 / 0)
        with caplog.at_level(logging.CRITICAL):
            batch = made(ordered(consultant, rounds[:1]))
        assert batch.state == "done"
        assert now(old).state != "expired"

    def test_are_kept_till_then(self, consultant, rounds):
        batch = made(ordered(consultant, rounds))
        assert tasks.purge() == 0
        assert default_storage.exists(batch.file.name)

    def test_of_what_failed_expire_with_it(self, consultant, rounds, fail_on, folder, settings):
        fail_on(rounds[0].city, OSError(5, "Input/output error"))
        batch = made(ordered(consultant, rounds))
        assert len(files_below(folder)) == 3
        Batch.objects.update(done_at=timezone.now() - timedelta(days=settings.REPORT_FILES_KEPT, hours=1))
        tasks.purge()
        assert files_below(folder) == []
        assert now(batch).state == "expired"

    def test_that_no_batch_names_go_after_a_day(self, folder, monkeypatch):
        default_storage.save("batches/9-left.zip", ContentFile(b"half"))
        tasks.purge()
        assert files_below(folder) == ["batches/9-left.zip"]
        monkeypatch.setattr("assessment.tasks.storing.LEFT_FOR", timedelta(0))
        tasks.purge()
        assert files_below(folder) == []

    def test_that_cannot_be_deleted_wait_for_the_next_time(self, old, monkeypatch):
        def refuse(name):
            raise OSError(30, "Read-only file system")

        monkeypatch.setattr(default_storage, "delete", refuse)
        assert tasks.purge() == 0
        assert now(old).file

    def test_of_finished_tasks_go_too(self, settings):
        long_ago = timezone.now() - timedelta(days=settings.REPORT_FILES_KEPT + 1)
        tasks.look_after.enqueue(0)
        DBTaskResult.objects.update(status=TaskResultStatus.SUCCESSFUL, finished_at=long_ago)
        tasks.purge()
        assert not DBTaskResult.objects.exists()


HOSTILE = {
    "../../etc/passwd": "_.._etc_passwd",
    "a/b\\c:d": "a_b_c_d",
    "=HYPERLINK(1)": "_HYPERLINK(1)",
    "+1": "_1",
    "@SUM": "_SUM",
    "云川\u202efdp.exe": "云川_fdp.exe",
    "\x00\x1b[31m": "_[31m",
    "...": "_",
    "  ": "_",
    "CON": "CON",
    "市" * 20_000: "市" * 30,
}


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: repr(name)[:20])
def test_a_hostile_name_is_made_harmless(name):
    assert naming.safe(name) == HOSTILE[name]


def test_hostile_cities_and_rounds_stay_within_the_archive(consultant, framework):
    rounds = make_rounds(consultant, framework, 2)
    for record, name in zip(rounds, ("../../etc/cron.d/x", "=cmd|' /C calc'!A0"), strict=True):
        City.objects.filter(pk=record.city_id).update(name=name)
        type(record).objects.filter(pk=record.pk).update(round="..\\..\\2026/\u202e")
    names = archive_of(made(ordered(consultant, rounds))).namelist()
    assert len(names) == 2
    assert not [name for name in names if set('/\\:*?"<>|\u202e') & set(name) or name.startswith((".", "=", "-"))]
    assert all(len(name.encode()) <= 255 for name in names)


def test_cities_of_one_name_are_told_apart_by_their_codes(consultant, framework):
    rounds = make_rounds(consultant, framework, 2)
    City.objects.filter(pk__in=[record.city_id for record in rounds]).update(name="鼓楼区")
    names = archive_of(made(ordered(consultant, rounds))).namelist()
    assert names == [f"鼓楼区-2026-报告-{record.city.code}.json" for record in rounds]


def test_rounds_that_differ_by_what_a_name_cannot_hold_get_numbers(consultant, framework):
    (record,) = make_rounds(consultant, framework, 1)
    others = [make_round(record.city, framework, round=name) for name in ("a/b", "a:b")]
    names = archive_of(made(ordered(consultant, others))).namelist()
    assert len({name.casefold() for name in names}) == 2
