"""Open this for how a batch is made: report by report, each in a transaction of its own, then the ZIP.

Whoever ordered it must still have the right when a report is made. What cannot be made fails by itself, with the reason;
the rest goes on. A worker that is killed leaves the batch so that another one goes on where it stopped.
"""

import errno
import hashlib
import logging
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext as _

from assessment import access, actions
from assessment.exchange.answers import answers_digest
from assessment.exchange.framework import digest
from assessment.models import Batch, BatchItem, Framework, ReportFile
from assessment.reports.content.facts import Content
from assessment.reports.fonts import FontsMissing
from assessment.reports.gathering import gather
from assessment.reports.making import EVERY, make
from assessment.reports.manifest import manifest_of
from assessment.reports.pdf.sealing import CertificateUnusable
from assessment.tasks import naming, storing

log = logging.getLogger(__name__)
State = BatchItem.State


def make_batch(batch: Batch) -> None:
    """Makes what waits in a batch that is in this worker's hand. Ends early, without a ZIP, once it is no longer."""
    desk = Desk(batch)
    try:
        for item in items_of(batch, State.WAITING):
            actions.must_be_in_hand(batch)
            desk.make(item)
        deliver(batch)
    except actions.NotInHand:
        if Batch.objects.filter(pk=batch.pk, state=Batch.State.CANCELLED).exists():
            storing.discard_parts(batch)


def items_of(batch: Batch, state: str) -> list[BatchItem]:
    return list(batch.items.filter(state=state).select_related("assessment__city"))


class Desk:
    """Makes the reports of one batch. Forms of one round follow each other: its content is gathered once for all."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.digests: dict[int, str] = {}
        self.at_hand: tuple[int, Content, dict[str, Any]] | None = None

    def make(self, item: BatchItem) -> None:
        """The report kept, registered and settled; or why not."""
        try:
            self.enter(item, *self.made(item))
        except actions.NotInHand:
            raise
        except Exception as error:
            actions.settle_items(self.batch, [item], State.FAILED, self.why_not(item, error))

    def made(self, item: BatchItem) -> tuple[bytes, dict[str, Any]]:
        """The report, and what it says of itself."""
        if self.at_hand is None or self.at_hand[0] != item.assessment_id:
            self.at_hand = None
            self.at_hand = (item.assessment_id, *self.gathered(item))
        _pk, content, manifest = self.at_hand
        if item.form not in EVERY:
            raise NoSuchForm
        return make(content, item.form), manifest | {"kind": EVERY[item.form].kind}

    def gathered(self, item: BatchItem) -> tuple[Content, dict[str, Any]]:
        may_report = access.rounds_to_report(self.batch.by)
        record = may_report.select_related("city", "framework", "target").filter(pk=item.assessment_id).first()
        if record is None:
            raise Http404
        framework, answers = self.digest_of(record.framework), record.outline()
        given = {"digest": framework, "answers_digest": answers_digest(answers), "answers": answers}
        content = gather(record, language=self.batch.language, **given)
        return content, manifest_of(content)

    def digest_of(self, framework: Framework) -> str:
        """A framework that rounds are made with never changes: it is spelled once."""
        if framework.pk not in self.digests:
            self.digests[framework.pk] = digest(framework.outline())
        return self.digests[framework.pk]

    @transaction.atomic
    def enter(self, item: BatchItem, data: bytes, manifest: dict[str, Any]) -> None:
        """Keeps the report and registers it as the owner's, while nobody else has the batch in hand.

        It is registered once: what is made again because of a failure is the same file.
        """
        actions.settle_items(self.batch, [item], State.DONE)
        storing.keep_part(item, data)
        form = EVERY[item.form]
        given: dict[str, Any] = {"form": form.ending, "kind": form.kind, "language": self.batch.language}
        sha256 = hashlib.sha256(data).hexdigest()
        before = ReportFile.objects.filter(
            assessment=item.assessment_id, sha256=sha256, by=self.batch.by, at__gte=self.batch.at, **given
        )
        if not before.exists():
            given |= {"content_sha256": manifest["content_sha256"], "manifest": manifest, "by": self.batch.by}
            actions.register_report(item.assessment, data, **given)

    def why_not(self, item: BatchItem, error: Exception) -> str:
        if isinstance(error, Http404):
            return _("This city is no longer yours: your role in it ended, or the round is not there any more.")
        if isinstance(error, NoSuchForm):
            return _("Reports are not made in this form any more.")
        if isinstance(error, FontsMissing | CertificateUnusable):
            return str(error)
        if isinstance(error, OSError):
            return why_not_kept(error)
        log.error("report %s of batch %s cannot be made", item.pk, self.batch.pk, exc_info=error)
        return unforeseen(error)


class NoSuchForm(Exception):
    pass


def why_not_kept(error: OSError) -> str:
    """What the storage says, for who cannot look at the server."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _("The server's disk is full: ask the administrator to make room, then try again.")
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return _(
            "The server may not write there: ask the administrator to look at its folder for files, then try again."
        )
    return _("The file cannot be kept on the server: %(reason)s") % {"reason": error.strerror or type(error).__name__}


def unforeseen(error: Exception) -> str:
    return _("The report could not be made (%(kind)s). The administrator finds the details in the server's log.") % {
        "kind": type(error).__name__
    }


def deliver(batch: Batch) -> None:
    """All that was made in one ZIP, switched in at once. The one of a first try goes then, and not before; where nothing
    was made it stays."""
    made, before = items_of(batch, State.DONE), batch.file.name or ""
    try:
        with translation.override(batch.language):
            names = naming.archive_names(made)
        file = storing.write_archive(batch, names) if made else before
    except OSError as error:
        log.warning("the ZIP of batch %s cannot be written: %s", batch.pk, error)
        actions.settle_items(batch, made, State.FAILED, why_not_kept(error))
        file = before
    try:
        actions.finish_batch(batch, file)
    except BaseException:
        storing.discard(file if file != before else "")
        raise
    storing.discard(before if file != before else "")
    if not batch.items.filter(state=State.FAILED).exists():
        storing.discard_parts(batch)


def break_off(batch: Batch, error: Exception) -> None:
    """Something that nobody foresaw: the batch ends with what it cannot say better, instead of beginning for ever."""
    log.error("batch %s broke off", batch.pk, exc_info=error)
    actions.settle_items(batch, batch.items.exclude(state=State.FAILED), State.FAILED, unforeseen(error))
    actions.finish_batch(batch, batch.file.name or "")
