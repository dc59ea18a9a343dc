"""Phrases are one's own: kept, found, changed, deleted, and never seen by anybody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment import actions
from assessment.models import Membership, Phrase, Role
from tests.views.pages import opened, sent, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NEW = {"title": "先建台账", "text": "先建**台账**。", "language": "zh-hans", "code": "T1.1"}


@pytest.fixture
def client(consultant, framework):
    return visitor(consultant)


@pytest.fixture
def phrase(consultant):
    return Phrase.objects.create(user=consultant, **NEW)


def test_a_phrase_is_added_and_listed(client, consultant):
    page = sent(client, opened(client, "phrase-add"), NEW)
    assert page.status == 200
    assert "先建台账" in opened(client, "phrase-list").text
    assert consultant.phrases.get().code == "T1.1"


@pytest.mark.parametrize(("typed", "kept"), [("p1.a1", "P1.A1"), ("t1", "T1"), ("", "")])
def test_a_code_is_kept_as_the_framework_spells_it(client, consultant, typed, kept):
    assert sent(client, opened(client, "phrase-add"), NEW | {"code": typed}).status == 200
    assert consultant.phrases.get().code == kept


def test_a_code_of_a_draft_is_unknown_to_who_may_not_see_it(client, framework, criteria_admin):
    draft = actions.copy_as_draft(framework, "2025.1", by=criteria_admin)
    draft.dimensions.filter(code="T1").update(code="X1")
    page = sent(client, opened(client, "phrase-add"), NEW | {"code": "X1"})
    assert (page.status, "没有编号为“X1”的维度或评估项" in page.text) == (422, True)


def test_a_phrase_is_changed(client, phrase):
    assert sent(client, opened(client, "phrase-edit", phrase.pk), {"text": "改过的"}).status == 200
    phrase.refresh_from_db()
    assert (phrase.title, phrase.text) == ("先建台账", "改过的")


def test_a_phrase_is_deleted(client, phrase):
    page = client.post(reverse("phrase-remove", args=[phrase.pk]), follow=True).content.decode()
    assert "已删除" in page
    assert not Phrase.objects.exists()


def test_a_title_is_there_once_for_each_person(client, phrase, lead):
    page = sent(client, opened(client, "phrase-add"), NEW)
    assert (page.status, "您已有同名的常用语" in page.text) == (422, True)
    assert sent(visitor(lead), opened(visitor(lead), "phrase-add"), NEW).status == 200


def test_a_title_that_is_taken_at_the_same_moment_is_told_alike(client, consultant, meanwhile):
    meanwhile(actions, "keep_phrase", lambda: Phrase.objects.bulk_create([Phrase(user=consultant, **NEW)]))
    page = sent(client, opened(client, "phrase-add"), NEW)
    assert (page.status, "您已有同名的常用语" in page.text) == (422, True)
    assert Phrase.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "长" * 101),
        ("text", ""),
        ("text", "长" * 20_001),
        ("language", "fr"),
        ("code", "<b> x"),
        ("code", "ZZ9"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(client, field, value):
    page = sent(client, opened(client, "phrase-add"), NEW | {field: value})
    assert page.status == 422
    assert any(link.startswith(f"#id_{field}") for link in page.links)
    assert not Phrase.objects.exists()


@pytest.mark.parametrize("words", ["台账", "T1", "**台", "先建"])
def test_a_phrase_is_found_by_its_title_text_or_code(client, phrase, consultant, words):
    Phrase.objects.create(user=consultant, title="另一条", text="另一段")
    page = opened(client, "phrase-list", q=words)
    assert "先建台账" in page.text and "另一条" not in page.text
    assert "另一条" in opened(client, "phrase-list", q="另一").text
    assert "没有包含" in opened(client, "phrase-list", q="%_<script>").text


def test_an_editor_is_offered_phrases_of_its_language(client, phrase, consultant):
    Phrase.objects.create(user=consultant, title="English one", text="Text", language="en")
    offers = [
        client.get(reverse("phrase-find"), {"q": "", "language": to}).content.decode() for to in ("zh-hans", "en")
    ]
    assert ["先建台账" in offer for offer in offers] == [True, False]
    assert "English one" in offers[1]
    assert "没有包含" in client.get(reverse("phrase-find"), {"q": "没有的"}).content.decode()


def test_a_phrase_that_a_script_puts_in_is_counted(client, phrase):
    assert client.post(reverse("phrase-use", args=[phrase.pk])).status_code == 204
    phrase.refresh_from_db()
    assert phrase.used == 1


@pytest.mark.parametrize("who", ["lead", "stranger"])
def test_nobody_elses_phrases_are_there(request, phrase, who):
    client = visitor(request.getfixturevalue(who))
    assert "先建台账" not in opened(client, "phrase-list").html
    assert "先建台账" not in client.get(reverse("phrase-find")).content.decode()
    for method, view in (
        ("get", "phrase-edit"),
        ("post", "phrase-edit"),
        ("post", "phrase-remove"),
        ("post", "phrase-use"),
    ):
        assert getattr(client, method)(reverse(view, args=[phrase.pk])).status_code == 404
    assert Phrase.objects.get().used == 0


@pytest.mark.parametrize("who", ["contributor", "reviewer", "viewer", "admin", "auditor", "criteria_admin"])
def test_who_writes_for_no_report_has_none(request, city, who):
    client = visitor(request.getfixturevalue(who))
    for view in ("phrase-list", "phrase-add", "phrase-find"):
        assert client.get(reverse(view)).status_code == 404
    assert reverse("phrase-list") not in opened(client, "assessment-list").links


def test_an_engagement_that_ended_leaves_them_behind_and_a_new_one_finds_them_again(client, phrase, consultant, city):
    Membership.objects.filter(user=consultant).delete()
    assert client.get(reverse("phrase-list")).status_code == 404
    Membership.objects.create(user=consultant, city=city, role=Role.CONSULTANT)
    assert "先建台账" in opened(client, "phrase-list").text


@pytest.mark.parametrize("view", ["phrase-list", "phrase-add", "phrase-find"])
def test_nobody_at_all_is_sent_to_sign_in(db, view):
    assert visitor().get(reverse(view)).status_code == 302


def test_the_list_asks_the_database_no_more_for_thirty_than_for_three(client, consultant):
    def queries():
        with CaptureQueriesContext(connection) as counted:
            opened(client, "phrase-list")
        return len(counted)

    Phrase.objects.bulk_create([Phrase(user=consultant, title=f"甲{n}", text="文字") for n in range(3)])
    few = queries()
    Phrase.objects.bulk_create([Phrase(user=consultant, title=f"乙{n}", text="文字") for n in range(27)])
    assert queries() == few
