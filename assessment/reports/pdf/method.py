"""Open this for the method page: how the figures come about, one example, and where the instrument is weak."""

from django.utils.translation import gettext as _

from assessment.reports import words
from assessment.reports.content.facts import Content, Example, ExampleSide, Step
from assessment.reports.pdf import look
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.table import Table
from assessment.reports.typeset import Run, Style
from assessment.scoring import BALANCED, LEANING

TEXT, LEADING = Style(9), 14.6
THIN = 2  # areas that no more criteria than this touch count as hardly covered


def method(book: Book, content: Content) -> None:
    book.chapter = _("Method")
    book.new_page()
    book.heading(_("Method"), 1, "method")
    facts = content.method
    _part(book, _("Levels and scores"), [_levels_and_scores(content)])
    _formula(book, facts.shift)
    _part(book, _("Level of a dimension"), [_level_rule()])
    _scale(book, facts.scale)
    _part(book, _("How sure a score is"), [_certainty()])
    _part(book, _("Gaps and gains"), [_gaps_rule()])
    book.heading(_("Worked example"), 3)
    _example(book, facts.example, content)
    _part(book, _("What to bear in mind"), _caveats(content))
    _part(book, _("How to check this report"), [_recompute()])


def _part(book: Book, title: str, paragraphs: list[str]) -> None:
    book.heading(title, 3, keep=40)
    for text in paragraphs:
        book.write(Run(text, TEXT), leading=LEADING)


def _levels_and_scores(content: Content) -> str:
    facts = content.method
    return _(
        "Each of the %(criteria)s criteria is answered with a level from 0 to %(highest)s; its value is the level "
        "divided by %(highest)s. Values are averaged by weight: criteria to a side or trend, dimensions to a lens, "
        "lenses to the overall score (0 to 100). What is blank or not applicable is left out, and its weight goes to "
        "its siblings. A priority has two sides with values a and b, of which the weaker pulls down more than the "
        "stronger lifts; its score at equal weights:"
    ) % {"criteria": facts.criteria, "highest": facts.highest}


def _formula(book: Book, shift: float) -> None:
    formula = f"100 × (√((a + {shift:g}) × (b + {shift:g})) − {shift:g})"
    book.write(Run(formula, TEXT), leading=LEADING, indent=2 * TEXT.size)
    tilt = _(
        "Tilt: the first side's score less the second's. Up to %(balanced)s points balanced, up to %(leaning)s "
        "leaning, beyond lopsided."
    )
    book.write(Run(tilt % {"balanced": BALANCED, "leaning": LEANING}, TEXT), leading=LEADING)


def _scale(book: Book, scale: tuple[Step, ...]) -> None:
    width = look.MEASURE / len(scale)
    table = Table(book, [width] * len(scale))
    book.space(6)
    table.head([f"{step.level} {step.name}" for step in scale], "c" * len(scale))
    table.add([_threshold(step) for step in scale], "c" * len(scale))
    table.draw()


def _threshold(step: Step) -> str:
    if step.threshold is None:
        return _("below the next")
    return _("from %(points)s points") % {"points": f"{step.threshold:g}"}


def _level_rule() -> str:
    return _(
        "The level by score is the highest whose threshold the printed score reaches. A level is given only where at "
        "least two thirds of the criteria are answered. A dimension's level is at most one above the lowest of its "
        "key criteria; where that bites, both levels are printed side by side with the criteria that hold it down."
    )


def _certainty() -> str:
    return _(
        "Bounds: the score with every blank at the lowest and at the highest level. Strict score: with every criterion "
        "that is not applicable at level 0. Coverage: answered criteria among the applicable ones. Evidence: of the "
        "criteria at level 1 or higher, the share that names a piece of evidence."
    )


def _gaps_rule() -> str:
    return _(
        "Gap = target − level. Critical: three levels or more, or two in a key criterion; major: two; minor: one. "
        "Gain: the points that the overall score would rise if this gap alone were closed; gains do not add up."
    )


def _example(book: Book, example: Example, content: Content) -> None:
    lead = (
        _("%(dimension)s, with this city's own levels.") % {"dimension": f"{example.code} {example.name}"}
        if example.own
        else _("An imagined dimension with two sides, as this city's answers allow no own example yet.")
    )
    book.write(Run(lead, TEXT), leading=LEADING)
    for side in example.sides:
        book.write(Run(_side(side, content.method.highest), TEXT), leading=LEADING)
    book.write(Run(_result(example, content.method.shift), TEXT), leading=LEADING)


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
    first, second = example.sides
    a, b = (f"({side.value:.4f} + {shift:g})" for side in example.sides)
    if first.weight == second.weight:
        formula = f"100 × (√({a} × {b}) − {shift:g})"
    else:
        whole = first.weight + second.weight
        formula = f"100 × ({a}^{first.weight / whole:.3g} × {b}^{second.weight / whole:.3g} − {shift:g})"
    tilt = words.signed(100 * (first.value - second.value))
    return _("Score: %(formula)s = %(score)s; tilt: %(tilt)s") % {
        "formula": formula,
        "score": words.points(example.score),
        "tilt": tilt,
    }


def _recompute() -> str:
    return _(
        "Appendix A holds every level with its rationale and evidence, the references every clause. From the same "
        "framework version and the same answers every figure comes out again, and the same file byte by byte."
    )


def _caveats(content: Content) -> list[str]:
    facts = content.method
    texts = []
    if facts.asked_twice:
        texts.append(
            _(
                "Hub and edge (T4, P3) and operations (T6, P2) are asked by both lenses: the trends ask how far the "
                "shift has come, the priorities how capable each side is. The two lenses are therefore printed apart."
            )
        )
    if facts.reading_only:
        codes = "、".join(facts.reading_only)
        texts.append(
            _(
                "These criteria rest on the interpretation article alone; where a clause is named beside it, it was "
                "filed there by its title by this tool: %(codes)s."
            )
            % {"codes": codes}
        )
    texts.append(_thin(content))
    return [f"{number}. {text}" for number, text in enumerate(texts, 1)]


def _thin(content: Content) -> str:
    thin = "、".join(f"{name}（{count}）" for name, count in content.method.areas if count <= THIN)
    text = _(
        "Of the Digital China plan's areas, the international environment and parts of politics and culture are "
        "hardly covered."
    )
    return text + (_(" Fewest criteria: %(areas)s.") % {"areas": thin} if thin else "")
