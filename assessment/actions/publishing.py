"""The gate before publishing: what is wrong with a draft, and that a version is published by the right person, once."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from assessment import elements, outline
from assessment.actions.desk import is_author, lock
from assessment.actions.framework import mark_of, publish
from assessment.actions.golden import differing
from assessment.actions.outcome import InTheWay, Overtaken, ReasonMissing, Refused
from assessment.actions.source import checked
from assessment.lineage import is_higher, version_key
from assessment.lint import Finding, lint
from assessment.models import Framework, User


def findings(record: Framework) -> tuple[Finding, ...]:
    """All that lint says of the version, with its quotations checked and its golden sets run."""
    framework, before = record.outline(), record.previous
    previous = before.outline() if before else None
    return lint(framework, previous=previous, checks=checked(framework), golden=dict(differing(record)))


@transaction.atomic
def publish_draft(record: Framework, reasons: Mapping[str, str], *, by: User, seen: str | None = None) -> None:
    """Publishes what has no errors. `reasons`: by the key of each warning, why it may stand.

    `seen`: the mark of the content at which the person looked. Raises Overtaken where it is another one by now, InTheWay
    with the errors, ReasonMissing, or Refused where the version is not higher than the last one published, nothing
    changed since, or four eyes are asked for and there are only two.
    """
    record = lock(record)
    if seen is not None and seen != mark_of(record, record.outline()):
        raise Overtaken(_("The draft was changed after you had opened this page; look at it again, then publish."))
    found = findings(record)
    errors = [finding for finding in found if finding.severity == "error"]
    if errors:
        raise InTheWay(_("not published: errors to be corrected: %(count)d") % {"count": len(errors)}, errors)
    given = {f.key: reasons.get(f.key, "").strip() for f in found if f.severity == "warning"}
    missing = sum(not reason for reason in given.values())
    if missing:
        raise ReasonMissing(_("say of every warning why it may stand; missing: %(count)d") % {"count": missing})
    must_be_publishable(record, by)
    checks = [check.spelled() for check in checked(record.outline())]
    publish(record, by=by, reasons=given, checks=checks)


def must_be_publishable(record: Framework, by: User) -> None:
    """Raises Refused with the reason for which this person cannot publish this draft now."""
    if record.four_eyes and is_author(record, by):
        raise Refused(_("you edited this draft; somebody else publishes it (four eyes)"))
    must_be_news(record)


def must_be_news(record: Framework) -> None:
    """Raises Refused where the version is not higher than the last one published, or says nothing else."""
    last = latest_published(record)
    if last is None:
        return
    if not is_higher(record.version, last.version):
        raise Refused(
            _("the version must be higher than %(last)s, the last one published; this one is %(version)s")
            % {"last": last.version, "version": record.version}
        )
    if content_of(record.outline()) == content_of(last.outline()):
        raise Refused(_("nothing changed since %(last)s; there is nothing to publish") % {"last": last.version})


def latest_published(record: Framework) -> Framework | None:
    published = Framework.objects.filter(code=record.code).exclude(state=Framework.State.DRAFT)
    return max(published, key=lambda each: version_key(each.version), default=None)


def content_of(framework: outline.Framework) -> elements.Elements:
    """All that a framework says, its version and what its criteria replace aside."""
    whole = elements.take_apart(framework)
    whole[elements.FRAMEWORK]["version"] = ""
    for name, element in whole.items():
        if elements.kind_of(name) == "criterion":
            whole[name] = element | {"replaces": [], "carry": ""}
    return whole
