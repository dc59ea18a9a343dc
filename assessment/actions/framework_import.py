"""Take over a framework that somebody sent: what it would do, said before anything is written, and then doing just that."""

from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from assessment import outline
from assessment.actions.desk import note, replace_all
from assessment.actions.framework import begin, mark_of, publish, write_framework
from assessment.actions.golden import copy_golden_sets
from assessment.actions.outcome import Outcome, Overtaken, Refused
from assessment.actions.publishing import must_be_news
from assessment.models import Edit, Framework, User

Kind = Literal["new_framework", "new_version", "replaced", "unchanged", "refused"]


@dataclass(frozen=True)
class ImportPlan:
    """What an import would do.

    `record`: what is stored under the framework's code and version. `before`: what it is compared with, that or the
    version before. `seen`: which state of the record this plan is about.
    """

    kind: Kind
    record: Framework | None
    before: Framework | None
    seen: str

    @property
    def writes(self) -> bool:
        return self.kind in ("new_framework", "new_version", "replaced")


def plan_import(wanted: outline.Framework) -> ImportPlan:
    """Looks, and writes nothing."""
    record = Framework.objects.filter(code=wanted.code, version=wanted.version).first()
    before = record or version_before(wanted)
    if record is None:
        return ImportPlan("new_version" if before else "new_framework", None, before, "")
    stored = record.outline()
    kind: Kind = "unchanged" if stored == wanted else "replaced" if record.is_draft else "refused"
    return ImportPlan(kind, record, before, mark_of(record, stored))


@transaction.atomic
def import_framework(wanted: outline.Framework, *, seen: str, by: User) -> Outcome:
    """Does what the plan said; what is stored already stays. Raises Overtaken where it is no longer what was seen."""
    record = Framework.objects.select_for_update().filter(code=wanted.code, version=wanted.version).first()
    stored = record.outline() if record else None
    if record and stored == wanted:
        return "unchanged"
    if (mark_of(record, stored) if record and stored else "") != seen:
        raise Overtaken(_("Somebody changed this version after you looked; look at the changes again."))
    if record:
        replace_all(record, wanted, by=by)
        return "updated"
    previous = version_before(wanted)
    draft = begin(wanted, previous=previous, by=by)
    note(draft, Edit.Cause.IMPORTED, by=by)
    if previous:
        copy_golden_sets(previous, draft)
    return "created"


@transaction.atomic
def load_framework(wanted: outline.Framework, *, should_publish: bool = False) -> Outcome:
    """Makes the stored version equal to the outline. Raises Refused when a published version would change.

    To be published it has to be a higher version with other content, as for everybody; lint is not asked.
    """
    record = Framework.objects.select_for_update().filter(code=wanted.code, version=wanted.version).first()
    outcome: Outcome = "updated" if record else "created"
    if record and record.outline() == wanted:
        outcome = "unchanged"
    elif record and not record.is_draft:
        raise Refused(
            _("%(code)s %(version)s is published and never changes; give the changed framework a new version")
            % {"code": wanted.code, "version": wanted.version}
        )
    elif record:
        write_framework(wanted, record)
    else:
        record = _write_after(version_before(wanted), wanted)
    if should_publish and record.is_draft:
        must_be_news(record)
        publish(record)
        outcome = "updated" if outcome == "unchanged" else outcome
    return outcome


def _write_after(previous: Framework | None, wanted: outline.Framework) -> Framework:
    if previous is None:
        return write_framework(wanted, None)
    draft = write_framework(wanted, Framework(previous=previous, four_eyes=previous.four_eyes))
    copy_golden_sets(previous, draft)
    return draft


def version_before(wanted: outline.Framework) -> Framework | None:
    """The version that was published last, else the newest draft."""
    others = Framework.objects.filter(code=wanted.code).exclude(version=wanted.version)
    return others.order_by(F("published_at").desc(nulls_last=True), "-created_at", "-pk").first()
