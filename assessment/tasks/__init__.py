"""What is done in the background, by `manage.py db_worker`: batches of reports, and looking after those left lying."""

import logging
import uuid
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.tasks import TaskContext, TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from assessment import actions
from assessment.models import Batch, User
from assessment.tasks import storing
from assessment.tasks.making import break_off, make_batch
from assessment.tasks.purging import purge
from assessment.tasks.storing import held_by, part_of_archive

__all__ = [
    "SILENCE",
    "cancel",
    "held_by",
    "look_after",
    "order",
    "part_of_archive",
    "purge",
    "recover",
    "report",
    "retry",
    "work",
]

log = logging.getLogger(__name__)
# A worker is heard of before each report. One that takes longer is dead, or so slow that another may take over.
SILENCE = timedelta(seconds=120)


@task(takes_context=True)
def report(context: TaskContext, pk: int) -> None:
    """Makes the batch, unless it waits for another task. Whoever is stopped gives it back."""
    work(pk, str(context.task_result.id))


@task()
def look_after(pk: int) -> None:
    """Comes back until the batch is finished, so that one whose worker was killed is found though nobody looks."""
    recover()
    if Batch.objects.filter(pk=pk, state__in=actions.UNDER_WAY).exists():
        _look_after_later(pk)


def order(batch: Batch) -> None:
    """Puts the batch into the queue. Within the transaction that makes it ready: both happen or neither."""
    _enqueue(batch)
    _look_after_later(batch.pk)


@transaction.atomic
def retry(batch: Batch, *, by: User) -> None:
    """What failed, once more."""
    actions.retry_batch(batch)
    order(batch)


def cancel(batch: Batch, *, by: User) -> None:
    actions.cancel_batch(batch)
    storing.discard_parts(batch)


def work(pk: int, task_id: str) -> None:
    batch = actions.take_up(pk, task_id)
    if batch is None:
        return
    try:
        _tidy()
        make_batch(batch)
    except Exception as error:
        break_off(batch, error)
        raise
    except BaseException:
        _give_back(batch)
        raise


def _tidy() -> None:
    """What expired goes when there is work; no batch fails for it."""
    try:
        purge()
    except Exception:
        log.exception("what has expired could not be deleted")


def recover(silence: timedelta = SILENCE) -> int:
    """Puts batches back into the queue whose worker was killed; how many. Nobody else's hands are touched."""
    since = timezone.now() - silence
    return sum(_recovered(batch, since) for batch in actions.silent_batches(since))


@transaction.atomic
def _recovered(batch: Batch, since) -> bool:
    found = actions.silent_batches(since).select_for_update().filter(pk=batch.pk, task=batch.task).first()
    if found is None or (found.state == Batch.State.WAITING and _is_queued(found.task)):
        return False
    _bury(found.task)
    _enqueue(found)
    return True


@transaction.atomic
def _give_back(batch: Batch) -> None:
    """What was made stays; the rest waits for the next worker."""
    if actions.is_in_hand(batch):
        _enqueue(batch)


def _enqueue(batch: Batch) -> None:
    actions.hand_over(batch, str(report.enqueue(batch.pk).id))


def _look_after_later(pk: int) -> None:
    look_after.using(run_after=timezone.now() + SILENCE + timedelta(seconds=10)).enqueue(pk)


def _is_queued(task_id: str) -> bool:
    return _results(task_id).filter(status=TaskResultStatus.READY).exists()


def _bury(task_id: str) -> None:
    """The task of a killed worker would stand as running for ever."""
    _results(task_id).filter(status=TaskResultStatus.RUNNING).update(
        status=TaskResultStatus.FAILED, finished_at=timezone.now(), traceback="The worker was killed."
    )


def _results(task_id: str):
    try:
        return DBTaskResult.objects.filter(pk=uuid.UUID(task_id))
    except (ValueError, ValidationError):
        return DBTaskResult.objects.none()
