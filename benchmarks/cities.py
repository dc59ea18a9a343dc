"""Open this for the cities that are measured: each answers the shipped framework in words of its own, in a database.

Words of their own, because what one report has set the next one need not set again: the framework's words, not a city's.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


@contextmanager
def database() -> Iterator[None]:
    """Django on an empty SQLite file, which goes with all that was made beside it."""
    with tempfile.TemporaryDirectory() as folder:
        fonts = os.environ.get("FONT_CACHE") or str(Path(os.environ.get("VAR_DIR") or ROOT / "var", "fonts"))
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "assessment.settings",
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "FONT_CACHE": fonts,
            "VAR_DIR": folder,
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield


def stored(count: int) -> tuple[Any, list[Any]]:
    """A consultant, and the rounds of so many cities with every criterion answered."""
    from assessment import actions
    from assessment.models import City, Framework, Membership, Role
    from tests.records import make_user
    from tests.reports import sample

    actions.load_framework(sample.framework(), should_publish=True)
    framework, person, rounds = Framework.objects.get(), make_user("consultant"), []
    for number in range(count):
        answers = answered(number)
        city = City.objects.create(code=answers.city.code, name=answers.city.name)
        Membership.objects.create(user=person, city=city, role=Role.CONSULTANT)
        rounds.append(actions.import_assessment(answers, framework, city)[0])
    return person, rounds


def answered(number: int) -> Any:
    from assessment.outline import City
    from tests.reports import sample

    given = sample.assessment(number)
    return replace(
        given,
        city=City(str(510100 + number), f"样例{number + 1}市"),
        responses=tuple(own_answer(response, number) for response in given.responses),
    )


def own_answer(response: Any, number: int) -> Any:
    proof = tuple(replace(one, title=own(one.title, number)) for one in response.evidence)
    return replace(response, rationale=own(response.rationale, number), evidence=proof)


def own(text: str, number: int) -> str:
    """A text as long as this one, which no other number has."""
    return text and chr(0x4E00 + number) + text[1:]


def peak() -> float:
    """The most memory that this process has had, in MB. (What `getrusage` says, it has from the one that started it.)"""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
