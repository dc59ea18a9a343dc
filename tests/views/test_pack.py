"""The offline workbook as a person uses it: take away, fill in, look, apply; and the questionnaire on paper."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from assessment import actions
from assessment.models import Assessment, Event
from assessment.outline import Evidence, Response
from tests.exchange.test_workbook import changed, place
from tests.records import approved, assign
from tests.views.pages import opened, read, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def department(assessment):
    return assessment.city.departments.create(name="市数据局")


@pytest.fixture
def colleague(assessment, contributor, department):
    """A contributor whose department answers T1."""
    contributor.memberships.update(department=department)
    t1 = assessment.framework.dimensions.get(code="T1")
    assessment.assignments.create(dimension=t1, department=department)
    return contributor


def taken(user, assessment, holder=""):
    address = reverse("pack-download", args=[assessment.pk])
    return visitor(user).get(address, {"holder": holder} if holder else {})


def filled(user, assessment, code="T1.1", holder="", **values):
    """The workbook that the person takes away, with these cells of a row filled in."""

    def fill(book):
        for key, value in values.items():
            place(book, code, key.replace("__", "-")).value = value

    return changed(taken(user, assessment, holder).content, fill)


def upload(user, assessment, data, name="pack.xlsx"):
    address = reverse("pack-upload", args=[assessment.pk])
    client = visitor(user)
    return read(client.post(address, {"workbook": SimpleUploadedFile(name, data)}), address)


def apply(user, assessment, page, **more):
    address = reverse("pack-apply", args=[assessment.pk])
    return read(visitor(user).post(address, page.form | more, follow=True), address)


def save(assessment, code, by, **fields):
    seen = assessment.responses.filter(criterion__code=code).values_list("version", flat=True).first() or 0
    actions.answer(assessment, Response(code, **fields), by=by, seen=seen)


def stored(assessment, code):
    return assessment.responses.get(criterion__code=code).outline()


class TestTakeAway:
    def test_a_contributor_gets_their_departments_part_alone(self, assessment, colleague, department):
        response = taken(colleague, assessment)
        assert response.status_code == 200
        assert "filename*=UTF-8''" in response["Content-Disposition"]
        book = load_workbook(BytesIO(response.content))
        assert [sheet.title for sheet in book.worksheets[1:-1]] == ["T1 维度T1"]
        assert not place(book, "T1.1", "level").protection.locked
        assert Event.objects.get(verb=Event.Verb.EXPORTED).target == "市数据局"

    @pytest.mark.parametrize("holder", ["all", "user-1", "department-99", "nonsense", "'"])
    def test_and_nobody_elses(self, assessment, colleague, lead, holder):
        assign(assessment, lead, "P1")
        assert taken(colleague, assessment, holder).status_code == 404

    def test_a_lead_gets_any_departments_or_all(self, assessment, colleague, lead, department):
        for holder, sheets in (("", 4), ("all", 4), (f"department-{department.pk}", 3)):
            book = load_workbook(BytesIO(taken(lead, assessment, holder).content))
            assert len(book.worksheets) == sheets

    @pytest.mark.parametrize("who", ["viewer", "reviewer", "consultant", "stranger", "criteria_admin", "admin"])
    @pytest.mark.parametrize("view", ["pack-upload", "pack-download", "questionnaire-print"])
    def test_others_find_no_such_page(self, request, assessment, who, view):
        assert opened(visitor(request.getfixturevalue(who)), view, assessment.pk).status == 404

    @pytest.mark.parametrize("who", ["viewer", "reviewer", "consultant", "stranger", "criteria_admin", "admin"])
    def test_others_apply_nothing(self, request, assessment, lead, who):
        page = upload(lead, assessment, filled(lead, assessment, level=3))
        assert apply(request.getfixturevalue(who), assessment, page).status == 404
        assert not assessment.responses.exists()

    def test_last_rounds_level_stands_beside(self, assessment, lead):
        save(assessment, "T1.1", lead, level=2)
        following = Assessment(
            city=assessment.city, framework=assessment.framework, round="2027", previous=approved(assessment)
        )
        actions.create_round(following, by=lead)
        book = load_workbook(BytesIO(taken(lead, following).content))
        assert place(book, "T1.1", "last").value == "2 等级2"

    def test_without_an_assignment_the_page_says_who_gives_one(self, assessment, contributor):
        page = opened(visitor(contributor), "pack-upload", assessment.pk)
        assert "由牵头人分配" in page.text
        assert taken(contributor, assessment).url == page.address

    def test_the_room_is_offered_to_those_who_may_use_it(self, assessment, colleague, viewer):
        address = reverse("pack-upload", args=[assessment.pk])
        assert address in opened(visitor(colleague), "assessment-detail", assessment.pk).links
        assert address not in opened(visitor(viewer), "assessment-detail", assessment.pk).links


class TestBringBack:
    def test_the_preview_writes_nothing_and_applying_writes_all(self, assessment, colleague, lead):
        save(assessment, "T1.2", lead, level=1, rationale="旧")
        data = filled(colleague, assessment, level="3 等级3", rationale="=1+1", evidence__1__title="+文件")
        data = changed(data, lambda book: setattr(place(book, "T1.1", "rationale"), "data_type", "s"))
        data = changed(data, lambda book: setattr(place(book, "T1.2", "rationale"), "value", "新"))
        page = upload(colleague, assessment, data)
        assert page.status == 200
        assert "新增 1 修改 1 冲突 0 未改动 1 错误 0" in page.text
        assert not assessment.responses.filter(criterion__code="T1.1").exists()
        done = apply(colleague, assessment, page)
        assert "已从工作簿写入2项应答。" in done.text
        assert stored(assessment, "T1.1") == Response("T1.1", level=3, rationale="=1+1", evidence=(Evidence("+文件"),))
        assert stored(assessment, "T1.2").rationale == "新"

    def test_the_same_file_again_has_nothing_to_do(self, assessment, colleague):
        data = filled(colleague, assessment, level=3)
        page = upload(colleague, assessment, data)
        apply(colleague, assessment, page)
        assert "无需写入" in apply(colleague, assessment, page).text or assessment.versions.count() == 1
        assert "无需写入" in upload(colleague, assessment, data).text
        assert assessment.versions.count() == 1

    def test_both_sides_of_a_conflict_are_seen_and_one_must_be_picked(self, assessment, colleague, lead):
        save(assessment, "T1.1", lead, rationale="起初")
        data = filled(colleague, assessment, rationale="工作簿所写", level=2)
        save(assessment, "T1.1", lead, rationale="系统所存")
        page = upload(colleague, assessment, data)
        assert "系统所存" in page.text and "工作簿所写" in page.text and "牵头人" in page.text
        assert "pick-T1.1-rationale" not in page.form
        again = apply(colleague, assessment, page)
        assert again.status == 422 and "请选择以哪一份为准" in again.text
        assert stored(assessment, "T1.1").rationale == "系统所存"
        apply(colleague, assessment, again, **{"pick-T1.1-rationale": "mine"})
        assert stored(assessment, "T1.1") == Response("T1.1", level=2, rationale="工作簿所写")

    def test_what_is_saved_after_the_preview_is_shown_before_anything_is_written(self, assessment, colleague, lead):
        page = upload(colleague, assessment, filled(colleague, assessment, level=2))
        save(assessment, "T1.1", lead, level=5)
        again = apply(colleague, assessment, page)
        assert again.status == 422 and "请重新核对" in again.text
        assert stored(assessment, "T1.1").level == 5
        assert "pick-T1.1-choice" in again.html
        apply(colleague, assessment, again, **{"pick-T1.1-choice": "theirs"})
        assert stored(assessment, "T1.1").level == 5

    def test_rows_with_errors_are_listed_and_left_out_only_when_asked(self, assessment, colleague):
        data = filled(colleague, assessment, level="9")
        data = changed(data, lambda book: setattr(place(book, "T1.2", "level"), "value", 2))
        page = upload(colleague, assessment, data)
        assert ["T1 维度T1", "K3", "“9”不在等级范围内：0至5"] in page.rows
        again = apply(colleague, assessment, page)
        assert again.status == 422 and not assessment.responses.exists()
        apply(colleague, assessment, again, leave_out="on")
        assert [row.criterion.code for row in assessment.responses.all()] == ["T1.2"]

    def test_a_criterion_that_is_no_longer_theirs_is_an_error_with_its_place(self, assessment, colleague, lead):
        data = filled(colleague, assessment, level=2)
        own = assessment.framework.criteria.get(code="T1.1")
        assessment.assignments.create(criterion=own, user=lead)
        page = upload(colleague, assessment, data)
        assert ["T1 维度T1", "A3", "T1.1 目前不由您填写：已分配给他人、已报送，或不在退回修改之列"] in page.rows
        assert "content" not in page.form

    def test_a_lead_brings_back_what_a_department_filled_in(self, assessment, colleague, lead):
        data = filled(colleague, assessment, level=2)
        apply(lead, assessment, upload(lead, assessment, data))
        assert stored(assessment, "T1.1").level == 2

    def test_a_round_that_is_not_open_says_so(self, assessment, colleague, lead):
        data = filled(colleague, assessment, level=3)
        approved(assessment)
        page = upload(colleague, assessment, data)
        assert "T1.1 本轮评估处于“定稿”状态，不能修改" in page.text
        assert "content" not in page.form

    @pytest.mark.parametrize(
        ("data", "message"),
        [("不是工作簿".encode(), "该文件不是.xlsx工作簿"), (b"", "空"), (bytes(6 * 1024 * 1024), "超过5 MB")],
        ids=["text", "empty", "large"],
    )
    def test_what_is_no_workbook_is_refused_at_its_field(self, assessment, lead, data, message):
        page = upload(lead, assessment, data)
        assert page.status == 422 and message in page.text

    def test_nothing_uploaded(self, assessment, lead):
        assert visitor(lead).post(reverse("pack-upload", args=[assessment.pk])).status_code == 422

    def test_a_preview_is_its_readers_alone_and_this_rounds(self, assessment, colleague, lead):
        page = upload(lead, assessment, filled(lead, assessment, level=3))
        assert "预览已过期" in apply(colleague, assessment, page).text
        page.form["content"] = page.form["content"][:-2] + "xx"
        assert "预览已过期" in apply(lead, assessment, page).text
        page.form.pop("content")
        assert "预览已过期" in apply(lead, assessment, page).text
        assert not assessment.responses.exists()

    def test_what_a_person_wrote_is_never_markup(self, assessment, lead):
        page = upload(lead, assessment, filled(lead, assessment, rationale="<script>alert(1)</script>", level=1))
        assert "<script>alert" not in page.html and "<script>alert(1)</script>" in page.text


class TestPaper:
    def test_a_blank_questionnaire_asks_and_tells_nothing(self, assessment, lead):
        save(assessment, "T1.1", lead, level=2, rationale="已写说明")
        page = read(visitor(lead).get(reverse("questionnaire-print", args=[assessment.pk]), {"blank": 1}), "")
        assert "等级5的表现" in page.text and "T1.1" in page.text
        assert "已写说明" not in page.text and "已选" not in page.spoken

    def test_with_the_answers_it_ticks_and_quotes_them(self, assessment, lead):
        piece = Evidence("办法", reference="云数发〔2026〕1号")
        save(assessment, "T1.1", lead, level=2, rationale="第一行\n第二行", evidence=(piece,))
        save(assessment, "T1.2", lead, not_applicable="本市无此事项")
        page = opened(visitor(lead), "questionnaire-print", assessment.pk)
        assert page.spoken.count("已选") == 2
        assert "云数发〔2026〕1号" in page.text and "本市无此事项" in page.text

    def test_the_whole_round_ends_with_signatures_a_department_does_not(self, assessment, colleague, lead, department):
        whole = opened(visitor(lead), "questionnaire-print", assessment.pk)
        assert whole.row("市数据局") == ["市数据局", "3", "", "", ""]
        assert "签字盖章页" in whole.text and "本工具为自评参考" in whole.text
        own = opened(visitor(colleague), "questionnaire-print", assessment.pk)
        assert "签字盖章页" not in own.text and "P1.A1" not in own.text

    def test_queries_do_not_grow_with_the_answers(self, assessment, lead, django_assert_max_num_queries):
        for code in ("T1.1", "T1.2", "T1.3", "P1.A1"):
            save(assessment, code, lead, level=2, evidence=(Evidence("甲"),))
        client = visitor(lead)
        for view in ("questionnaire-print", "pack-upload", "pack-download"):
            address = reverse(view, args=[assessment.pk])
            client.get(address)
            with django_assert_max_num_queries(16):
                client.get(address)
