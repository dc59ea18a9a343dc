"""Rules of what criteria rest on: citations, clauses, quotations; the version before, and golden sets."""

from collections.abc import Iterator

from assessment.lint.draft import Draft, Found, at, at_passage, is_there
from assessment.lint.finding import Place
from assessment.outline import Criterion, Passage


def unknown_citations(draft: Draft) -> Found:
    for owner, citation in draft.framework.citations():
        if citation.key not in draft.framework.passages:
            kind = "criterion" if isinstance(owner, Criterion) else "dimension"
            yield at(kind, owner, f"cites.{citation.key}"), {"passage": citation.key}


def uncited_criteria(draft: Draft) -> Found:
    """One by one; where none cites anything, the framework as a whole."""
    uncited = [criterion for criterion in draft.criteria if not criterion.cites]
    if len(uncited) == len(draft.criteria) > 1:
        yield draft.place("cites"), {"count": len(uncited)}
    else:
        yield from ((at("criterion", criterion, "cites"), {"count": 1}) for criterion in uncited)


def uncovered_clauses(draft: Draft) -> Found:
    """Passages that no criterion cites, of sources that some criterion does; the other sources are for reading on."""
    cited = {citation.key for criterion in draft.criteria for citation in criterion.cites}
    used = {key.partition("#")[0] for key in cited}
    for key, (source, passage) in draft.framework.passages.items():
        if source.code in used and key not in cited:
            yield at_passage(source, passage), {}


def forbidden_quotes(draft: Draft) -> Found:
    for place, passage in _quoted(draft):
        if not passage.quotable:
            yield place, {"status": passage.status}


def wrong_quotes(draft: Draft) -> Found:
    for place, _passage in _quoted(draft):
        check = draft.checks.get(place.code)
        if check and check.verdict == "differs":
            yield place, {"edition": check.edition}


def unchecked_quotes(draft: Draft) -> Found:
    """Quotations that were not compared though the text of their source is at hand."""
    at_hand = {check.source for check in draft.checks.values() if check.sha256}
    for place, passage in _quoted(draft):
        check = draft.checks.get(place.code)
        is_compared = check is not None and check.verdict != "unchecked"
        if passage.quotable and place.code.partition("#")[0] in at_hand and not is_compared:
            yield place, {}


def sources_without_text(draft: Draft) -> Found:
    """Sources of which no text is at hand, so that their quotations stay unchecked."""
    for source in draft.framework.sources:
        keys = [f"{source.code}#{passage.id}" for passage in source.passages]
        count = sum(key in draft.checks and draft.checks[key].verdict == "unchecked" for key in keys)
        if count:
            yield at("source", source), {"count": count}


def _quoted(draft: Draft) -> Iterator[tuple[Place, Passage]]:
    for source, passage in draft.framework.passages.values():
        if is_there(passage.quote):
            yield at_passage(source, passage, "quote"), passage


def vanished_codes(draft: Draft) -> Found:
    """Codes of the version before that are gone, and whose answers no criterion takes over.

    `renamed`: the new criterion of the same title or statement, if any: it looks as if its code alone was changed.
    """
    kept = {criterion.code for criterion in draft.criteria}
    taken_over = {code for criterion in draft.criteria for code in criterion.replaces}
    for code, old in draft.before.items():
        if code not in kept | taken_over:
            yield at("criterion", old), {"renamed": _renamed(draft, old)}


def _renamed(draft: Draft, old: Criterion) -> str:
    new = (criterion for criterion in draft.criteria if criterion.code not in draft.before)
    return next((c.code for c in new if c.title == old.title or c.statement == old.statement), "")


def unknown_replaced(draft: Draft) -> Found:
    for criterion in draft.criteria if draft.previous else ():
        for code in criterion.replaces:
            if code not in draft.before:
                yield at("criterion", criterion, f"replaces.{code}"), {"replaced": code}


def replaced_though_kept(draft: Draft) -> Found:
    """A code that is still there, while another criterion takes its answer over too: right for a split alone.

    Who means a split says so: the criterion that kept the code names it in `replaces` as well.
    """
    kept = {criterion.code for criterion in draft.criteria if criterion.code not in criterion.replaces}
    for criterion in draft.criteria:
        for code in criterion.replaces:
            if code in kept and code in draft.before:
                yield at("criterion", criterion, f"replaces.{code}"), {"replaced": code}


def changed_golden_sets(draft: Draft) -> Found:
    for name, count in draft.golden.items():
        if count:
            yield Place(f"golden:{name}"), {"count": count}
