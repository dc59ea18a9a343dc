"""The official texts of sources, and the quotations as they stand in them."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from assessment import outline, quoting
from assessment.actions.outcome import Refused
from assessment.models import Event, OfficialText, User
from assessment.quoting import Check, Verdict


@transaction.atomic
def add_text(source: str, edition: str, name: str, text: str, sha256: str, *, by: User) -> OfficialText:
    """From now on the source's quotations are checked against this text. The same file is taken once."""
    _must_be_new(source, sha256)
    try:
        with transaction.atomic():
            record = OfficialText.objects.create(
                source=source, edition=edition, name=name, text=text, sha256=sha256, uploaded_by=by
            )
    except IntegrityError:  # somebody sent it at the same moment
        _must_be_new(source, sha256)
        raise
    Event.objects.record(Event.Verb.TEXT_ADDED, by=by, target=f"{source} {edition}", file=name, sha256=sha256)
    return record


def _must_be_new(source: str, sha256: str) -> None:
    known = OfficialText.objects.filter(source=source, sha256=sha256).select_related("uploaded_by").first()
    if known:
        given = {
            "person": known.uploaded_by,
            "day": date_format(localtime(known.uploaded_at)),
            "edition": known.edition,
        }
        raise Refused(_("%(person)s uploaded this very file on %(day)s, as “%(edition)s”") % given)


def official_texts(sources: Iterable[str]) -> dict[str, list[OfficialText]]:
    """By source, what was uploaded, the newest first; without the words themselves."""
    found = defaultdict(list)
    for text in OfficialText.objects.filter(source__in=set(sources)).select_related("uploaded_by").defer("text"):
        found[text.source].append(text)
    return dict(found)


def checked(framework: outline.Framework) -> list[Check]:
    """Every quotation of the framework against the newest text of its source, in two queries."""
    newest = {code: texts[0] for code, texts in official_texts(s.code for s in framework.sources).items()}
    words = dict(
        OfficialText.objects.filter(pk__in=[text.pk for text in newest.values()]).values_list("source", "text")
    )
    checks = []
    for key, (source, passage) in framework.passages.items():
        if any(map(str.strip, passage.quote.values())):
            text = newest.get(source.code)
            verdict = text and _verdict(passage.quote, words[source.code])
            checks.append(_check(key, verdict, text) if text and verdict else Check(key, "unchecked"))
    return checks


def _verdict(quote: outline.Text, text: str) -> Verdict:
    """A quotation stands when it does so in one language; the others are translations."""
    verdicts = [quoting.check(words, text) for words in quote.values() if words.strip()]
    return max(verdicts, key=lambda verdict: (verdict.stands, _kept(verdict)))


def _kept(verdict: Verdict) -> int:
    return sum(len(segment.words) for segment in verdict.difference if segment.kind == "kept")


def _check(key: str, verdict: Verdict, text: OfficialText) -> Check:
    return Check(key, "stands" if verdict.stands else "differs", text.edition, text.sha256, verdict.difference)
