"""Open this for the method in words: how the figures come about, one example, and where the instrument is weak."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from assessment.reports import words
from assessment.reports.content.facts import Content, Example, ExampleSide, Method, Step, Thin
from assessment.reports.findings import language
from assessment.scoring import BALANCED, LEANING


def levels_and_scores(facts: Method) -> str:
    text = _(
        "Each of the %(criteria)s criteria is answered with a level from 0 to %(highest)s; its value is the level "
        "divided by %(highest)s. Values are averaged by weight: criteria to a dimension, dimensions to a lens, lenses "
        "to the overall score (0 to 100). What is blank or not applicable is left out, and its weight goes to its "
        "siblings."
    )
    return text % {"criteria": facts.criteria, "highest": facts.highest}


def threshold(step: Step, scale: Sequence[Step]) -> str:
    """The scores that make a level: from its own threshold on; of level 0, all below the first."""
    if step.threshold is None:
        first = next((other.threshold for other in scale if other.threshold is not None), 0)
        return _("below %(points)s points") % {"points": f"{first:g}"}
    return _("from %(points)s points") % {"points": f"{step.threshold:g}"}


def level_rule(facts: Method) -> str:
    text = _(
        "The level by score is the highest whose threshold the printed score reaches. A level is given only where at "
        "least two thirds of the criteria are answered."
    )
    if facts.has_balances:
        text += _(" A balance is given none while one of its sides is unanswered.")
    if facts.has_keys:
        text += _(
            " A dimension's level is at most one above the lowest of its key criteria; where that bites, both levels "
            "are printed side by side with the criteria that hold it down."
        )
    return text


def certainty() -> str:
    return _(
        "Bounds: the score with every blank at the lowest and at the highest level. Strict score: with every criterion "
        "that is not applicable at level 0. Coverage: answered criteria among the applicable ones. Evidence: of the "
        "criteria at level 1 or higher, the share that names a piece of evidence."
    )


def gaps_rule() -> str:
    return _(
        "Gap = target − level. Critical: three levels or more, or two in a key criterion; major: two; minor: one. "
        "Gain: the points that the overall score would rise if this gap alone were closed; gains do not add up."
    )


def _side(side: ExampleSide, highest: int) -> str:
    plain = all(weight == side.terms[0][0] for weight, _level in side.terms)
    terms = " + ".join(f"{level}" if plain else f"{weight:g}×{level}" for weight, level in side.terms)
    whole = len(side.terms) if plain else f"{sum(weight for weight, _level in side.terms):g}"
    return _("%(side)s: (%(terms)s) ÷ (%(whole)s × %(highest)s) = %(value)s") % {
        "side": side.name,
        "terms": terms,
        "whole": whole,
        "highest": highest,
        "value": f"{side.value:.4f}",
    }


def _result(example: Example, shift: float) -> str:
    score = words.points(example.score)
    if len(example.sides) == 1:
        return _("Score: %(formula)s = %(score)s") % {"formula": f"100 × {example.sides[0].value:.4f}", "score": score}
    first, second = example.sides
    a, b = (f"({side.value:.4f} + {shift:.4g})" for side in example.sides)
    if first.weight == second.weight:
        formula = f"100 × (√({a} × {b}) − {shift:.4g})"
    else:
        whole = first.weight + second.weight
        formula = f"100 × ({a}^{first.weight / whole:.3g} × {b}^{second.weight / whole:.3g} − {shift:.4g})"
    tilt = words.signed(100 * (first.value - second.value))
    return _("Score: %(formula)s = %(score)s; tilt: %(tilt)s") % {"formula": formula, "score": score, "tilt": tilt}


def recompute(content: Content) -> list[str]:
    texts = [
        _(
            "Appendix A holds every level with its rationale and evidence, the references every clause. From the same "
            "framework version and the same answers every figure comes out again, and the same file byte by byte."
        )
        if content.references
        else _(
            "Appendix A holds every level with its rationale and evidence. From the same framework version and the same "
            "answers every figure comes out again, and the same file byte by byte."
        )
    ]
    if content.method.digest:
        text = _("SHA-256 of the framework's file, %(framework)s %(version)s: %(digest)s")
        cover = content.cover
        given = {"framework": cover.framework, "version": cover.version, "digest": content.method.digest}
        texts.append(text % given)
    if content.method.answers_digest:
        text = _("SHA-256 of the answers' file: %(digest)s. What the PDF says of itself, for programs, is in its XMP.")
        texts.append(text % {"digest": content.method.answers_digest})
    return texts


def untranslated(content: Content) -> str:
    """How many of the framework's texts are not in the report's language; empty where all are."""
    facts = content.method
    text = _(
        "Of the framework's %(texts)s texts %(count)s do not exist in the language of this report. They stand here as "
        "the framework has them: in %(language)s."
    )
    given = {"texts": facts.texts, "count": facts.untranslated, "language": language(facts.language)}
    return text % given if facts.untranslated else ""


def caveats(content: Content) -> list[str]:
    facts = content.method
    texts = [said] if (said := untranslated(content)) else []
    if len(content.summary.lenses) > 1:
        texts.append(
            _(
                "The lenses look at one city from several sides, and where they ask about the same matter they do not "
                "ask the same. Their scores are therefore printed apart, too."
            )
        )
    if facts.reading_only:
        text = _(
            "These criteria rest on an interpretation alone; where a clause is named beside it, it was filed there by "
            "its title by this tool: %(codes)s."
        )
        texts.append(text % {"codes": words.listed(facts.reading_only)})
    texts += map(_thin, facts.thin)
    return texts


def _thin(thin: Thin) -> str:
    items = words.listed(name + words.aside(str(count)) for name, count in thin.items)
    text = _("Of what %(document)s names, the criteria hardly touch these (number of criteria): %(items)s.")
    return text % {"document": words.book(thin.title), "items": items}


def balances(shift: float) -> tuple[str, str, str]:
    """How two sides become a score: what is done, the formula, and what tilt means."""
    sides = _(
        "A balance has two sides: its criteria are averaged to the values a and b, of which the weaker pulls down more "
        "than the stronger lifts; its score at equal weights:"
    )
    formula = f"100 × (√((a + {shift:.4g}) × (b + {shift:.4g})) − {shift:.4g})"
    tilt = _(
        "Tilt: the first side's score less the second's. Up to %(balanced)s points balanced, up to %(leaning)s "
        "leaning, beyond lopsided."
    )
    return sides, formula, tilt % {"balanced": BALANCED, "leaning": LEANING}


def example(content: Content) -> list[str]:
    """One dimension calculated step by step, a line a step."""
    shown = content.method.example
    lead = _("An imagined dimension, as this city's answers allow no own example yet.")
    if shown.own:
        lead = _("%(dimension)s, with this city's own levels.") % {"dimension": f"{shown.code} {shown.name}"}
    sides = (_side(side, content.method.highest) for side in shown.sides)
    return [lead, *sides, _result(shown, content.method.shift)]
