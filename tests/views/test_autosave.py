"""A card saves itself: what the script on the page sends, and what it is told."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment import actions, outline
from assessment.models import Assessment, Assignment, Membership
from assessment.outline import Evidence
from tests.records import PASSWORD, approved, assign, framework_of, make_member, make_round, store
from tests.views.pages import opened, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NASTY = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;"


class Told(HTMLParser):
    """What the script reads out of an answer."""

    def __init__(self, response):
        super().__init__()
        self.status, self.html = response.status_code, response.content.decode()
        self.marks, self.fields, self.tags, self.text = {}, {}, [], ""
        self.feed(self.html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append((tag, given))
        self.marks = given if "data-told" in given else self.marks
        if "data-field" in given:
            self.fields[given["data-field"]] = given["value"]

    def handle_data(self, data):
        self.text += data

    @property
    def asked(self):
        return [given["data-conflict"] for _tag, given in self.tags if "data-conflict" in given]

    @property
    def choices(self):
        return [given["data-choose"] for _tag, given in self.tags if "data-choose" in given]


@pytest.fixture
def colleague(assessment, contributor):
    assign(assessment, contributor)
    return contributor


@pytest.fixture
def save(assessment):
    """Sends T1.1 as the person's page does."""

    def send(who, fields=(), seen=0, view="response-save", **more):
        card = {"T1.1-level": "", "T1.1-target": "", "T1.1-rationale": "", "T1.1-not_applicable": "", "T1.1-rows": "1"}
        card |= {f"T1.1-{name}": value for name, value in dict(fields).items()}
        card |= {"T1.1-seen": str(seen), "account": str(who.pk), **more}
        address = reverse(view, args=[more.pop("round", assessment.pk), "T1.1"])
        return Told(visitor(who).post(address, card, headers={"HX-Request": "true"}))

    return send


def stored(assessment):
    return assessment.responses.get(criterion__code="T1.1").outline()


class TestSaving:
    def test_says_when_and_which_version(self, assessment, lead, save):
        told = save(lead, {"level": "3", "rationale": "有制度"})
        assert (told.status, told.marks["data-told"], told.marks["data-version"]) == (200, "saved", "1")
        assert f"已保存{timezone.localtime():%H:}" in told.text
        assert stored(assessment) == outline.Response("T1.1", 3, rationale="有制度")

    def test_takes_evidence_added_changed_and_taken_away(self, assessment, lead, save):
        def titles():
            return [piece.title for piece in stored(assessment).evidence]

        save(lead, {"rows": "2", "evidence-0-title": "办法", "evidence-1-title": "台账"})
        assert titles() == ["办法", "台账"]
        save(lead, {"rows": "3", "evidence-0-title": "办法", "evidence-1-title": "总账", "evidence-2-title": "规程"}, 1)
        assert titles() == ["办法", "总账", "规程"]
        save(lead, {"rows": "3", "evidence-1-title": "总账", "evidence-2-title": "规程"}, 2)
        assert titles() == ["总账", "规程"]

    def test_of_nothing_new_makes_no_version(self, assessment, lead, save):
        save(lead, {"level": "3"})
        assert save(lead, {"level": "3"}, 1).marks["data-version"] == "1"
        assert assessment.versions.count() == 1

    def test_does_not_tell_the_page_what_it_sent_itself(self, lead, save):
        assert save(lead, {"level": "3", "rationale": " 有制度\r\n"}).fields == {}

    def test_is_refused_without_a_token(self, assessment, lead):
        client = Client(enforce_csrf_checks=True)
        client.force_login(lead)
        assert client.post(reverse("response-save", args=[assessment.pk, "T1.1"]), {}).status_code == 403


class TestWhatIsNotSound:
    def test_names_its_field_and_is_not_saved(self, assessment, lead, save):
        told = save(lead, {"level": "na"})
        assert (told.status, told.marks["data-told"], told.marks["data-wrong"]) == (422, "invalid", "choice")
        assert "请说明" in told.text
        assert not assessment.responses.exists()

    @pytest.mark.parametrize(
        ("fields", "wrong"),
        [
            ({"level": "9", "target": "9"}, "choice target"),
            ({"rationale": "长" * 20_001}, "rationale"),
            ({"evidence-0-url": "javascript:alert(1)"}, "evidence"),
        ],
    )
    def test_leaves_the_others_to_be_sent_alone(self, lead, save, fields, wrong):
        assert save(lead, fields).marks["data-wrong"] == wrong

    def test_is_a_version_that_never_was(self, assessment, lead, save):
        told = save(lead, {"level": "3"}, seen=7)
        assert (told.status, told.marks["data-told"]) == (422, "refused")
        assert not assessment.responses.exists()


class TestWhatIsStoredTooLong:
    """As a move to another version once left it behind."""

    @pytest.fixture
    def long(self, assessment):
        record = make_round(assessment.city, assessment.framework, {"T1.1": {"level": 1}}, round="长")
        record.responses.update(rationale="长" * 20_003)
        return record

    def test_keeps_no_other_field_out(self, long, lead, save):
        told = save(lead, {"level": "4", "rationale": "长" * 20_003}, seen=1, round=long.pk)
        assert (told.status, stored(long).level, len(stored(long).rationale)) == (200, 4, 20_003)

    def test_is_refused_once_it_is_changed_in_our_own_words(self, long, lead, save):
        told = save(lead, {"level": "4", "rationale": "长" * 20_004}, seen=1, round=long.pk)
        assert (told.status, told.marks["data-wrong"]) == (422, "rationale")
        assert "最多20000字，现有20004字" in told.text


class TestTwoPeople:
    def test_change_different_fields_and_both_stand(self, assessment, lead, colleague, save):
        save(colleague, {"level": "2"})
        told = save(lead, {"rationale": "我写的"})
        assert stored(assessment) == outline.Response("T1.1", 2, rationale="我写的")
        assert told.fields["T1.1-level"] == "2"
        assert "填报人" in told.text
        assert "等级" in told.text

    def test_change_the_same_field_and_are_asked(self, assessment, lead, colleague, save):
        save(colleague, {"level": "2", "rationale": "别人写的"})
        told = save(lead, {"level": "5", "rationale": "我写的"})
        assert (told.status, told.marks["data-told"], told.asked) == (409, "conflict", ["choice", "rationale"])
        assert told.choices == ["theirs", "mine", "theirs", "mine", "both"]
        assert all(words in told.text for words in ("别人写的", "我写的", "填报人", "2级", "5级"))
        assert f"{timezone.localtime():%Y-%m-%d %H:}" in told.text
        assert told.fields["T1.1-rationale"] == "别人写的"
        assert stored(assessment) == outline.Response("T1.1", 2, rationale="别人写的")

    def test_are_not_offered_to_join_what_is_too_long_together(self, lead, colleague, save):
        save(colleague, {"rationale": "甲" * 15_000})
        told = save(lead, {"rationale": "乙" * 15_000})
        assert told.choices == ["theirs", "mine"]
        assert "超过20000字" in told.text and "甲" * 15_000 in told.text and "乙" * 15_000 in told.text

    def test_who_chose_saves_on_top_of_the_newer_version(self, assessment, lead, colleague, save):
        save(colleague, {"rationale": "别人写的"})
        version = save(lead, {"rationale": "我写的"}).marks["data-version"]
        assert save(lead, {"rationale": "别人写的\n我写的"}, version).status == 200
        assert stored(assessment).rationale == "别人写的\n我写的"

    def test_add_evidence_and_both_pieces_stand(self, assessment, lead, colleague, save):
        save(colleague, {"rows": "1", "evidence-0-title": "别人的"})
        told = save(lead, {"rows": "1", "evidence-0-title": "我的"})
        assert [piece.title for piece in stored(assessment).evidence] == ["别人的", "我的"]
        rows = [
            given["value"] for tag, given in told.tags if tag == "input" and given.get("name", "").endswith("title")
        ]
        assert rows == ["别人的", "我的", ""]

    def test_text_of_others_is_text(self, lead, colleague, save):
        save(colleague, {"rationale": NASTY, "evidence-0-title": NASTY})
        told = save(lead, {"rationale": "我写的"})
        assert NASTY in told.text
        assert not [tag for tag, _given in told.tags if tag in ("script", "img")]

    def test_one_person_at_two_places_is_asked_too(self, assessment, lead, save):
        save(lead, {"rationale": "在家写的"}, page="home")
        assert save(lead, {"rationale": "在单位写的"}, page="office").asked == ["rationale"]
        assert stored(assessment).rationale == "在家写的"


class TestWhileADecisionIsAwaited:
    """A colleague changed the rationale; of mine, the level was saved beside it. Then the level is changed again."""

    @pytest.fixture
    def version(self, lead, colleague, save):
        save(colleague, {"rationale": "别人写的"})
        return save(lead, {"rationale": "我写的", "level": "3"}, page="p").marks["data-version"]

    def test_a_save_on_the_version_that_was_told_asks_nothing(self, assessment, lead, save, version):
        told = save(lead, {"rationale": "别人写的", "level": "4"}, version, page="p")
        assert (told.status, told.fields) == (200, {})
        assert stored(assessment) == outline.Response("T1.1", 4, rationale="别人写的")

    def test_one_on_the_older_version_would_ask_about_ones_own_level(self, lead, save, version):
        assert save(lead, {"rationale": "我写的", "level": "4"}, page="p").asked == ["choice", "rationale"]

    def test_the_older_version_asks_again_about_what_is_disputed_and_nothing_else(self, lead, save, version):
        told = save(lead, {"rationale": "我写的"}, page="p")
        assert (told.asked, told.fields["T1.1-level"]) == (["rationale"], "3")

    def test_who_changed_the_disputed_field_again_is_told(self, lead, colleague, save, version):
        save(colleague, {"rationale": "别人又写的", "level": "3"}, version, page="q")
        told = save(lead, {"rationale": "别人写的", "level": "4"}, version, page="p")
        assert (told.status, told.fields["T1.1-rationale"]) == (200, "别人又写的")
        assert save(lead, {"rationale": "我写的", "level": "4"}, version, page="p").asked == ["rationale"]


class TestAPageThatNeverHeardThatItsSaveArrived:
    def test_builds_on_it(self, assessment, lead, save):
        save(lead, {"rationale": "写了一", "evidence-0-title": "办"}, page="p")
        told = save(lead, {"rationale": "写了一半", "evidence-0-title": "办法"}, page="p")
        assert (told.status, told.fields) == (200, {})
        assert stored(assessment) == outline.Response("T1.1", rationale="写了一半", evidence=(Evidence("办法"),))

    def test_leaves_alone_what_it_did_not_change(self, assessment, lead, save):
        save(lead, {"level": "3"}, page="p")
        save(lead, {"rationale": "写了"}, page="p")
        assert stored(assessment) == outline.Response("T1.1", 3, rationale="写了")

    def test_builds_on_what_it_confirmed(self, assessment, lead, save):
        save(lead, {"rationale": "写了一"}, page="p")
        assessment.responses.update(is_unconfirmed=True)
        save(lead, {"rationale": "写了一"}, 1, view="response-confirm", page="p")
        assert save(lead, {"rationale": "写了一半"}, 1, page="p").status == 200

    def test_asks_all_the_same_where_a_colleague_came_in_between(self, lead, colleague, save):
        save(lead, {"rationale": "写了一"}, page="p")
        save(colleague, {"rationale": "别人改了"}, 1, page="q")
        assert save(lead, {"rationale": "写了一半"}, page="p").asked == ["rationale"]


class TestWhoMay:
    def test_not_a_contributor_to_whom_it_is_not_assigned(self, contributor, save):
        assert save(contributor, {"level": "3"}).status == 404

    def test_not_once_the_part_is_handed_in(self, assessment, colleague, save):
        assert save(colleague, {"level": "3"}).status == 200
        assessment.assignments.update(state=Assignment.State.HANDED_IN)
        assert save(colleague, {"level": "4"}, 1).status == 404
        assert stored(assessment).level == 3

    def test_not_once_the_role_is_taken_away(self, colleague, save):
        Membership.objects.filter(user=colleague).delete()
        assert save(colleague, {"level": "3"}).status == 404

    def test_not_once_the_engagement_has_ended(self, colleague, save):
        Membership.objects.filter(user=colleague).update(ends_on=timezone.localdate() - timedelta(days=1))
        assert save(colleague, {"level": "3"}).status == 404

    def test_not_in_a_final_round(self, city, framework, lead, save):
        record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 2), round="完")
        approved(record)
        assert save(lead, {"level": "5"}, 1, round=record.pk).status == 404

    def test_what_a_department_holds_its_people_answer(self, assessment, city, contributor, save):
        department = city.departments.create(name="市数据局")
        Membership.objects.filter(user=contributor).update(department=department)
        dimension = assessment.framework.dimensions.get(code="T1")
        assessment.assignments.create(dimension=dimension, department=department)
        assert save(contributor, {"level": "3"}).status == 200

    def test_not_what_does_not_exist_not_even_to_confirm_it_without_a_script(self, assessment, lead):
        assert visitor(lead).post(reverse("response-confirm", args=[assessment.pk, "X9.9"])).status_code == 404

    def test_who_has_two_roles_has_the_rights_of_both(self, city, viewer, save):
        Membership.objects.create(user=viewer, city=city, role=Membership.Role.LEAD)
        assert save(viewer, {"level": "3"}).status == 200

    def test_not_another_account_than_the_one_that_opened_the_page(self, assessment, lead, colleague, save):
        told = save(lead, {"level": "3"}, account=str(colleague.pk))
        assert (told.status, told.marks["data-told"]) == (409, "other")
        assert "牵头人" in told.text
        assert not assessment.responses.exists()

    def test_nor_through_the_plain_form(self, assessment, lead, colleague):
        page = opened(visitor(colleague), "dimension-answer", assessment.pk, "T1")
        response = visitor(lead).post(page.address, page.form | {"T1.1-rationale": "半天的心血"})
        assert response.status_code == 409
        assert "半天的心血" in response.content.decode()
        assert not assessment.responses.exists()

    def test_a_script_whose_session_has_ended_is_told_so(self, assessment):
        address = reverse("response-save", args=[assessment.pk, "T1.1"])
        assert Client().post(address, headers={"HX-Request": "true"}).status_code == 401
        assert Client().post(address).status_code == 302

    def test_a_script_signs_in_again(self, lead):
        fields = {"login": lead.username, "password": PASSWORD}
        headers = {"X-Requested-With": "XMLHttpRequest"}
        assert Client().post(reverse("account_login"), fields, headers=headers).status_code == 200
        refused = Client().post(reverse("account_login"), fields | {"password": "falsch"}, headers=headers)
        assert (refused.status_code, refused.headers["Content-Type"]) == (400, "application/json")


class TestConfirming:
    @pytest.fixture
    def assessment(self, city, framework, lead):
        last = make_round(
            city, framework, {"T1.1": {"level": 2, "rationale": "去年"}, "T1.2": 3, "P1.A1": 1}, round="上"
        )
        record = actions.create_round(Assessment(city=city, framework=framework, round="本", previous=last), by=lead)
        actions.open_round(record, by=lead)
        record.refresh_from_db()
        return record

    def unconfirmed(self, assessment):
        return set(assessment.responses.filter(is_unconfirmed=True).values_list("criterion__code", flat=True))

    def test_the_card_shows_last_rounds_level_and_what_to_do(self, assessment, lead):
        page = opened(visitor(lead), "dimension-answer", assessment.pk, "T1")
        assert page.text.count("待确认") == 2
        assert "上一轮 2级" in page.text
        assert "仍然如此" in page.text

    def test_one_card_as_it_is(self, assessment, lead, save):
        told = save(lead, {"level": "2", "rationale": "去年"}, 1, view="response-confirm")
        assert (told.status, told.marks["data-version"]) == (200, "2")
        assert "data-unconfirmed" not in told.marks
        assert self.unconfirmed(assessment) == {"T1.2", "P1.A1"}

    def test_one_card_with_what_was_changed_in_it(self, assessment, lead, save):
        save(lead, {"level": "4", "rationale": "去年"}, 1, view="response-confirm")
        assert stored(assessment).level == 4
        assert self.unconfirmed(assessment) == {"T1.2", "P1.A1"}

    def test_not_what_somebody_else_changed_meanwhile(self, assessment, lead, colleague, save):
        actions.confirm(assessment, ["T1.2", "P1.A1"], by=lead)
        save(colleague, {"level": "3", "rationale": "去年"}, 1)
        assert save(lead, {"level": "4", "rationale": "去年"}, 1, view="response-confirm").asked == ["choice"]

    def test_without_a_script_with_all_that_was_typed(self, assessment, lead):
        page = opened(visitor(lead), "dimension-answer", assessment.pk, "T1")
        address = reverse("response-confirm", args=[assessment.pk, "T1.1"])
        response = visitor(lead).post(address, page.form | {"T1.3-rationale": "别处写的"}, follow=True)
        assert "已保存2项" in response.content.decode()
        assert self.unconfirmed(assessment) == {"T1.2", "P1.A1"}

    def test_a_whole_dimension(self, assessment, lead):
        page = opened(visitor(lead), "dimension-answer", assessment.pk, "T1")
        address = reverse("dimension-confirm", args=[assessment.pk, "T1"])
        visitor(lead).post(address, page.form | {"T1.3-rationale": "别处写的"})
        assert self.unconfirmed(assessment) == {"P1.A1"}
        assert assessment.responses.get(criterion__code="T1.3").rationale == "别处写的"

    def test_only_what_is_ones_own(self, assessment, contributor):
        criterion = assessment.framework.criteria.get(code="T1.1")
        assessment.assignments.create(criterion=criterion, user=contributor)
        visitor(contributor).post(reverse("dimension-confirm", args=[assessment.pk, "T1"]), {})
        assert self.unconfirmed(assessment) == {"T1.2", "P1.A1"}


class TestTheCard:
    def test_says_whose_it_is_and_until_when(self, assessment, lead, contributor):
        assign(assessment, contributor)
        assessment.assignments.update(due_on=timezone.localdate() - timedelta(days=1))
        text = opened(visitor(lead), "dimension-answer", assessment.pk, "T1").text
        assert "责任方 填报人" in text
        assert "已逾期" in text

    def test_is_read_only_where_the_part_is_handed_in(self, assessment, colleague):
        assessment.assignments.update(state=Assignment.State.HANDED_IN)
        page = opened(visitor(colleague), "dimension-answer", assessment.pk, "T1")
        assert "现在只有牵头人可以改" in page.text
        assert not [name for name in page.form if name.startswith("T1")]

    def test_is_read_only_beside_one_that_is_ones_own(self, assessment, contributor):
        criterion = assessment.framework.criteria.get(code="T1.2")
        assessment.assignments.create(criterion=criterion, user=contributor)
        page = opened(visitor(contributor), "dimension-answer", assessment.pk, "T1")
        assert {name.split("-")[0] for name in page.form if name.startswith("T1")} == {"T1.2"}

    def test_shows_why_it_came_back_and_where_to_settle_it(self, assessment, lead, reviewer):
        criterion = assessment.framework.criteria.get(code="T1.1")
        item = assessment.returns.create(criterion=criterion, reason="缺少台账", returned_by=reviewer)
        page = opened(visitor(lead), "dimension-answer", assessment.pk, "T1")
        targets = [given.get("action") for tag, given in page.reader.tags if tag == "form"]
        assert "缺少台账" in page.text
        assert reverse("return-settle", args=[assessment.pk, item.pk]) in targets

    def test_after_single_returns_only_those_are_open(self, assessment, lead, reviewer):
        criterion = assessment.framework.criteria.get(code="T1.1")
        assessment.returns.create(criterion=criterion, reason="缺少台账", returned_by=reviewer)
        assessment.is_narrowed = True
        assessment.save()
        page = opened(visitor(lead), "dimension-answer", assessment.pk, "T1")
        assert {name.split("-")[0] for name in page.form if name.startswith("T1")} == {"T1.1"}

    def test_leads_to_the_criterions_own_page(self, assessment, lead):
        page = opened(visitor(lead), "dimension-answer", assessment.pk, "T1")
        assert reverse("criterion-detail", args=[assessment.pk, "T1.1"]) in page.links

    def test_of_a_dimension_that_is_not_asked_says_so(self, assessment, lead):
        assessment.scope = ["P1"]
        assessment.save()
        page = opened(visitor(lead), "dimension-answer", assessment.pk, "T1")
        assert "不在本轮范围内" in page.text
        assert not [name for name in page.form if name.startswith("T1")]


class TestQueries:
    @pytest.fixture
    def world(self, city, contributor, lead, settings, tmp_path):
        """A round with this many criteria beside this many other rounds, its first answer at version 2."""

        settings.MEDIA_ROOT = tmp_path

        def make(criteria=3, rounds=0):
            framework = store(framework_of(criteria, version=f"of-{criteria}-{rounds}"))
            record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 2))
            assign(record, contributor)
            for number in range(rounds):
                make_round(city, framework, {"X1.1": 1}, round=f"另{number}")
            for number in range(2, 4):
                make_member(f"m{criteria}{rounds}{number}", "", city, "contributor")
            proof = outline.Response("X1.1", 2, evidence=(Evidence("办法"),))
            actions.answer(record, proof, by=lead, seen=1)
            return record

        return make

    def queries(self, record, who, seen=2, **fields):
        client = visitor(who)
        card = {"X1.1-level": "2", "X1.1-rows": "2", "X1.1-evidence-0-title": "办法", "X1.1-seen": str(seen)}
        card |= {f"X1.1-{name.replace('_', '-')}": value for name, value in fields.items()}
        with CaptureQueriesContext(connection) as counted:
            response = client.post(reverse("response-save", args=[record.pk, "X1.1"]), card)
        assert response.status_code in (200, 409)
        return len(counted)

    @pytest.mark.parametrize(
        "fields",
        [
            {"rationale": "写"},
            {"evidence_0_title": "改名"},
            {"evidence_1_title": "台账"},
            {"seen": "1", "rationale": "写"},
            {"seen": "1", "evidence_1_title": "台账"},
            {"seen": "1", "level": "4", "evidence_0_title": "改名"},
        ],
        ids=str,
    )
    @pytest.mark.parametrize("is_lead", [True, False])
    def test_are_at_most_twelve(self, world, lead, contributor, fields, is_lead):
        assert self.queries(world(), lead if is_lead else contributor, **fields) <= 12

    def test_are_at_most_twelve_after_single_returns(self, world, contributor, reviewer):
        record = world()
        record.returns.create(criterion=record.framework.criteria.get(code="X1.1"), reason="看", returned_by=reviewer)
        record.is_narrowed = True
        record.save()
        assert self.queries(record, contributor, evidence_1_title="台账") <= 12

    @pytest.mark.parametrize("seen", ["2", "3"])
    def test_are_at_most_twelve_at_the_worst(self, world, lead, contributor, reviewer, seen):
        """Single returns; a file among the evidence, of which pieces are changed, added; perhaps a stale page."""
        record = world()
        record.returns.create(criterion=record.framework.criteria.get(code="X1.1"), reason="看", returned_by=reviewer)
        Assessment.objects.filter(pk=record.pk).update(is_narrowed=True)
        row = actions.add_file(record, "X1.1", "照片.png", b"png", media_type="image/png", by=lead)
        mark = row.outline().evidence[1].reference
        fields = {"rows": "3", "evidence_1_title": "改名", "evidence_1_reference": mark, "evidence_2_title": "台账"}
        assert self.queries(record, contributor, seen=seen, rationale="写", **fields) <= 12
        pieces = list(row.evidence.select_related("file"))
        assert [piece.title for piece in pieces if piece.file] == ["改名"] if seen == "3" else ["照片.png", "改名"]
        assert pieces[-1].title == "台账"

    @pytest.mark.parametrize(
        "pieces", [["改名", "乙", "丙", "照片"], ["改名", "照片"]], ids=["added", "some taken away"]
    )
    @pytest.mark.parametrize("seen", ["2", "3"])
    def test_are_at_most_twelve_for_a_file_that_is_new_to_the_answer(
        self, world, city, lead, contributor, reviewer, pieces, seen
    ):
        """Single returns, several roles and departments, a stale page perhaps; pieces changed, added or taken away."""
        record = world()
        proven = actions.add_file(record, "X1.2", "照片.png", b"png", media_type="image/png", by=lead)
        stored = proven.evidence.get().file
        record.returns.create(criterion=record.framework.criteria.get(code="X1.1"), reason="看", returned_by=reviewer)
        Assessment.objects.filter(pk=record.pk).update(is_narrowed=True)
        for role in ("reviewer", "viewer"):
            city.memberships.create(user=contributor, role=role, department=city.departments.create(name=role))
        three = tuple(Evidence(title) for title in ("甲", "乙", "丙"))
        actions.answer(record, outline.Response("X1.1", 2, rationale="牵头人写", evidence=three), by=lead, seen=2)
        fields = {"rows": str(len(pieces))} | {f"evidence_{i}_title": title for i, title in enumerate(pieces)}
        fields |= {f"evidence_{len(pieces) - 1}_reference": stored.mark}
        assert self.queries(record, contributor, seen=seen, level="4", **fields) <= 12
        row = actions.row_of(record, "X1.1")
        assert [piece.title for piece in row.evidence.all() if piece.file == stored] == ["照片"]
        assert "改名" in [piece.title for piece in row.evidence.all()]

    def test_do_not_grow_with_criteria_or_rounds(self, world, contributor):
        few = self.queries(world(), contributor, rationale="写")
        assert self.queries(world(criteria=40), contributor, rationale="写") == few
        assert self.queries(world(rounds=8), contributor, rationale="写") == few

    def test_of_the_page_are_at_most_fifteen_and_do_not_grow(self, world, contributor, reviewer):
        def of_page(criteria):
            record = world(criteria)
            record.previous = make_round(record.city, record.framework, {"X1.1": 3}, round="上")
            record.is_narrowed = True
            record.save()
            for criterion in record.framework.criteria.all():
                record.returns.create(criterion=criterion, reason="看", returned_by=reviewer)
                record.comments.create(criterion=criterion, text="意见", written_by=reviewer)
            client = visitor(contributor)
            with CaptureQueriesContext(connection) as counted:
                assert client.get(reverse("dimension-answer", args=[record.pk, "X1"])).status_code == 200
            return len(counted)

        few = of_page(3)
        assert of_page(30) == few
        assert few <= 15
