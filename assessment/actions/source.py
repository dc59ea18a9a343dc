"""The official texts of sources, and the quotations as they stand in them."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from assessment import outline, quoting
from assessment.actions.outcome import Refused
from assessment.models import Event, OfficialText, TextDecision, User
from assessment.quoting import Check, Verdict


@transaction.atomic
def add_text(framework: str, source: str, edition: str, name: str, text: str, sha256: str, *, by: User) -> OfficialText:
    """From now on the source's quotations are checked against this text, in all versions of the framework.

    A file is kept once: one that was withdrawn or overtaken is chosen again, as it is kept.
    """
    known = _known(framework, source, sha256)
    if known:
        decide_on_text(known, counts=True, by=by)
        return known
    try:
        with transaction.atomic():
            record = OfficialText.objects.create(
                framework=framework, source=source, edition=edition, name=name, text=text, sha256=sha256, uploaded_by=by
            )
    except IntegrityError:  # somebody sent it at the same moment
        _known(framework, source, sha256)
        raise
    _log(Event.Verb.TEXT_ADDED, record, by)
    return record


def _known(framework: str, source: str, sha256: str) -> OfficialText | None:
    """The file as it is kept already. Raises Refused where it is what counts."""
    texts = official_texts(framework, [source]).get(source, [])
    known = next((text for text in texts if text.sha256 == sha256), None)
    if known and known == texts[0] and known.counts:
        given = {
            "person": known.uploaded_by,
            "day": date_format(localtime(known.uploaded_at)),
            "edition": known.edition,
        }
        raise Refused(_("%(person)s uploaded this very file on %(day)s, as “%(edition)s”") % given)
    return known


@transaction.atomic
def decide_on_text(text: OfficialText, *, counts: bool, by: User) -> None:
    """From now on the text counts before all others of its source; or it is withdrawn, and the one before it counts."""
    what = TextDecision.What.CHOSEN if counts else TextDecision.What.WITHDRAWN
    text.decisions.create(what=what, by=by)
    _log(Event.Verb.TEXT_CHOSEN if counts else Event.Verb.TEXT_WITHDRAWN, text, by)


def give_texts(before: str, after: str, *, by: User) -> None:
    """What counts for the framework of the one code counts for that of the other too, which a draft was renamed to.

    Not of a source of which that one has texts of its own: its published versions rest on them.
    """
    theirs = list(OfficialText.objects.filter(framework=after).values_list("source", flat=True))
    counting = OfficialText.objects.ranked().filter(framework=before, counts=True).exclude(source__in=theirs)
    for text in counting.defer(None).reverse():
        given = {name: getattr(text, name) for name in ("source", "edition", "name", "text", "sha256")}
        add_text(after, **given, by=by)


def _log(verb: Event.Verb, text: OfficialText, by: User) -> None:
    target = f"{text.framework} {text.source} {text.edition}"
    Event.objects.record(verb, by=by, target=target, file=text.name, sha256=text.sha256)


def official_texts(framework: str, sources: Iterable[str]) -> dict[str, list[OfficialText]]:
    """By source, what was uploaded for the framework: the one that counts first, those withdrawn last."""
    found = defaultdict(list)
    texts = OfficialText.objects.ranked().filter(framework=framework, source__in=set(sources))
    for text in texts.select_related("uploaded_by").prefetch_related("decisions__by"):
        found[text.source].append(text)
    return dict(found)


def checked(framework: outline.Framework) -> list[Check]:
    """Every quotation of the framework against the text of its source that counts, in two queries."""
    counting = _counting(framework)
    words = dict(
        OfficialText.objects.filter(pk__in=[text.pk for text in counting.values()]).values_list("source", "text")
    )
    checks = []
    for key, (source, passage) in framework.passages.items():
        if any(map(str.strip, passage.quote.values())):
            text = counting.get(source.code)
            verdict = text and _verdict(passage.quote, words[source.code])
            checks.append(_check(key, verdict, text) if text and verdict else Check(key, "unchecked"))
    return checks


def _counting(framework: outline.Framework) -> dict[str, OfficialText]:
    """By source the text that counts, if there is one."""
    sources = {source.code for source in framework.sources}
    texts = OfficialText.objects.ranked().filter(framework=framework.code, source__in=sources, counts=True)
    return {text.source: text for text in reversed(texts)}


def _verdict(quote: outline.Text, text: str) -> Verdict:
    """A quotation stands when it does so in one language; the others are translations."""
    verdicts = [quoting.check(words, text) for words in quote.values() if words.strip()]
    return max(verdicts, key=lambda verdict: (verdict.stands, _kept(verdict)))


def _kept(verdict: Verdict) -> int:
    return sum(len(segment.words) for segment in verdict.difference if segment.kind == "kept")


def _check(key: str, verdict: Verdict, text: OfficialText) -> Check:
    return Check(key, "stands" if verdict.stands else "differs", text.edition, text.sha256, verdict.difference)
