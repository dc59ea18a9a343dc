"""Open this for the sentences of cover, dimensions, gaps and references, the same in every form of the report."""

import re
from collections.abc import Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessment.reports import words
from assessment.reports.content.facts import Answer, Assigned, Content, GapItem, Group, Reference, Section
from assessment.reports.markup import Block
from assessment.scoring import BALANCED, LEANING

LONGEST = 1500  # characters of a user's text that are printed
IN_ORDER = gettext_noop(
    "The %(count)s gaps (%(critical)s critical, %(major)s major, %(minor)s minor) in order of what closing each alone "
    "would add to the overall score. With all of them closed it would be %(at_target)s; now it is %(score)s. Gains do "
    "not add up."
)


def cover_facts(content: Content) -> list[tuple[str, str]]:
    """What the cover says the report is about: names and values."""
    facts, blank = content.cover, _("not given")
    framework = _("%(name)s, version %(version)s") % {"name": facts.framework, "version": facts.version}
    return [
        (_("City"), facts.city + words.aside(facts.city_code)),
        (_("Round"), facts.round + (words.aside(facts.title) if facts.title else "")),
        (_("Framework"), framework),
        (_("Target profile"), facts.target or blank),
        (_("Levels used"), words.basis(content.basis)),
        (_("As of"), words.day(facts.as_of) or blank),
    ]


def bounds(low: float | None, high: float | None, strict: float | None = None) -> str:
    """The lowest and highest score, the strict one behind them in brackets.

    >>> bounds(20.0, 47.25, 18.0)
    '20.0–47.3（18.0）'
    """
    told = words.NOTHING if low is None and high is None else f"{words.points(low)}–{words.points(high)}"
    return told if strict is None else f"{told}{words.aside(words.points(strict))}"


def note(group: Group) -> str:
    """How to read the pictures."""
    if group.kind == "transition":
        return _("Filled: the score now; hollow: with every gap closed; band: the bounds; ticks: mean level.")
    if group.kind == "balance":
        text = _(
            "The heavier side is the one with the higher score. Apart by up to %(balanced)s points: balanced; "
            "up to %(leaning)s: leaning; more: lopsided."
        )
        return text % {"balanced": BALANCED, "leaning": LEANING}
    return _(
        "Filled: the score now; hollow: with every gap closed; line below: the bounds; shades: the levels by score."
    )


def verdict(content: Content, section: Section) -> str:
    """How a dimension stands, with what holds or qualifies it."""
    s = section.standing
    facts = _standing_words(content, section)
    if s.na:
        facts += _(" Strict score, with what was set aside at level 0: %(strict)s.") % {
            "strict": words.points(s.strict)
        }
    if section.cap:
        facts += _(" The level is held at %(level)s by %(keys)s.") % {
            "level": words.level(section.cap.level),
            "keys": words.listed(
                f"{key.code} {key.title}{words.aside(_key_level(key.level))}" for key in section.cap.by
            ),
        }
    if section.balance and section.balance.tilt is not None:
        facts += _(" Tilt %(tilt)s: %(word)s.") % {
            "tilt": words.signed(section.balance.tilt),
            "word": words.balance(section.balance.balance),
        }
    return facts


def _standing_words(content: Content, section: Section) -> str:
    s = section.standing
    if s.score is None:
        text = _("No score yet (bounds %(low)s to %(high)s); coverage %(coverage)s.")
    elif s.level is None and _has_a_blank_side(section):
        text = _(
            "Score %(score)s (bounds %(low)s to %(high)s), by score %(by_score)s, no level while one side has no answer; "
            "coverage %(coverage)s."
        )
    elif s.level is None:
        text = _(
            "Score %(score)s (bounds %(low)s to %(high)s), by score %(by_score)s, too few answers for a level; "
            "coverage %(coverage)s."
        )
    else:
        text = _(
            "Score %(score)s (bounds %(low)s to %(high)s), by score %(by_score)s, rated %(level)s (%(name)s); "
            "coverage %(coverage)s."
        )
    return text % {
        "score": words.points(s.score),
        "low": words.points(s.low),
        "high": words.points(s.high),
        "by_score": words.level(section.level_by_score),
        "level": words.level(s.level),
        "name": content.level_name(s.level),
        "coverage": words.share(s.coverage),
    }


def _key_level(level: int | None) -> str:
    return words.state("blank") if level is None else words.level(level)


def gap_facts(gap: GapItem) -> str:
    """What stands behind a gap's severity: how large, what closing it gains, its rank, both levels."""
    return _("  gap %(gap)s · gain %(gain)s · rank %(rank)s · self-assessed %(self)s, %(verified)s") % {
        "gap": gap.gap,
        "gain": words.signed(gap.gain),
        "rank": gap.rank,
        "self": words.level(gap.self_level),
        "verified": _("not verified")
        if gap.verified_level is None
        else _("verified %(level)s") % {"level": words.level(gap.verified_level)},
    }


def first_step(gap: GapItem, *, alone: bool = False) -> str:
    """How to begin: in a person's own words where they stand instead of the framework's.

    What only leads to it (a sentence that ends in a colon, or before a list) stands before it unless it is wanted `alone`.
    """
    if gap.reworded:
        lead, step = _first_of(gap.reworded.blocks)
        return step if alone else f"{lead}{' ' if lead[-1:].isascii() and lead else ''}{step}"
    return next((action.text for action in gap.actions if action.text), "")


ENDED = re.compile("[；;，,]$")  # how a list's item goes on to the next


def _first_of(blocks: Sequence[Block]) -> tuple[str, str]:
    """The first step that is advised, and what leads to it."""
    if not blocks:
        return "", ""
    first, after = blocks[0], blocks[1] if len(blocks) > 1 else None
    leads = first.kind == "paragraph" and after and (after.kind != "paragraph" or first.text.endswith(("：", ":")))
    lead, step = (first.text, after) if after and leads else ("", first)
    return lead, step.text if step.kind == "paragraph" else ENDED.sub(
        lambda mark: "。" if mark[0] in "；，" else ".", step.text
    )


def assigned(to: Assigned) -> str:
    """Who, and until when; what is unknown is left out."""
    day = _("by %(day)s") % {"day": words.day(to.due_on)} if to.due_on else ""
    return words.listed(filter(None, (to.owner, day)), "，")


def quoted(text: str) -> str:
    """In quotation marks; marks inside become single ones, as the standard (GB/T 15834) wants.

    >>> quoted("激活“神经末梢”")
    '“激活‘神经末梢’”'
    """
    return f"“{text.replace('“', '‘').replace('”', '’')}”"


def _has_a_blank_side(section: Section) -> bool:
    return section.balance is not None and any(side.score is None for side in section.balance.sides)


def reason(answer: Answer) -> str:
    """Why a level was chosen, or none; where a level was verified instead, both may be there."""
    if answer.rationale and answer.not_applicable:
        return _("%(rationale)s\nNot applicable, because: %(reason)s") % {
            "rationale": answer.rationale,
            "reason": answer.not_applicable,
        }
    return answer.rationale or answer.not_applicable


def clipped(text: str) -> str:
    """What a user wrote, cut where it would fill pages."""
    text = text.strip()
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST] + _("… (%(count)s more characters in the tool)") % {"count": len(text) - LONGEST}


def kinds_of_cites(content: Content) -> list[tuple[str, str]]:
    """What the framework cites at all: a row for each, whether or not the gap has any."""
    kinds = {"clause": _("Clause")} if content.references else {}
    if content.has_readings:
        kinds["reading"] = _("Reading")
    return list(kinds.items())


DRAWN = 15  # gaps in the picture above the list


def no_gaps(content: Content) -> str:
    """Why none is listed."""
    if not content.summary.answered:
        return _("No criterion is answered yet.")
    if all(answer.target is None for answer in content.answers):
        return _("No gaps: this round has no target profile, and no answer sets its own target.")
    return _("No answered criterion lies below its target.")


def no_gaps_here(section: Section) -> str:
    """Why none is listed in this dimension."""
    answered = [answer for answer in section.answers if answer.state == "answered"]
    if not answered:
        is_out = all(answer.state == "na" for answer in section.answers)
        return _("No criterion of this dimension is applicable.") if is_out else _("Not answered yet.")
    if all(answer.target is None for answer in answered):
        return _("No gaps: no answered criterion of this dimension has a target.")
    return _("No answered criterion of this dimension lies below its target.")


def improvement_words(content: Content) -> str:
    text = _(IN_ORDER)
    if len(content.improvements) > DRAWN:
        text += _(" The picture shows the first %(drawn)s.")
    counts = {name: content.summary.counts.get(name, 0) for name in ("critical", "major", "minor")}
    return text % {
        "count": len(content.improvements),
        "drawn": DRAWN,
        "at_target": words.points(content.summary.at_target),
        "score": words.points(content.summary.overall.score),
        **counts,
    }


def self_told(answer: Answer) -> str:
    """The self-assessed level, or why there is none."""
    if answer.self_level is not None:
        return str(answer.self_level)
    return words.state("na") if answer.not_applicable else words.state("blank")


def matrix_words() -> str:
    return _(
        "● rests on it, ○ filed under it by its title (this tool). A clause is named by locator and reference number; –"
        " is cited by no criterion."
    )


def title(content: Content) -> str:
    """What the report is called wherever it names itself."""
    facts = content.cover
    return _("%(city)s: gap report on %(framework)s") % {"city": facts.city, "framework": facts.framework}


def references_words(content: Content) -> str:
    text = _("Numbered in the order in which they are first cited.")
    if content.has_readings:
        text += _(
            " Clauses are those of the documents themselves; readings are an expert's interpretation, cited as such "
            "and never as the document."
        )
    return text + _(" Quotations stand only where the wording itself was read.")


def filed_here(is_first: bool) -> str:
    """Before the codes that this tool filed under a reference; `is_first`: nothing is cited before them."""
    return _("Filed here by this tool: ") if is_first else _("; filed here by this tool: ")


def read_and_told(reference: Reference) -> str:
    """How much of a clause is known, before this tool's own words on it."""
    return _("%(status)s. In short: ") % {"status": capfirst(words.status(reference.status))}


def reference_facts(reference: Reference) -> str:
    """Number, issuers, day and edition of a cited document."""
    issued = _("issued %(date)s") % {"date": words.day(reference.issued)} if reference.issued else ""
    facts = (reference.document_number, words.listed(reference.issuers), issued, reference.edition)
    return words.listed((fact for fact in facts if fact), "，")
