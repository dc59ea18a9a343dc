"""Open this for how long a batch's files are kept: settings.REPORT_FILES_KEPT days from when it was done."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from assessment import actions
from assessment.tasks import storing


def purge() -> int:
    """Deletes the files of batches that have expired, and what work that was cut off left; how many expired.

    A batch whose files cannot be deleted stays as it is until the next time.
    """
    expired = 0
    for batch in actions.expired_batches():
        if storing.discard(batch.file.name or "") and storing.discard_parts(batch):
            actions.expire_batch(batch)
            expired += 1
    storing.discard_orphans()
    kept_since = timezone.now() - timedelta(days=settings.REPORT_FILES_KEPT)
    DBTaskResult.objects.finished().filter(finished_at__lt=kept_since).delete()
    return expired
