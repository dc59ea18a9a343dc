import pytest

from assessment.models import City
from tests.commands.running import run

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_cities_are_added_by_their_codes():
    assert run("load_cities").code == 0
    names = dict(City.objects.values_list("code", "name"))
    assert (names["330100"], names["310000"], names["429004"]) == ("杭州市", "上海市", "仙桃市")
    assert not names.keys() & {"330000", "330106", "310101"}
    for city in City.objects.all():
        city.clean_fields()


def test_what_is_there_stays_as_it_is():
    City.objects.create(code="330100", name="杭州")
    run("load_cities")
    before = City.objects.count()
    run("load_cities")
    assert City.objects.count() == before > 300
    assert City.objects.get(code="330100").name == "杭州"
