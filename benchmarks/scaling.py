"""`make bench`: what a criterion costs in a report over 60, 300 and 1,000 of them, and the memory that the largest takes.

CPU time from outlines to bytes, warm, median of 3. Goals: a criterion's cost within 20 % of that at 60; 250 MB at 1,000.
"""

import gc
import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path
from time import process_time

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assessment.settings")

SIZES, RUNS = (60, 300, 1000), 3
GOAL_SPREAD, GOAL_MB = 0.2, 250.0


def main() -> int:
    if sys.argv[1:2] == ["--peak"]:
        return _peak(int(sys.argv[2]))
    # First of all: on Linux a child starts out with the peak of the process that made it.
    command = [sys.executable, __file__, "--peak", str(SIZES[-1])]
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
    framework, assessment = _of(size)
    _made(framework, assessment)
    taken = []
    for _run in range(RUNS):
        gc.collect()
        start = process_time()
        _made(framework, assessment)
        taken.append(1000 * (process_time() - start))
    return statistics.median(taken) / size


def _made(framework, assessment) -> bytes:
    from assessment.reports import pdf
    from assessment.reports.content import build

    return pdf.render(build(framework, assessment))


def _of(size: int):
    """The shipped framework's dimensions again and again, under codes of their own, until there are enough criteria."""
    from dataclasses import replace

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
                    criteria = tuple(replace(c, code=f"{c.code}x{copy}") for c in kept)
                    responses += [replace(answers[c.code], criterion=f"{c.code}x{copy}") for c in kept]
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


def _peak(size: int) -> int:
    """Peak memory of a process that makes one report of this size, in MB."""
    _setup()
    _made(*_of(size))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return 0


if __name__ == "__main__":
    sys.exit(main())
