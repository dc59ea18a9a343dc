"""The demo as `make run` loads it, and every address in it with somebody who may read it."""

from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from assessment.management.commands.load_demo import PASSWORD
from assessment.models import Assessment, Framework

__all__ = ["PASSWORD", "addresses", "demo_round", "load_demo", "load_shipped_framework"]
CITY = "990100"
FRAMEWORK = ("cn-city-digital", "2024.1")


def load_shipped_framework() -> Framework:
    files = sorted(Path(settings.BASE_DIR, "fixtures", "frameworks").glob("*.yaml"))
    call_command("load_framework", *map(str, files), publish=True, stdout=StringIO())
    return Framework.objects.get(code=FRAMEWORK[0], version=FRAMEWORK[1])


def load_demo() -> None:
    load_shipped_framework()
    call_command("load_demo", stdout=StringIO())


def demo_round(round_: str = "2026", city: str = CITY) -> Assessment:
    return Assessment.objects.get(round=round_, city__code=city)


# One of each kind of page: by whom it is read, and where it lies; {now} and {before} are the city's rounds.
PAGES = {
    "sign in": (None, "/accounts/login/"),
    "disabled account": (None, "/accounts/inactive/"),
    "home": ("lead", "/"),
    "home of one who sees no round": ("criteria-admin", "/"),
    "open a round": ("lead", "/assessments/open/"),
    "overview": ("lead", "/assessments/{now}/"),
    "overview of a final round": ("reviewer", "/assessments/{before}/"),
    "trend": ("lead", "/assessments/{now}/dimensions/T1/"),
    "blank trend": ("contributor", "/assessments/{now}/dimensions/T6/"),
    "priority": ("lead", "/assessments/{now}/dimensions/P3/"),
    "locked answers": ("viewer", "/assessments/{before}/dimensions/P1/"),
    "results": ("consultant", "/assessments/{now}/results/"),
    "frameworks": ("viewer", "/frameworks/"),
    "framework": ("viewer", "/frameworks/cn-city-digital/2024.1/"),
    "coverage": ("viewer", "/frameworks/cn-city-digital/2024.1/coverage/"),
    "change password": ("lead", "/accounts/password/change/"),
    "sign out": ("lead", "/accounts/logout/"),
    "no such page": ("lead", "/assessments/999999/"),
}
ADMIN_PAGES = {
    "admin": ("admin", "/admin/"),
    "admin: people": ("admin", "/admin/assessment/user/"),
    "admin: frameworks": ("criteria-admin", "/admin/assessment/framework/"),
    "admin: new framework": ("criteria-admin", "/admin/assessment/framework/add/"),
}


def addresses() -> dict[str, tuple[str | None, str]]:
    """`PAGES` with the rounds' numbers in their places."""
    places = {"now": demo_round().pk, "before": demo_round("2025").pk}
    return {name: (who, address.format(**places)) for name, (who, address) in (PAGES | ADMIN_PAGES).items()}
