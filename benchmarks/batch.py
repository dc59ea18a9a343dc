"""`make bench`: a batch of 50 cities in every form that there is, made as the worker makes it, on a SQLite file.

CPU time of the whole batch with its ZIP, warm, divided by the cities; goal: 0.6 s a city for three forms.
"""

import sys
from time import perf_counter, process_time

from benchmarks import cities

CITIES, MOST_FORMS = 50, 3
GOAL_SECONDS = 0.6


def main() -> int:
    with cities.database():
        return _main()


def _main() -> int:
    from assessment.reports.making import FORMS

    forms = list(FORMS)[:MOST_FORMS]
    person, rounds = cities.stored(CITIES)
    _made(person, rounds[:2], forms)  # warm
    wall, cpu = perf_counter(), process_time()
    batch = _made(person, rounds, forms)
    wall, cpu = perf_counter() - wall, (process_time() - cpu) / CITIES
    print(f"batch  {CITIES:8d} cities  {', '.join(forms)}  {batch.file.size / 2**20:.1f} MB  {wall:.1f} s")
    print(f"cpu    {cpu:8.3f} s a city  (goal {GOAL_SECONDS:g})")
    return 0 if cpu <= GOAL_SECONDS else 1


def _made(person, rounds, forms):
    from assessment import actions, tasks
    from assessment.models import Batch

    batch = actions.create_batch(rounds, forms, "zh-hans", by=person)
    tasks.order(batch)
    tasks.work(batch.pk, Batch.objects.get(pk=batch.pk).task)
    made = Batch.objects.get(pk=batch.pk)
    if made.state != Batch.State.DONE or made.items.exclude(state="done").exists():
        raise SystemExit(f"not made: {sorted(set(made.items.values_list('reason', flat=True)))}")
    return made


if __name__ == "__main__":
    sys.exit(main())
