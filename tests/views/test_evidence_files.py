"""Evidence files through the pages: added, used again, downloaded by those who may, and listed in the register."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment import access, actions, forms
from assessment.models import City, Event, Evidence, Membership, StoredFile
from assessment.outline import Evidence as Piece
from assessment.outline import Response
from tests.factories import EXAMPLE_TWO
from tests.files import PDF, office, png
from tests.records import approved, assign, make_round
from tests.views.pages import opened, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_of_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def send(user, record, name="通知.pdf", data=PDF, code="T1.1", headers=None, **given):
    address = reverse("file-add", args=[record.pk, code])
    given |= {"file": SimpleUploadedFile(name, data, "text/html")}
    return visitor(user).post(address, given, headers=headers)


def reuse(user, record, stored, code="T1.2", **given):
    address = reverse("file-reuse", args=[record.pk, code])
    return visitor(user).post(address, {"file": stored.pk if stored else "", **given})


def fetch(user, stored):
    return visitor(user).get(reverse("file-download", args=[stored.pk]))


@pytest.fixture
def stored(assessment, lead):
    send(lead, assessment)
    return StoredFile.objects.get()


class TestAdding:
    def test_leads_back_to_the_card(self, assessment, lead):
        response = send(lead, assessment, title="印发的通知")
        assert (response.status_code, response.url) == (302, f"/assessments/{assessment.pk}/dimensions/T1/#T1.1")
        assert Evidence.objects.get().title == "印发的通知"

    def test_leads_back_to_the_history_from_there(self, assessment, lead):
        response = send(lead, assessment, back="criterion")
        assert response.url == reverse("criterion-detail", args=[assessment.pk, "T1.1"])
        page = opened(visitor(lead), response.url)
        assert "通知.pdf" in page.text
        assert reverse("file-download", args=[StoredFile.objects.get().pk]) in page.links

    def test_is_for_those_alone_who_may_answer_the_criterion(self, assessment, contributor, reviewer, viewer, stranger):
        for user in (contributor, reviewer, viewer, stranger):
            assert send(user, assessment).status_code == 404
        assign(assessment, contributor, "T1")
        assert send(contributor, assessment).status_code == 302
        assert send(contributor, assessment, code="P1.A1").status_code == 404

    def test_ends_when_the_round_is_submitted(self, assessment, lead):
        assert send(lead, approved(assessment)).status_code == 404

    @pytest.mark.parametrize(
        ("name", "data", "reason"),
        [
            ("页面.pdf", b"<html></html>", "网页"),
            ("空.pdf", b"", "空文件"),
            ("通知.docx", PDF, "应以.pdf结尾"),
            ("表.xlsx", office("sheet", more={"xl/vbaProject.bin": b"x"}), "含有宏"),
            ("工具.exe", b"MZ" + bytes(100), "程序"),
        ],
    )
    def test_says_why_a_file_is_not_taken_and_keeps_the_title(self, assessment, lead, name, data, reason):
        response = send(lead, assessment, name, data, title="我写的标题")
        assert response.status_code == 422
        assert reason in response.content.decode()
        assert "我写的标题" in response.content.decode()
        assert not StoredFile.objects.exists()
        assert not assessment.versions.exists()

    def test_wants_a_file(self, assessment, lead):
        response = visitor(lead).post(reverse("file-add", args=[assessment.pk, "T1.1"]), {"title": "甲"})
        assert response.status_code == 422
        assert "请选择文件" in response.content.decode()

    def test_refuses_the_same_file_twice(self, assessment, lead, stored):
        response = send(lead, assessment, name="又.pdf")
        assert response.status_code == 422
        assert "已有该文件" in response.content.decode()

    def test_takes_no_more_than_20_mebibytes(self, assessment, lead):
        large = PDF.replace(b"%%EOF", b"%" * (20 * 2**20) + b"%%EOF")
        response = send(lead, assessment, data=large)
        assert response.status_code == 422
        assert "20 MB" in response.content.decode()

    def test_a_name_is_shown_as_text(self, assessment, lead):
        send(lead, assessment, name="<img src=x onerror=alert(1)>.pdf")
        for address in (("criterion-detail", assessment.pk, "T1.1"), ("evidence-list", assessment.pk)):
            assert "<img src=x" not in opened(visitor(lead), *address).html

    def test_a_script_is_told_what_came_of_it(self, assessment, lead):
        htmx = {"HX-Request": "true"}
        done = send(lead, assessment, headers=htmx)
        assert done.status_code == 200
        assert "通知.pdf" in done.content.decode() or done["HX-Redirect"]
        refused = send(lead, assessment, "页.pdf", b"<html>", headers=htmx)
        assert refused.status_code in (200, 422)
        assert StoredFile.objects.count() == 1


class TestAPartThatIsHandedInMeanwhile:
    """Between the moment at which the page's right is looked at and the moment of writing."""

    @pytest.fixture
    def hand_in_before(self, assessment, contributor, meanwhile):
        assign(assessment, contributor, "T1")
        return lambda *there: meanwhile(*there, lambda: assessment.assignments.update(state="handed_in"))

    @pytest.mark.parametrize("headers", [None, {"HX-Request": "true"}], ids=["page", "script"])
    def test_takes_no_new_file_and_says_why(self, assessment, contributor, hand_in_before, store_of_files, headers):
        hand_in_before(forms.evidence, "judged")
        response = send(contributor, assessment, title="我写的标题", headers=headers)
        assert response.status_code == 422
        assert "T1.1 目前不由您填写" in response.content.decode()
        assert not (StoredFile.objects.exists() or Evidence.objects.exists() or assessment.versions.exists())
        assert not list(store_of_files.rglob("*"))

    def test_takes_no_file_that_is_there(self, assessment, lead, contributor, hand_in_before):
        send(lead, assessment, code="P1.A1")
        hand_in_before(access, "files")
        response = reuse(contributor, assessment, StoredFile.objects.get(), title="我写的标题")
        assert response.status_code == 422
        assert "我写的标题" in response.content.decode()
        assert Evidence.objects.count() == 1


class TestUsingAgain:
    def test_offers_the_citys_files_and_ties_the_chosen_one(self, assessment, lead, stored):
        page = opened(visitor(lead), "criterion-detail", assessment.pk, "T1.2")
        assert "通知.pdf" in page.text
        assert reuse(lead, assessment, stored).status_code == 302
        assert Evidence.objects.filter(file=stored).count() == 2
        assert StoredFile.objects.count() == 1

    def test_wants_one_to_be_chosen(self, assessment, lead, stored):
        response = reuse(lead, assessment, None, title="我写的标题")
        assert response.status_code == 422
        assert "请选择文件" in response.content.decode()
        assert "我写的标题" in response.content.decode()

    def test_has_no_file_of_another_city(self, assessment, lead, stranger):
        elsewhere = stranger.memberships.get().city
        foreign = StoredFile.objects.create(
            city=elsewhere, sha256="0" * 64, name="外地.pdf", size=1, uploaded_by=stranger
        )
        Membership.objects.create(user=lead, city=elsewhere, role="lead")
        assert reuse(lead, assessment, foreign).status_code == 422
        assert "外地.pdf" not in opened(visitor(lead), "criterion-detail", assessment.pk, "T1.1").text

    def test_is_for_those_alone_who_may_answer(self, assessment, contributor, viewer, stored):
        assert {reuse(user, assessment, stored).status_code for user in (contributor, viewer)} == {404}


class TestDownloading:
    def test_gives_the_bytes_as_an_attachment_under_its_own_name(self, lead, stored):
        response = fetch(lead, stored)
        assert response.getvalue() == PDF
        assert response["Content-Type"] == "application/pdf"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E9%80%9A%E7%9F%A5.pdf"
        event = Event.objects.get(verb=Event.Verb.EXPORTED)
        assert (event.by, event.city, event.target) == (lead, stored.city, "通知.pdf")

    @pytest.mark.parametrize("who", ["contributor", "reviewer", "viewer", "consultant", "admin"])
    def test_who_reads_the_round_reads_its_files(self, request, stored, who):
        assert fetch(request.getfixturevalue(who), stored).status_code == 200

    @pytest.mark.parametrize("who", ["stranger", "criteria_admin"])
    def test_others_do_not(self, request, stored, who):
        assert fetch(request.getfixturevalue(who), stored).status_code == 404
        assert not Event.objects.filter(verb=Event.Verb.EXPORTED).exists()

    def test_nor_does_somebody_whose_engagement_has_ended(self, stored, consultant):
        Membership.objects.filter(user=consultant).update(ends_on="2020-01-01")
        assert fetch(consultant, stored).status_code == 404

    def test_nor_anybody_who_has_not_signed_in(self, stored):
        response = fetch(None, stored)
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))

    def test_what_only_a_draft_uses_is_the_leads(self, assessment, stored, lead, contributor):
        type(assessment).objects.filter(pk=assessment.pk).update(state="draft")
        assert [fetch(user, stored).status_code for user in (lead, contributor)] == [200, 404]

    def test_what_is_not_used_any_more_is_the_leads(self, assessment, stored, lead, contributor):
        actions.answer(assessment, Response("T1.1"), by=lead, seen=1)
        assert [fetch(user, stored).status_code for user in (lead, contributor)] == [200, 404]

    def test_the_same_bytes_of_another_city_open_nothing_here(self, assessment, framework, stored, stranger):
        theirs = make_round(City.objects.create(code="440100", name="广州市"), framework, round="别处")
        theirs.city = stranger.memberships.get().city
        theirs.save()
        send(stranger, theirs)
        other = StoredFile.objects.get(city=theirs.city)
        assert [fetch(stranger, file).status_code for file in (stored, other)] == [404, 200]

    def test_a_file_lost_from_the_disk_is_not_found(self, stored, lead):
        stored.content.storage.delete(stored.content.name)
        assert fetch(lead, stored).status_code == 404

    def test_a_final_rounds_file_is_there_for_ever(self, assessment, lead, stored, viewer):
        actions.answer(
            assessment,
            Response("T1.1", level=1, evidence=actions.row_of(assessment, "T1.1").outline().evidence),
            by=lead,
            seen=1,
        )
        approved(assessment)
        assert fetch(viewer, stored).getvalue() == PDF


class TestTheRegister:
    @pytest.fixture
    def proven(self, assessment, lead, contributor, stored):
        pieces = (*actions.row_of(assessment, "T1.1").outline().evidence, Piece("公报", url="https://example.cn/b"))
        answer = Response("T1.1", level=2, evidence=pieces)
        actions.answer(assessment, answer, by=contributor, seen=1)
        actions.answer(assessment, Response("P1.A1", level=1), by=lead, seen=0)
        actions.answer(assessment, Response("P1.A2", level=0), by=lead, seen=0)
        return assessment

    def test_lists_every_piece_with_its_file_and_who_brought_it(self, proven, viewer, stored):
        page = opened(visitor(viewer), "evidence-list", proven.pk)
        rows = [row for row in page.rows if row[0].startswith("T1.1")]
        assert [row[1] for row in rows] == ["通知.pdf", "公报"]
        assert [row[5].split()[0] for row in rows] == ["牵头人", "填报人"]
        assert "https://example.cn/b" in page.links
        assert 'rel="noopener noreferrer"' in page.html
        assert reverse("file-download", args=[stored.pk]) in page.links

    def test_lists_the_citys_files_with_where_they_are_used(self, proven, city, framework, viewer, lead, stored):
        later = make_round(city, framework, round="2027")
        reuse(lead, later, stored)
        row = next(row for row in opened(visitor(viewer), "evidence-list", proven.pk).rows if stored.sha256 in row)
        assert row[0].startswith("通知.pdf")
        assert row[3] == "2026 T1.1 2027 T1.2" or row[3] == "2026 T1.12027 T1.2"

    def test_does_not_tell_of_drafts(self, proven, city, framework, viewer, lead, stored):
        later = make_round(city, framework, round="2027")
        reuse(lead, later, stored)
        type(later).objects.filter(pk=later.pk).update(state="draft")
        assert "2027" not in opened(visitor(viewer), "evidence-list", proven.pk).text
        assert "2027" in opened(visitor(lead), "evidence-list", proven.pk).text

    def test_finds_what_is_claimed_without_evidence(self, proven, viewer):
        page = opened(visitor(viewer), "evidence-list", proven.pk, unproven=1)
        assert [row[0].split()[0] for row in page.rows[1:]] == ["P1.A1"]
        assert "缺佐证：1项" in opened(visitor(viewer), "evidence-list", proven.pk).text

    def test_says_how_to_begin(self, assessment, viewer):
        text = opened(visitor(viewer), "evidence-list", assessment.pk).text
        assert "还没有佐证材料" in text
        assert "还没有文件" in text

    def test_asks_the_database_no_more_for_many_pieces_than_for_one(self, assessment, lead, stored):
        client = visitor(lead)

        def queries():
            opened(client, "evidence-list", assessment.pk)
            with CaptureQueriesContext(connection) as found:
                opened(client, "evidence-list", assessment.pk)
            return len(found)

        few = queries()
        for number, code in enumerate(EXAMPLE_TWO):
            send(lead, assessment, "图.png", png(str(number).encode()), code=code)
        assert StoredFile.objects.count() == 8
        assert queries() == few
        assert few <= 20
