"""Real workers on the test's own database: one that is killed, one that is stopped, two at once."""

import signal
import time

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from assessment import tasks
from assessment.models import Batch, ReportFile
from tests.batches import archive_of, files_below, make_rounds, now, ordered, worker

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
PATIENCE = 120  # a loaded machine is slow, not wrong


@pytest.fixture
def batch(consultant, framework, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return ordered(consultant, make_rounds(consultant, framework, 30), ["pdf", "json"])


@pytest.fixture
def started(tmp_path):
    """Starts workers, and ends those that a test left running."""
    running = []

    def start(*arguments):
        running.append(worker(tmp_path, *arguments))
        return running[-1]

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
            process.wait()


def until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_midway(batch):
    until(lambda: batch.items.filter(state="done").count() >= 3)
    assert now(batch).state == "running"


def test_a_batch_whose_worker_was_killed_is_finished_by_another(batch, started):
    first = started()
    is_midway(batch)
    first.kill()
    first.wait()
    killed, made = now(batch), set(batch.items.filter(state="done").values_list("pk", flat=True))
    assert killed.state == "running"
    assert tasks.recover() == 0
    Batch.objects.update(heard_at=timezone.now() - 2 * tasks.SILENCE)
    assert tasks.recover() == 1
    assert started("--batch").wait(PATIENCE) == 0
    done = now(batch)
    assert done.state == "done"
    assert len(archive_of(done).namelist()) == 60
    assert archive_of(done).testzip() is None
    assert set(batch.items.filter(pk__in=made).values_list("tries", flat=True)) == {1}
    assert ReportFile.objects.count() == 60
    assert ReportFile.objects.values("assessment", "form").distinct().count() == 60
    assert DBTaskResult.objects.get(pk=killed.task).status == "FAILED"


def test_a_worker_that_is_told_twice_to_stop_gives_its_batch_back(batch, started):
    process = started()
    is_midway(batch)
    process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) is not None
    if now(batch).state == "done":  # it was quicker than we
        return
    assert now(batch).state == "waiting"
    assert started("--batch").wait(PATIENCE) == 0
    assert now(batch).state == "done"
    assert ReportFile.objects.count() == 60


def test_two_workers_never_make_the_same_report(batch, started, tmp_path, settings):
    both = [started("--batch"), started("--batch")]
    assert [process.wait(PATIENCE) for process in both] == [0, 0]
    assert now(batch).state == "done"
    assert set(batch.items.values_list("tries", flat=True)) == {1}
    assert files_below(settings.MEDIA_ROOT) == [now(batch).file.name]
