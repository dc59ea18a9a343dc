"""`make bench`: the gap report's speed, beside naive platypus and WeasyPrint with the same content, in one run.

CPU time, warm, median of 9 (WeasyPrint: of one), alternating. `bare` is our report with all of it called an artifact: what remains to be done
without tags. Goals: bare 4 ms a page, 10 times faster than naive and 20 times than
WeasyPrint; 7.5 ms a page with tags; 160 MB at most.
"""

import gc
import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assessment.settings")

RUNS = 9
GOAL_BARE_MS, GOAL_PAGE_MS, GOAL_RATIO, GOAL_WEASY, GOAL_MB = 4.0, 7.5, 10.0, 20.0, 160.0


def main() -> int:
    if sys.argv[1:] == ["--peak"]:
        return _peak()
    # First of all: on Linux a child starts out with the peak of the process that made it.
    peak = float(
        subprocess.run([sys.executable, __file__, "--peak"], capture_output=True, text=True, check=True).stdout
    )
    content, render, naive, weasy = _prepared()
    from pypdf import PdfReader

    pages = [len(PdfReader(_buffer(make(content))).pages) for make in (render, naive, weasy)]
    ours, bare, theirs = _measured(lambda: render(content), lambda: _bare(render, content), lambda: naive(content))
    start = process_time()
    weasy(content)
    slowest = 1000 * (process_time() - start)
    for name, taken, count, goal in (
        ("ours", ours, pages[0], f"  (goal {GOAL_PAGE_MS:g})"),
        ("bare", bare, pages[0], f"  (goal {GOAL_BARE_MS:g})"),
        ("naive", theirs, pages[1], ""),
        ("weasy", slowest, pages[2], ""),
    ):
        print(f"{name:6} {taken:8.1f} ms  {count:4d} pages  {taken / count:6.2f} ms a page{goal}")
    print(f"ratio  {theirs / bare:8.1f} times faster than naive  (goal {GOAL_RATIO:g}), {theirs / ours:.1f} with tags")
    print(f"ratio  {slowest / bare:8.1f} times faster than WeasyPrint  (goal {GOAL_WEASY:g})")
    print(f"peak   {peak:8.1f} MB  (goal {GOAL_MB:g})")
    fast = ours / pages[0] <= GOAL_PAGE_MS and bare / pages[0] <= GOAL_BARE_MS
    ahead = theirs / bare >= GOAL_RATIO and slowest / bare >= GOAL_WEASY
    return 0 if fast and ahead and peak <= GOAL_MB else 1


def _bare(render: Callable[[object], bytes], content: object) -> bytes:
    from unittest.mock import patch

    from assessment.reports.pdf.tags import LAYOUT, Tags

    class Silent(Tags):
        def add(self, kind: str, entries: str = "") -> object:
            return LAYOUT

        def section(self, level: int) -> int:
            self.here = LAYOUT
            return level

    with patch("assessment.reports.pdf.book.Tags", Silent):
        return render(content)


def _prepared() -> tuple[object, *tuple[Callable[[object], bytes], ...]]:
    import django

    django.setup()
    from django.conf import settings

    from assessment.reports import pdf
    from benchmarks import naive_report
    from benchmarks.weasy_report import Renderer
    from tests.reports import sample

    naive_report.register(Path(settings.FONT_CACHE))
    return sample.content(), pdf.render, naive_report.render, Renderer(Path(settings.FONT_CACHE))


def _buffer(content: bytes) -> object:
    from io import BytesIO

    return BytesIO(content)


def _measured(*work: Callable[[], object]) -> list[float]:
    """Median CPU milliseconds of each, taking turns, after one run to warm up (made by the caller)."""
    times: list[list[float]] = [[] for _ in work]
    for _run in range(RUNS):
        for number, make in enumerate(work):
            gc.collect()  # nobody pays for what the other left behind
            start = process_time()
            make()
            times[number].append(1000 * (process_time() - start))
    return [statistics.median(taken) for taken in times]


def _peak() -> int:
    """Peak memory of a process that loads the framework and makes one report, in MB."""
    import django

    django.setup()
    from assessment.reports import pdf
    from tests.reports import sample

    pdf.render(sample.content())
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return 0


if __name__ == "__main__":
    sys.exit(main())
