"""Open this for the worked example on the method page: one of this city's own dimensions, term by term."""

from collections.abc import Mapping

from assessment.answers import level_of
from assessment.outline import Dimension, Facet, Framework, Response
from assessment.reports.content.facts import Example, ExampleSide
from assessment.scoring import Scores, balance_mean, mean

# docs/scoring.md, example one, on a scale of five levels: (weight, level) of the criteria of two sides.
BOOK = (((1, 4), (1, 3), (1, 2)), ((2, 1), (1, 2)))
BOOK_HIGHEST = 5


def worked_example(
    framework: Framework, responses: Mapping[str, Response], scores: Scores, language: str = "zh-hans"
) -> Example:
    """A balance before any other dimension, as there is more to explain; where none is answered, the book's example."""
    for dimension in sorted(framework.dimensions, key=lambda d: d.kind != "balance"):
        score = scores.dimensions[dimension.code]
        sides = tuple(_side(facet, framework, responses, scores, language) for facet in dimension.facets)
        if score.score is not None and all(side.terms for side in sides):
            return Example(dimension.code, dimension.name.to(language), sides, score.score, own=True)
    return _from_the_book(framework.highest, framework.dimensions)


def _side(
    facet: Facet, framework: Framework, responses: Mapping[str, Response], scores: Scores, language: str
) -> ExampleSide:
    levels = [(c.weight, level_of(responses[c.code], scores.basis)) for c in facet.criteria]
    terms = tuple((weight, level) for weight, level in levels if level is not None)
    return ExampleSide(facet.name.to(language), terms, facet.weight, _value(terms, framework.highest))


def _value(terms: tuple[tuple[float, int], ...], highest: int) -> float:
    return mean((weight, level / highest) for weight, level in terms) or 0


def _from_the_book(highest: int, dimensions: tuple[Dimension, ...]) -> Example:
    """With its levels on this framework's scale, and its second side only where the framework has such dimensions."""
    terms = tuple(tuple((w, round(level * highest / BOOK_HIGHEST)) for w, level in side) for side in BOOK)
    sides = tuple(ExampleSide(name, side, 1, _value(side, highest)) for name, side in zip("AB", terms, strict=True))
    if all(dimension.kind != "balance" for dimension in dimensions):
        sides = sides[:1]
    value = balance_mean([(side.weight, side.value) for side in sides], shift=1 / (4 * highest))
    return Example("", "", sides, 100 * (value or 0), own=False)
