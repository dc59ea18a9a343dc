"""`make bench`: the gap report's speed, beside naive platypus and WeasyPrint with the same content, in one run.

CPU time from database to bytes, warm, median of 9 (WeasyPrint: of one), taking turns; each report is of a city of its
own, in its own words. `bare` is our report with all of it called an artifact: what remains to be done without tags.
Goals: bare 4 ms a page, 10 times faster than naive and 20 times than WeasyPrint; 7.5 ms a page with tags; 160 MB at most.
"""

import gc
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from time import process_time

from benchmarks import cities

WARM, RUNS = 2, 9
GOAL_BARE_MS, GOAL_PAGE_MS, GOAL_RATIO, GOAL_WEASY, GOAL_MB = 4.0, 7.5, 10.0, 20.0, 160.0
type Rendered = Callable[[object], bytes]


def main() -> int:
    if sys.argv[1:] == ["--peak"]:
        return _peak()
    with cities.database():
        return _main()


def _main() -> int:
    render, naive, weasy = _renderers()
    _person, rounds = cities.stored(WARM + 2 * RUNS)
    command = [sys.executable, "-m", "benchmarks.report", "--peak"]  # in a process of its own, on our database
    peak = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    counts = [_pages(_made(rounds[0], one)) for one in (render, naive, weasy)]  # warm from here on
    ours, bare, theirs = _measured(rounds[WARM:], render, lambda content: _bare(render, content), naive)
    slowest = _took(rounds[1], weasy)
    for name, taken, count, goal in (
        ("ours", ours, counts[0], f"  (goal {GOAL_PAGE_MS:g})"),
        ("bare", bare, counts[0], f"  (goal {GOAL_BARE_MS:g})"),
        ("naive", theirs, counts[1], ""),
        ("weasy", slowest, counts[2], ""),
    ):
        print(f"{name:6} {taken:8.1f} ms  {count:4d} pages  {taken / count:6.2f} ms a page{goal}")
    print(f"ratio  {theirs / bare:8.1f} times faster than naive  (goal {GOAL_RATIO:g}), {theirs / ours:.1f} with tags")
    print(f"ratio  {slowest / bare:8.1f} times faster than WeasyPrint  (goal {GOAL_WEASY:g})")
    print(f"peak   {peak:8.1f} MB  (goal {GOAL_MB:g})")
    fast = ours / counts[0] <= GOAL_PAGE_MS and bare / counts[0] <= GOAL_BARE_MS
    ahead = theirs / bare >= GOAL_RATIO and slowest / bare >= GOAL_WEASY
    return 0 if fast and ahead and peak <= GOAL_MB else 1


def _renderers() -> tuple[Rendered, ...]:
    from django.conf import settings

    from assessment.reports.making import make
    from benchmarks import naive_report
    from benchmarks.weasy_report import Renderer

    naive_report.register(Path(settings.FONT_CACHE))
    return lambda content: make(content, "pdf"), naive_report.render, Renderer(Path(settings.FONT_CACHE))


def _made(record: object, render: Rendered) -> bytes:
    """The report of a round that is fetched anew."""
    from assessment.models import Assessment
    from assessment.reports.gathering import gather

    return render(gather(Assessment.objects.get(pk=record.pk)))


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


def _measured(rounds: Sequence[object], ours: Rendered, bare: Rendered, naive: Rendered) -> list[float]:
    """Median CPU milliseconds of each, taking turns. Nobody but naive, who keeps nothing, meets a city again."""
    turns = [
        (_took(one, ours), _took(other, bare), _took(one, naive))
        for one, other in zip(rounds[::2], rounds[1::2], strict=True)
    ]
    return [statistics.median(taken) for taken in zip(*turns, strict=True)]


def _took(record: object, render: Rendered) -> float:
    gc.collect()  # nobody pays for what the other left behind
    start = process_time()
    _made(record, render)
    return 1000 * (process_time() - start)


def _pages(pdf: bytes) -> int:
    from pypdf import PdfReader

    return len(PdfReader(BytesIO(pdf)).pages)


def _peak() -> int:
    """Peak memory of a process that makes one report, in MB."""
    import django

    django.setup()
    from assessment.models import Assessment
    from assessment.reports.making import make

    _made(Assessment.objects.earliest("pk"), lambda content: make(content, "pdf"))
    print(cities.peak())
    return 0


if __name__ == "__main__":
    sys.exit(main())
