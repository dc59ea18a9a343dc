"""`make bench`: what a criterion costs in a report over 60, 300 and 1,000 of them, and the memory that the largest takes.

CPU time from outlines to bytes, warm, median of 3; each criterion has words of its own, each report those of another
city. Goals: a criterion's cost within 20 % of that at 60; 250 MB at 1,000.
"""

import gc
import os
import statistics
import subprocess
import sys
from dataclasses import fields, replace
from time import process_time

from benchmarks import cities

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assessment.settings")

SIZES, RUNS = (60, 300, 1000), 3
GOAL_SPREAD, GOAL_MB = 0.2, 250.0


def main() -> int:
    if sys.argv[1:2] == ["--peak"]:
        return _peak(int(sys.argv[2]))
    command = [sys.executable, "-m", "benchmarks.scaling", "--peak", str(SIZES[-1])]
    peak = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    _setup()
    costs = {size: _cost(size) for size in SIZES}
    for size, cost in costs.items():
        print(f"{size:5d} criteria  {cost:6.2f} ms a criterion  {cost / costs[SIZES[0]]:5.2f} times that at {SIZES[0]}")
    spread = max(cost / costs[SIZES[0]] - 1 for cost in costs.values())
    print(f"spread {spread:+.0%}  (goal at most {GOAL_SPREAD:+.0%})  peak {peak:.1f} MB  (goal {GOAL_MB:g})")
    return 0 if spread <= GOAL_SPREAD and peak <= GOAL_MB else 1


def _setup() -> None:
    import django

    django.setup()


def _cost(size: int) -> float:
    """Milliseconds a criterion."""
    framework, answers = _of(size)
    _made(framework, answers)
    taken = []
    for number in range(1, RUNS + 1):
        answered = replace(answers, responses=tuple(cities.own_answer(r, number) for r in answers.responses))
        gc.collect()
        start = process_time()
        _made(framework, answered)
        taken.append(1000 * (process_time() - start))
    return statistics.median(taken) / size


def _made(framework, assessment) -> bytes:
    from assessment.reports import pdf
    from assessment.reports.content import build

    return pdf.render(build(framework, assessment))


def _of(size: int):
    """The shipped framework's dimensions again and again, in other words, until there are enough criteria."""
    from tests.reports import sample

    shipped, answers = sample.framework(), {r.criterion: r for r in sample.assessment().responses}
    lenses, responses, copy = [], [], 0
    while len(responses) < size:
        for lens in shipped.lenses:
            dimensions = []
            for dimension in lens.dimensions:
                facets = []
                for facet in dimension.facets:
                    kept = facet.criteria[: max(1, size - len(responses))]
                    responses += [replace(answers[c.code], criterion=f"{c.code}x{copy}") for c in kept]
                    criteria = tuple(_other(criterion, copy) for criterion in kept)
                    facets.append(replace(facet, code=f"{facet.code}x{copy}", criteria=criteria))
                dimensions.append(replace(dimension, code=f"{dimension.code}x{copy}", facets=tuple(facets)))
                if len(responses) >= size:
                    break
            lenses.append(replace(lens, code=f"{lens.code}{copy}", dimensions=tuple(dimensions)))
            if len(responses) >= size:
                break
        copy += 1
    framework = replace(shipped, lenses=tuple(lenses))
    return framework, replace(sample.assessment(), responses=tuple(responses))


def _other(criterion, copy: int):
    """A criterion of the same length that no report has seen."""
    levels = tuple(replace(level, **_told(level, copy)) for level in criterion.levels)
    return replace(criterion, code=f"{criterion.code}x{copy}", levels=levels, **_told(criterion, copy))


def _told(part, copy: int) -> dict[str, object]:
    from assessment.outline import Text

    texts = {field.name: getattr(part, field.name) for field in fields(part)}
    return {
        name: Text({language: cities.own(words, copy) for language, words in text.items()})
        for name, text in texts.items()
        if isinstance(text, Text)
    }


def _peak(size: int) -> int:
    """Peak memory of a process that makes one report of this size, in MB."""
    _setup()
    _made(*_of(size))
    print(cities.peak())
    return 0


if __name__ == "__main__":
    sys.exit(main())
