"""Open this for what the summary says in words: what the figures come to, and how sure they are."""

from collections import Counter

from django.utils.translation import gettext as _

from assessment.reports import words
from assessment.reports.content.facts import AtLevel, Cap, Content, Strength

MOST = 4  # dimensions that are named where it could name all


def boxes(content: Content) -> list[tuple[str, str, str]]:
    """Name, figure and note of each. A single lens says what the whole says: coverage and evidence stand in its place."""
    s = content.summary
    lenses = [(x.name, words.points(x.standing.score), level_named(content, x.standing.level)) for x in s.lenses]
    if len(lenses) == 1:
        lenses = [(_("Coverage"), words.share(s.overall.coverage), answered(content))]
        lenses.append((_("Evidence"), words.share(s.evidence), _("of the levels claimed")))
    gaps = _("gaps: %(count)s") % {"count": len(content.improvements)}
    whole = (_("Overall score"), words.points(s.overall.score), level_named(content, s.overall.level))
    return [whole, *lenses, (_("With every gap closed"), words.points(s.at_target), gaps)]


def answered(content: Content) -> str:
    """What the coverage is a share of: what does not apply is not asked for."""
    s = content.summary
    return _("%(answered)s of %(all)s applicable answered") % {"answered": s.answered, "all": s.answered + s.blank}


def level_named(content: Content, level: int | None) -> str:
    return _("no level yet") if level is None else f"{words.level(level)} {content.level_name(level)}".strip()


def judgement(content: Content) -> str:
    """What the figures come to, in words: high and low, how many gaps, where the critical ones are, what is lopsided."""
    sentences = (_high_and_low(content), _gap_counts(content), _where_critical(content), _lopsided(content))
    return "".join(filter(None, sentences))


def _high_and_low(content: Content) -> str:
    """Of the dimensions with a level: a score that rests on a few answers is not compared."""
    rated = [section for section in content.sections if section.standing.level is not None]
    if not rated:
        text = _("Only %(answered)s of %(all)s criteria are answered; what follows speaks of these alone.")
        return text % {"answered": content.summary.answered, "all": content.method.criteria}
    ranked = sorted(rated, key=lambda section: -(section.standing.score or 0))
    best, worst = ranked[0], ranked[-1]
    if len(rated) == 1:
        named = {"dimension": f"{best.code} {best.name}", "score": words.points(best.standing.score)}
        return _("%(dimension)s scores %(score)s.") % named
    facts = {
        "count": len(rated),
        "best": f"{best.code} {best.name}",
        "high": words.points(best.standing.score),
        "worst": f"{worst.code} {worst.name}",
        "low": words.points(worst.standing.score),
    }
    if facts["high"] == facts["low"]:
        return _("The %(count)s dimensions with a level score %(high)s.") % facts
    return (
        _("Of the %(count)s dimensions with a level %(best)s scores highest (%(high)s), %(worst)s lowest (%(low)s).")
        % facts
    )


def _gap_counts(content: Content) -> str:
    if not content.improvements:
        return ""
    text = _(" %(count)s criteria lie below their target: %(critical)s critical, %(major)s major, %(minor)s minor.")
    counts = {name: content.summary.counts.get(name, 0) for name in ("critical", "major", "minor")}
    return text % {"count": len(content.improvements), **counts}


def _where_critical(content: Content) -> str:
    found = Counter(
        f"{g.dimension} {g.dimension_name}" for s in content.sections for g in s.gaps if g.severity == "critical"
    )
    places = [_("%(dimension)s (%(count)s)") % {"dimension": d, "count": n} for d, n in found.most_common(MOST)]
    return _(" Most critical gaps: %(places)s.") % {"places": words.listed(places)} if places else ""


def _lopsided(content: Content) -> str:
    places = [
        _("%(dimension)s (%(side)s higher by %(points)s)")
        % {
            "dimension": f"{balance.code} {balance.name}",
            "side": balance.sides[0 if (balance.tilt or 0) > 0 else 1].name,
            "points": words.points(abs(balance.tilt or 0)),
        }
        for balance in (section.balance for section in content.sections)
        if balance and balance.balance == "lopsided"
    ]
    return _(" Lopsided: %(places)s.") % {"places": words.listed(places)} if places else ""


def key_named(key: AtLevel) -> str:
    return f"{key.code} {key.title}"


def any_level(content: Content) -> bool:
    return any(section.standing.level is not None for section in content.sections)


def no_level() -> str:
    return _("The answers do not suffice yet for any dimension to be given a level.")


def carriers(item: Strength) -> str:
    best = words.listed(key_named(key) for key in item.best)
    return _("Carried by %(criteria)s (%(level)s)") % {"criteria": best, "level": words.level(item.best[0].level)}


def _bounds(content: Content) -> str:
    overall, blank = content.summary.overall, content.summary.blank
    text = (
        _(
            "%(low)s to %(high)s: the score with all %(blank)s unanswered criteria at the lowest and at the highest level."
        )
        if blank
        else _("%(low)s to %(high)s: nothing is left blank, so both equal the score.")
    )
    return text % {"low": words.points(overall.low), "high": words.points(overall.high), "blank": blank}


def _review(content: Content) -> str:
    s = content.summary
    if not s.verified:
        return _("No level has been verified yet: all are self-assessed.")
    text = _("%(verified)s levels are verified; %(differing)s of them differ from the self-assessed ones.")
    return text % {"verified": s.verified, "differing": s.differing}


def _coverage(content: Content) -> str:
    s = content.summary
    return _("%(share)s: %(answered)s of %(all)s criteria answered, %(blank)s blank, %(na)s not applicable.") % {
        "share": words.share(s.overall.coverage),
        "answered": s.answered,
        "all": content.method.criteria,
        "blank": s.blank,
        "na": s.na,
    }


def _evidence(content: Content) -> str:
    if content.summary.evidence is None:
        return _("No criterion is at level 1 or higher yet.")
    text = _("%(share)s of the criteria answered at level 1 or higher name at least one piece of evidence.")
    return text % {"share": words.share(content.summary.evidence)}


def held(cap: Cap) -> str:
    """Behind the name of a dimension that key criteria hold down: from which level to which."""
    return _(" (score %(by_score)s, held at %(level)s by %(keys)s)") % {
        "by_score": words.level(cap.level_by_score),
        "level": words.level(cap.level),
        "keys": words.listed(key_named(key) + _(" (not answered)") * (key.level is None) for key in cap.by),
    }


def how_sure(content: Content) -> list[tuple[str, str]]:
    """What qualifies the figures: names and sentences."""
    rows = [
        (_("Bounds"), _bounds(content)),
        (_("Coverage"), _coverage(content)),
        (_("Evidence"), _evidence(content)),
        (_("Review"), _review(content)),
    ]
    if content.summary.na:
        strict = _("%(strict)s: the score with every criterion that was set aside counted as level 0.")
        rows.insert(1, (_("Strict"), strict % {"strict": words.points(content.summary.overall.strict)}))
    return rows
