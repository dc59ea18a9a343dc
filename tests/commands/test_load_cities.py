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


def test_level_province_and_pinyin_are_known():
    run("load_cities")
    cities = {city.code: city for city in City.objects.all()}
    assert [(cities[code].level, cities[code].province) for code in ("330100", "310000", "429004")] == [
        ("prefecture", "浙江省"),
        ("municipality", "上海市"),
        ("county", "湖北省"),
    ]
    assert all(city.province and city.pinyin for city in cities.values())
    assert City.objects.found_by("hz").filter(code="330100").exists()


def test_what_is_missing_of_cities_that_are_there_is_filled_in():
    City.objects.create(code="330100", name="杭州")
    City.objects.create(code="310000", name="上海", level="county", province="直辖")
    invented = City.objects.create(code="990100", name="云川市")
    City.objects.update(pinyin="")
    run("load_cities")
    assert list(City.objects.filter(code="330100").values_list("province", "pinyin")) == [("浙江省", "hangzhou hz")]
    invented.refresh_from_db()
    assert (invented.province, invented.pinyin) == ("", "yunchuanshi ycs")


def test_what_an_administrator_corrected_stays():
    City.objects.create(code="310000", name="上海", level="county", province="直辖")
    run("load_cities")
    assert City.objects.filter(code="310000", level="county", province="直辖").exists()
