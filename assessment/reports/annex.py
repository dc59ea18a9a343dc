"""Open this for the sentences of the quality annex: what was found, and why it is worth a second look."""

from django.utils.translation import gettext as _

from assessment.reports import words
from assessment.reports.content.facts import Agreement, Contradiction, Named
from assessment.scoring import shown

LONGEST = 160  # characters of what several answers share: a clause by its name, a title


def lead() -> str:
    return _(
        "What a reader who checks the answers would ask about first. Each line is a reason to look, not a reproach: "
        "it may well be right as it stands."
    )


def rule(value: str) -> str:
    """What of the statements caught the eye, in a few words."""
    names = {
        "late": _("evidence later than the day of the round"),
        "overruled": _("set aside, yet verified"),
        "target_below": _("target below the level"),
        "bare": _("high level without rationale and evidence"),
        "same_clause": _("one clause, levels far apart"),
        "same_evidence": _("one piece of evidence, levels far apart"),
        "same_rationale": _("the same words several times"),
    }
    return names[value]


def why(value: str) -> str:
    """Why it is worth a look. It may well be right as it is."""
    reasons = {
        "late": _(
            "What came into being after that day cannot show how things stood on it; perhaps the date is mistyped."
        ),
        "overruled": _(
            "The city says that the criterion does not apply, the reviewer gave it a level; both should be explained."
        ),
        "target_below": _(
            "The target set for the answer lies below the level already reached; perhaps it is out of date."
        ),
        "bare": _("One of the two highest levels, and a reader finds nothing to follow it up with."),
        "same_clause": _(
            "They answer for the same clause; one may be judged more strictly than the other, or their subjects differ."
        ),
        "same_evidence": _(
            "The same material supports a low and a high level; a word on what each takes from it helps."
        ),
        "same_rationale": _(
            "Each criterion asks for something else; facts of its own make the answer easier to check."
        ),
    }
    return reasons[value]


def found(item: Contradiction) -> str:
    """The facts, without the criteria's names."""
    told = {
        "late": _("“%(about)s” is dated %(on)s"),
        "target_below": _("target %(target)s"),
        "same_clause": "%(about)s",
        "same_evidence": _("“%(about)s”"),
        "same_rationale": _("“%(about)s”"),
    }
    about = item.about if len(item.about) <= LONGEST else item.about[:LONGEST] + "…"
    facts = {"about": about, "on": words.day(item.on), "target": item.target}
    return told.get(item.rule, "") % facts


def named(criterion: Named) -> str:
    return f"{criterion.code} {criterion.title}"


def unproven(count: int, claimed: int) -> str:
    text = _("%(count)s of the %(claimed)s criteria at level 1 or higher name no evidence.")
    return text % {"count": count, "claimed": claimed}


def agreement(item: Agreement) -> str:
    """How self-assessed and verified levels compare, in one or two sentences."""
    if not item.verified:
        return _("No level has been verified yet: all are self-assessed.")
    text = _(
        "%(verified)s levels are verified: %(equal)s are as self-assessed, %(higher)s higher, %(lower)s lower, "
        "%(filled)s where no level was chosen. Mean difference: %(mean)s levels."
    )
    counts = {name: getattr(item, name) for name in ("verified", "equal", "higher", "lower", "filled")}
    return text % {**counts, "mean": mean(item.mean)}


def mean(value: float | None) -> str:
    """Levels with their sign, two decimals.

    >>> mean(-0.5), mean(0.0), mean(None)
    ('−0.50', '0.00', '—')
    """
    if value is None:
        return words.NOTHING
    size = shown(10 * abs(value)) / 10
    return f"{size:.2f}" if not size else f"{size if value > 0 else -size:+.2f}".replace("-", "−")


def step(difference: int) -> str:
    """Levels with their sign.

    >>> step(-2), step(1)
    ('−2', '+1')
    """
    return f"{difference:+d}".replace("-", "−")


def none(part: str) -> str:
    """The one line of a part with nothing in it."""
    lines = {
        "unproven": _("Every criterion at level 1 or higher names evidence."),
        "contradictions": _("Nothing was found that does not fit together."),
        "excused": _("No criterion was set aside as not applicable."),
        "differing": _("No verified level differs from the self-assessed one."),
    }
    return lines[part]
