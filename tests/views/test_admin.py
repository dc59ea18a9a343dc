"""Django's admin, behind the site's own sign-in: drafts are edited there, what is published is not."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from assessment import access, actions
from assessment.models import City, Criterion, Dimension, Framework, Lens, User
from tests.records import PASSWORD, make_user, some_framework, store
from tests.views.pages import opened, sent, visitor

pytestmark = pytest.mark.django_db
FRAMEWORK_PARTS = ["lens", "dimension", "facet", "criterion", "source", "passage", "targetprofile"]


@pytest.fixture
def draft(db):
    return store(some_framework(version="2025.1"), publish=False)


@pytest.fixture(params=["group", "permissions"])
def editor(request):
    """A criteria administrator, by the group that set-up makes or by permissions one by one."""
    if request.param == "permissions":
        return visitor(request.getfixturevalue("criteria_admin"))
    request.getfixturevalue("db")
    user = make_user("editor", "标准管理员", is_staff=True)
    user.groups.add(access.criteria_admins())
    return visitor(User.objects.get(pk=user.pk))


def change(record):
    return reverse(f"admin:assessment_{record._meta.model_name}_change", args=[record.pk])


def listed(model):
    return reverse(f"admin:assessment_{model}_changelist")


def act(client, name, *records):
    """An action of the frameworks' list on these."""
    chosen = {"action": name, "_selected_action": [record.pk for record in records]}
    response = client.post(listed("framework"), chosen, follow=True)
    return response.content.decode()


class TestTheDoor:
    def test_is_the_sites_own_sign_in(self, db):
        response = visitor().get(reverse("admin:index"), follow=True)
        assert response.redirect_chain[-1][0].startswith(reverse("account_login"))

    @pytest.mark.parametrize("who", ["lead", "stranger", "viewer"])
    def test_stays_shut_for_who_is_not_staff(self, request, framework, who):
        client = visitor(request.getfixturevalue(who))
        for address in (reverse("admin:index"), listed("framework"), change(framework)):
            response = client.get(address, follow=True)
            assert response.status_code in (403, 404)
            assert "Django" not in response.content.decode()

    def test_leads_back_to_the_site(self, admin):
        assert reverse("assessment-list") in opened(visitor(admin), "admin:index").links

    def test_speaks_chinese(self, admin):
        page = opened(visitor(admin), "admin:index")
        assert "城市全域数字化转型自评" in page.text
        assert "框架" in page.text


class TestWhoEditsFrameworks:
    def test_sees_frameworks_and_their_parts(self, editor, draft):
        for part in ["framework", *FRAMEWORK_PARTS]:
            assert editor.get(listed(part)).status_code == 200

    @pytest.mark.parametrize("model", ["assessment", "user", "city"])
    def test_sees_no_rounds_people_or_cities(self, editor, assessment, admin, model):
        assert editor.get(listed(model)).status_code == 403
        assert listed(model) not in opened(editor, "admin:index").links

    def test_edits_a_draft(self, editor, draft):
        page = opened(editor, change(draft))
        assert sent(editor, page, {"name_zh-hans": "改过的框架"}).status == 200
        draft.refresh_from_db()
        assert draft.name == {"zh-hans": "改过的框架"}

    def test_changes_nothing_by_saving_a_draft_as_it_is(self, editor, draft):
        before = draft.outline()
        for record in (draft, *draft.lenses.all(), *draft.dimensions.all(), *draft.facets.all(), *draft.criteria.all()):
            page = sent(editor, opened(editor, change(record)))
            assert page.response.redirect_chain, f"{record}: {page.text}"
        assert draft.outline() == before

    def test_edits_a_criterion_with_its_descriptors(self, editor, draft):
        criterion = draft.criteria.get(code="T1.1")
        sent(editor, opened(editor, change(criterion)), {"descriptors-0-descriptor_zh-hans": "改过的表现"})
        assert criterion.descriptors.get(level=0).descriptor == {"zh-hans": "改过的表现"}

    def test_adds_parts_below_and_they_belong_to_the_framework(self, editor, draft):
        self.add(editor, draft, "lenses", {"code": "N", "name_zh-hans": "新视角", "weight": "1", "order": "9"})
        lens = Lens.objects.get(framework=draft, code="N")
        self.add(
            editor,
            lens,
            "dimensions",
            {"code": "N1", "name_zh-hans": "新维度", "kind": "plain", "weight": "1", "order": "0"},
        )
        dimension = Dimension.objects.get(framework=draft, code="N1")
        self.add(editor, dimension, "facets", {"code": "N1", "name_zh-hans": "新侧面", "weight": "1", "order": "0"})
        facet = dimension.facets.get()
        self.add(
            editor,
            facet,
            "criteria",
            {"code": "N1.1", "title_zh-hans": "题", "statement_zh-hans": "问", "weight": "1", "order": "0"},
        )
        assert Criterion.objects.get(code="N1.1").framework == facet.framework == draft

    def add(self, client, record, prefix, values):
        page = opened(client, change(record))
        count = int(page.form[f"{prefix}-TOTAL_FORMS"])
        row = {f"{prefix}-{count}-{name}": value for name, value in values.items()}
        after = sent(client, page, row | {f"{prefix}-TOTAL_FORMS": str(count + 1)})
        assert after.response.redirect_chain, after.text

    def test_is_offered_passages_of_this_framework_alone(self, editor, framework, draft):
        page = opened(editor, change(draft.criteria.get(code="T1.1")))
        offered = [given["value"] for tag, given in page.reader.tags if tag == "option" and given.get("value")]
        theirs = {str(passage.pk) for source in framework.sources.all() for passage in source.passages.all()}
        own = {str(passage.pk) for source in draft.sources.all() for passage in source.passages.all()}
        assert own <= set(offered)
        passages = [given for tag, given in page.reader.tags if tag == "select" and "passage" in given.get("name", "")]
        assert passages
        assert theirs.isdisjoint(options_of(page.html, passages[0]["name"]))


def options_of(html, name):
    select = html.split(f'name="{name}"')[1].split("</select>")[0]
    return re.findall(r'<option value="(\d+)"', select)


class TestWhatIsPublished:
    @pytest.mark.parametrize("part", ["", "lenses", "dimensions", "facets", "criteria", "sources", "targets"])
    def test_is_read_on_the_site(self, editor, framework, part):
        record = getattr(framework, part).first() if part else framework
        page = opened(editor, change(record))
        there = reverse("framework-detail", args=[framework.code, framework.version])
        assert page.response.redirect_chain == [(there, 302)]
        assert "复制为新草稿" in page.text

    def test_stays_as_it_is_whatever_is_sent(self, editor, framework):
        before = framework.outline()
        editor.post(change(framework), {"name_zh-hans": "别的", "code": "x", "version": "1"})
        editor.post(change(framework.criteria.first()), {"title_zh-hans": "别的"})
        again = actions.copy_as_draft(framework).outline()
        assert (again.name, again.lenses) == (before.name, before.lenses)

    def test_is_copied_as_a_draft(self, editor, framework):
        text = act(editor, "copy_as_draft", framework)
        draft = Framework.objects.get(state="draft")
        assert "2024.1-draft" in text
        assert [c.code for c in draft.criteria.all()] == [c.code for c in framework.criteria.all()]
        assert sent(editor, opened(editor, change(draft)), {"version": "2024.2"}).response.redirect_chain

    def test_is_retired(self, editor, framework):
        assert "停用" in act(editor, "retire", framework)
        framework.refresh_from_db()
        assert framework.state == "retired"

    def test_is_not_deleted_even_by_the_administrator(self, admin, framework, assessment):
        there = reverse("admin:assessment_framework_delete", args=[framework.pk])
        assert visitor(admin).post(there, {"post": "yes"}).status_code == 403
        act(visitor(admin), "delete_selected", framework)
        assert Framework.objects.filter(pk=framework.pk).exists()


class TestPublishing:
    def test_a_whole_draft_works(self, editor, draft):
        assert "已发布" in act(editor, "publish", draft)
        draft.refresh_from_db()
        assert draft.state == "published"
        assert draft.published_at

    def test_an_incomplete_draft_is_refused_with_the_problem(self, editor, draft):
        draft.criteria.get(code="T1.1").descriptors.get(level=3).delete()
        text = act(editor, "publish", draft)
        draft.refresh_from_db()
        assert draft.state == "draft"
        assert 'class="error"' in text
        assert "T1.1 缺少等级 3 的描述" in text

    def test_an_empty_draft_is_refused(self, editor):
        empty = Framework.objects.create(code="empty", version="1", name={"zh-hans": "空"})
        assert 'class="error"' in act(editor, "publish", empty)
        empty.refresh_from_db()
        assert empty.state == "draft"

    def test_what_is_published_is_not_published_again(self, editor, framework):
        before = framework.published_at
        act(editor, "publish", framework)
        framework.refresh_from_db()
        assert framework.published_at == before


class TestTheAdministrator:
    def test_adds_people_with_a_role(self, admin, city):
        client = visitor(admin)
        new = {"username": "13800000000", "name": "新来的", "password1": PASSWORD, "password2": PASSWORD}
        page = opened(client, "admin:assessment_user_add")
        membership = {"memberships-TOTAL_FORMS": "1", "memberships-0-city": city.pk, "memberships-0-role": "lead"}
        page = sent(client, page, new | {"usable_password": "true"} | membership)
        assert page.status == 200
        user = User.objects.get(username="13800000000")
        assert user.check_password(PASSWORD)
        assert [str(m) for m in user.memberships.all()] == ["新来的 · 杭州市 · 牵头人"]

    def test_adds_cities(self, admin):
        client = visitor(admin)
        sent(client, opened(client, "admin:assessment_city_add"), {"code": "110000", "name": "北京市"})
        assert City.objects.get().name == "北京市"

    @pytest.mark.parametrize("code", ["11000", "abcdef", "011000", "1100000"])
    def test_is_told_when_a_city_code_is_none(self, admin, code):
        client = visitor(admin)
        page = sent(client, opened(client, "admin:assessment_city_add"), {"code": code, "name": "北京市"})
        assert not page.response.redirect_chain
        assert not City.objects.exists()

    def test_looks_at_rounds_and_changes_none(self, admin, assessment):
        page = opened(visitor(admin), change(assessment))
        assert page.status == 200
        assert "_save" not in page.html
        assert visitor(admin).post(change(assessment), {"round": "别的"}).status_code == 403

    def test_deletes_a_round_that_was_opened_by_mistake(self, admin, assessment):
        there = reverse("admin:assessment_assessment_delete", args=[assessment.pk])
        visitor(admin).post(there, {"post": "yes"})
        assert not type(assessment).objects.exists()

    def test_opens_every_list_and_every_form(self, admin, draft, assessment):
        client = visitor(admin)
        for model in ("assessment", "user", "city", "framework", *FRAMEWORK_PARTS):
            assert client.get(listed(model)).status_code == 200
        for model in ("user", "city", "framework", *FRAMEWORK_PARTS):
            assert client.get(reverse(f"admin:assessment_{model}_add")).status_code == 200
        for part in ("lenses", "dimensions", "facets", "criteria", "sources", "targets"):
            assert client.get(change(getattr(draft, part).first())).status_code == 200


def test_a_draft_of_an_empty_name_is_not_saved(criteria_admin):
    client = visitor(criteria_admin)
    page = sent(client, opened(client, "admin:assessment_framework_add"), {"code": "x", "version": "1"})
    assert not page.response.redirect_chain
    assert not Framework.objects.exists()


def test_the_group_exists_once(db):
    assert access.criteria_admins() == access.criteria_admins()
    assert Group.objects.count() == 1
