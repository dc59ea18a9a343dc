"""Open this for the worked example on the method page: one of this city's own balance dimensions, term by term."""

from collections.abc import Mapping

from assessment.outline import Facet, Framework, Response
from assessment.reports.content.facts import Example, ExampleSide
from assessment.scoring import Scores, level_of, mean

# docs/scoring.md, example one: for a city whose answers allow no own example.
BOOK = Example(
    "P1",
    "P1",
    (
        ExampleSide("A", ((1, 4), (1, 3), (1, 2)), 1, 0.6),
        ExampleSide("B", ((2, 1), (1, 2)), 1, 4 / 15),
    ),
    40.368795,
    own=False,
)


def worked_example(
    framework: Framework, responses: Mapping[str, Response], scores: Scores, language: str = "zh-hans"
) -> Example:
    """The first balance dimension with both sides answered; else the example from the book."""
    for dimension in framework.dimensions:
        score = scores.dimensions[dimension.code]
        if dimension.kind == "balance" and score.score is not None and score.tilt is not None:
            first, second = (_side(facet, framework, responses, scores, language) for facet in dimension.facets)
            return Example(dimension.code, dimension.name.to(language), (first, second), score.score, own=True)
    return BOOK


def _side(
    facet: Facet, framework: Framework, responses: Mapping[str, Response], scores: Scores, language: str
) -> ExampleSide:
    levels = [(c.weight, level_of(responses[c.code], scores.basis)) for c in facet.criteria]
    terms = tuple((weight, level) for weight, level in levels if level is not None)
    value = mean((weight, level / framework.highest) for weight, level in terms)
    return ExampleSide(facet.name.to(language), terms, facet.weight, value or 0)
