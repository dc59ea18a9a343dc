"""What was made and given out: each report is entered in the register by its hash."""

import hashlib
from typing import Any

from django.db import transaction

from assessment.models import Assessment, Event, ReportFile, User


@transaction.atomic
def register_report(
    record: Assessment | None,
    data: bytes,
    *,
    form: str,
    content_sha256: str,
    kind: str = ReportFile.Kind.GAP,
    language: str = "zh-hans",
    basis: str = "effective",
    manifest: dict[str, Any] | None = None,
    by: User | None = None,
) -> ReportFile:
    """Enters a report that was just made, and logs that it was taken out. `record` is None for one over many rounds."""
    entry = ReportFile.objects.create(
        assessment=record,
        kind=kind,
        form=form,
        language=language,
        basis=basis,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        content_sha256=content_sha256,
        manifest=manifest or {},
        by=by,
    )
    what = f"{entry.get_kind_display()} · {entry.get_form_display()}"
    Event.objects.record(Event.Verb.EXPORTED, by=by, assessment=record, target=what, sha256=entry.sha256)
    return entry
