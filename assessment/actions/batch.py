"""Batches of reports: ordered, cancelled, tried again; taken in hand by one worker at a time, settled item by item.

`task` is whose hand a batch is in. Whatever a worker writes, it writes only while the batch is still in its hand, so one
that was thought dead and goes on after all changes nothing.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.actions.outcome import Refused, WrongState
from assessment.models import Assessment, Batch, BatchItem, User

MOST_REPORTS = 1000
UNDER_WAY = [Batch.State.WAITING, Batch.State.RUNNING]


@transaction.atomic
def create_batch(rounds: Iterable[Assessment], forms: Collection[str], language: str, *, by: User) -> Batch:
    """A report of each round in each form. It waits until it is given a task."""
    ordered = sorted(rounds, key=lambda record: (record.city.code, record.pk))
    pairs = [(record, form) for record in ordered for form in forms]
    if not pairs:
        raise Refused(_("Choose at least one city and one form."))
    if len(pairs) > MOST_REPORTS:
        raise Refused(
            _("These are %(count)d reports; at most %(most)d are made at once.")
            % {"count": len(pairs), "most": MOST_REPORTS}
        )
    batch = Batch.objects.create(by=by, forms=list(forms), language=language, heard_at=timezone.now())
    BatchItem.objects.bulk_create(BatchItem(batch=batch, assessment=record, form=form) for record, form in pairs)
    return batch


@transaction.atomic
def cancel_batch(batch: Batch) -> None:
    """What is not made yet will not be made; a worker that is at it stops after the report at hand."""
    found = Batch.objects.filter(pk=batch.pk, state__in=UNDER_WAY)
    if not found.update(state=Batch.State.CANCELLED, task="", done_at=timezone.now()):
        raise WrongState(_("This batch is not under way any more."))
    batch.items.filter(state=BatchItem.State.WAITING).update(state=BatchItem.State.SKIPPED)


@transaction.atomic
def retry_batch(batch: Batch) -> None:
    """What failed waits again; what was made is kept."""
    failed = batch.items.filter(state=BatchItem.State.FAILED)
    found = Batch.objects.filter(pk=batch.pk, state=Batch.State.DONE)
    if not failed.exists() or not found.update(state=Batch.State.WAITING, task="", heard_at=timezone.now()):
        raise WrongState(_("Nothing of this batch can be tried again."))
    failed.update(state=BatchItem.State.WAITING, reason="")


# In a worker's hand


def hand_over(batch: Batch, task: str) -> None:
    """The batch waits for this task, and no other may take it."""
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.WAITING, task=task, heard_at=timezone.now())


def take_up(pk: int, task: str) -> Batch | None:
    """The batch, now in this task's hand; None if it waits for another one, or no longer."""
    found = Batch.objects.filter(pk=pk, task=task, state=Batch.State.WAITING)
    if not found.update(state=Batch.State.RUNNING, heard_at=timezone.now()):
        return None
    return Batch.objects.select_related("by").get(pk=pk)


def is_in_hand(batch: Batch) -> bool:
    """Whether the batch is still this worker's and not cancelled; says at once that the worker is alive."""
    return bool(_in_hand(batch).update(heard_at=timezone.now()))


def _in_hand(batch: Batch):
    return Batch.objects.filter(pk=batch.pk, task=batch.task, state=Batch.State.RUNNING)


class NotInHand(Exception):
    """The batch was cancelled, or given to another worker: nothing more is written to it."""


def must_be_in_hand(batch: Batch) -> None:
    """For the beginning of a transaction: until it ends, nobody takes the batch away."""
    if not is_in_hand(batch):
        raise NotInHand


@transaction.atomic
def settle_items(batch: Batch, items: Iterable[BatchItem], state: str, reason: str = "") -> None:
    must_be_in_hand(batch)
    batch.items.filter(pk__in=[item.pk for item in items]).update(
        state=state, reason=reason[:500], tries=F("tries") + 1
    )


@transaction.atomic
def finish_batch(batch: Batch, file: str) -> None:
    """The finished file stands for the batch from now on; none if nothing could be made."""
    must_be_in_hand(batch)
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.DONE, file=file, done_at=timezone.now(), task="")


# Left lying


def silent_batches(since: datetime):
    """Batches under way of which nothing was heard since then; those that wait may simply wait their turn."""
    return Batch.objects.filter(state__in=UNDER_WAY, heard_at__lt=since)


def expired_batches():
    """Batches that ended so long ago that their files are no longer kept."""
    kept_since = timezone.now() - timedelta(days=settings.REPORT_FILES_KEPT)
    ended = [Batch.State.DONE, Batch.State.CANCELLED]
    return Batch.objects.filter(state__in=ended, done_at__lt=kept_since)


def expire_batch(batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk, state=batch.state).update(state=Batch.State.EXPIRED, file="")


def counted(batches):
    """Adds how many reports and cities there are, and how many were made, failed or wait; the newest batch first."""
    states = {"made": "done", "failed": "failed", "waiting": "waiting"}
    counts = {name: Count("items", Q(items__state=state)) for name, state in states.items()}
    cities = Count("items__assessment__city", distinct=True)
    return batches.annotate(total=Count("items"), cities=cities, **counts).order_by("-at", "-pk")
