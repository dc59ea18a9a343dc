"""`make bench`: what Word and the workbook cost, in CPU time, warm, median of 9, for the shipped framework."""

import gc
import os
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assessment.settings")

RUNS = 9
GOALS = {"docx": 200.0, "xlsx": 90.0}


def main() -> int:
    import django

    django.setup()
    from assessment.reports.making import make
    from tests.reports.sample import content

    said, met = content(), True
    for form, goal in GOALS.items():
        took = _median(lambda form=form: make(said, form))
        met &= took <= goal
        print(f"{form}   {took:8.1f} ms  (goal {goal:g})")
    return 0 if met else 1


def _median(made: Callable[[], object]) -> float:
    made()
    times = []
    for _run in range(RUNS):
        gc.collect()  # nobody pays for what the other left behind
        start = process_time()
        made()
        times.append(1000 * (process_time() - start))
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
