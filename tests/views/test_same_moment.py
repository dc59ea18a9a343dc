"""Two people store one name at the same moment: the second is told what the form always says, and nothing is half done."""

import pytest
from django.contrib.admin import ModelAdmin
from django.db import IntegrityError
from django.urls import reverse

from assessment import actions, views
from assessment.models import Assessment, City, Department, Event, Invitation
from tests.records import PASSWORD, make_round, make_user
from tests.views.pages import opened, read, sent, visitor
from tests.views.test_members import GOOD, NEW, invite, path_of, upload

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def beaten(meanwhile):
    """What the database says in the middle of a transaction when somebody else has stored something just before it."""

    def happens(module, name, act):
        def act_and_collide():
            act()
            raise IntegrityError

        meanwhile(module, name, act_and_collide)

    return happens


class TestAnInvitation:
    @pytest.fixture
    def there(self, city, lead):
        return path_of(invite(visitor(lead), city))

    def test_says_in_its_own_words_that_the_user_name_is_taken(self, there, meanwhile):
        meanwhile(actions, "join", lambda: make_user(NEW["username"], "另一人"))
        page = sent(visitor(), opened(visitor(), there), NEW)
        ordinary = sent(visitor(), opened(visitor(), there), NEW)
        assert page.status == 422
        assert "已存在一位使用该名字的用户" in page.text
        assert page.text == ordinary.text
        assert page.form["name"] == "新来的"

    def test_is_still_good_and_nothing_is_half_done(self, there, city, meanwhile):
        meanwhile(actions, "join", lambda: make_user(NEW["username"]))
        sent(visitor(), opened(visitor(), there), NEW)
        assert Invitation.objects.valid().count() == 1
        assert not Event.objects.filter(verb__in=["joined", "account_created"]).exists()
        assert city.memberships.count() == 1
        assert sent(visitor(), opened(visitor(), there), NEW | {"username": "13800000008"}).status == 200
        assert city.memberships.get(user__username="13800000008").role == "contributor"

    def test_to_a_role_that_the_lead_gives_meanwhile_is_accepted(self, there, city, stranger, beaten):
        client = visitor(stranger)
        beaten(actions, "join", lambda: city.memberships.create(user=stranger, role="contributor"))
        assert sent(client, opened(client, there)).status == 200
        assert city.memberships.filter(user=stranger).count() == 1
        assert not Invitation.objects.valid().exists()


class TestDepartments:
    def test_that_two_add_are_there_once(self, city, lead, meanwhile):
        client = visitor(lead)
        meanwhile(actions, "add_department", lambda: city.departments.create(name="市民政局"))
        page = sent(client, opened(client, "department-add", city.code), {"name": "市民政局"})
        assert (page.status, "已有同名责任单位" in page.text) == (422, True)
        assert city.departments.count() == 1

    def test_are_not_renamed_to_one_that_is_added_meanwhile(self, city, lead, meanwhile):
        client, department = visitor(lead), city.departments.create(name="市数据局")
        meanwhile(actions, "rename_department", lambda: city.departments.create(name="市民政局"))
        page = sent(client, opened(client, "department-edit", city.code, department.pk), {"name": "市民政局"})
        assert (page.status, "已有同名责任单位" in page.text) == (422, True)
        department.refresh_from_db()
        assert department.name == "市数据局"


class TestRoles:
    def test_that_are_given_meanwhile_are_not_given_twice(self, city, lead, contributor, meanwhile):
        client, row = visitor(lead), city.memberships.get(user=contributor)
        meanwhile(actions, "change_role", lambda: city.memberships.create(user=contributor, role="viewer"))
        page = sent(client, opened(client, "member-edit", city.code, row.pk), {"role": "viewer"})
        assert (page.status, "已有该角色" in page.text) == (422, True)
        assert not Event.objects.exists()

    def test_that_are_taken_away_meanwhile_are_not_there(self, city, lead, contributor, meanwhile):
        client, row = visitor(lead), city.memberships.get(user=contributor)
        meanwhile(actions, "change_role", lambda: city.memberships.filter(user=contributor).delete())
        page = sent(client, opened(client, "member-edit", city.code, row.pk), {"role": "viewer"})
        assert page.status == 404


class TestRounds:
    TAKEN = "该市用这个框架已有同名轮次"

    def test_of_one_name_are_opened_once(self, city, framework, lead, meanwhile):
        client = visitor(lead)
        meanwhile(actions, "create_round", lambda: make_round(city, framework, round="2027"))
        page = sent(client, opened(client, "assessment-open"), {"round": "2027", "open": "1"})
        assert (page.status, self.TAKEN in page.text) == (422, True)
        assert Assessment.objects.count() == 1

    def test_are_not_renamed_to_one_that_is_opened_meanwhile(self, assessment, city, framework, lead, beaten):
        client = visitor(lead)
        beaten(views.assessment, "saving", lambda: make_round(city, framework, round="2027"))
        page = sent(client, opened(client, "assessment-edit", assessment.pk), {"round": "2027", "title": "我写的"})
        assert (page.status, self.TAKEN in page.text) == (422, True)
        assert page.form["title"] == "我写的"


class TestARoster:
    def confirmed(self, lead, city):
        page = sent(visitor(lead), upload(visitor(lead), city, GOOD))
        return page.status, "期间有变动" in page.text

    @pytest.mark.parametrize("name", ["王一", "另一人"])
    def test_with_an_account_that_is_made_meanwhile_is_shown_again(self, city, lead, meanwhile, name):
        meanwhile(actions, "apply_roster", lambda: make_user("13800000001", name))
        assert self.confirmed(lead, city) == (409, True)
        assert (city.departments.count(), city.memberships.count()) == (0, 1)

    def test_with_an_account_that_is_made_in_the_midst_of_it_too(self, city, lead, beaten):
        beaten(actions, "apply_roster", lambda: make_user("13800000001", "王一"))
        assert self.confirmed(lead, city) == (409, True)

    def test_with_a_department_that_is_added_in_the_midst_of_it_too(self, city, lead, beaten):
        beaten(actions, "apply_roster", lambda: city.departments.create(name="市数据局"))
        assert self.confirmed(lead, city) == (409, True)


def test_a_part_is_not_given_to_a_department_that_is_deleted_meanwhile(assessment, lead, beaten):
    department = assessment.city.departments.create(name="市数据局")
    page = opened(visitor(lead), "assignment-edit", assessment.pk)
    beaten(views.assignment, "saving", lambda: Department.objects.all().delete())
    answer = sent(visitor(lead), page, {"holder-T1": f"d{department.pk}"})
    assert (answer.status, "不在可用的选项中" in answer.text) == (422, True)


class TestTheAdministration:
    NO_ROLES = {f"memberships-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL")}

    def test_makes_an_account_once(self, admin, beaten):
        given = self.NO_ROLES | {"username": "13800000001", "name": "王一", "usable_password": "true"}
        given |= {"password1": PASSWORD, "password2": PASSWORD}
        beaten(ModelAdmin, "changeform_view", lambda: make_user("13800000001"))
        there = reverse("admin:assessment_user_add")
        page = read(visitor(admin).post(there, given), there)
        assert (page.status, "已存在一位使用该名字的用户" in page.text) == (200, True)

    def test_makes_a_city_once(self, admin, beaten):
        given = self.NO_ROLES | {"code": "330200", "name": "宁波市"}
        beaten(ModelAdmin, "changeform_view", lambda: City.objects.create(code="330200", name="宁波市"))
        there = reverse("admin:assessment_city_add")
        page = read(visitor(admin).post(there, given), there)
        assert (page.status, "已存在" in page.text) == (200, True)
        assert City.objects.filter(code="330200").count() == 1


def test_what_fails_again_is_an_error(city, lead, monkeypatch):
    """Nobody was faster here: that must not be said."""

    def broken(*given, **more):
        raise IntegrityError("a fault of our own")

    monkeypatch.setattr(actions, "add_department", broken)
    client = visitor(lead)
    with pytest.raises(IntegrityError, match="a fault of our own"):
        sent(client, opened(client, "department-add", city.code), {"name": "市民政局"})
