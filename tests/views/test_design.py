"""How reports look: the design of a round, a city's mark and a consultant's own, and logos that are none."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment.models import Assessment, Design, Event, Mark, Membership
from assessment.reports.charts.shapes import text_width
from assessment.reports.gathering import design_of
from assessment.reports.typeset import NEVER_FIRST, NEVER_LAST
from assessment.templatetags.mark import in_lines
from tests.exchange.test_picture import plain, saved
from tests.records import approved, make_member
from tests.views.pages import opened, read, sent, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def mark(consultant):
    return Mark.objects.create(user=consultant, organisation="某咨询", deep="#1f5f3f", accent="#1f5f3f")


@pytest.fixture
def change(assessment, consultant):
    def send(**changes):
        client = visitor(consultant)
        return sent(client, opened(client, "design-edit", assessment.pk), changes)

    return send


class TestTheDesign:
    def test_is_saved_and_the_report_bears_it(self, assessment, change, mark):
        page = change(
            consultant=str(mark.pk),
            colours="consultant",
            classification="内部资料",
            document_number="云数评〔2026〕8号",
        )
        assert "版式已保存" in page.text
        look = design_of(assessment)
        assert (look.consultant.organisation, look.deep) == ("某咨询", "#1f5f3f")
        assert (look.classification, look.document_number) == ("内部资料", "云数评〔2026〕8号")
        assert "内部资料" in page.html and "#1f5f3f" in page.html

    def test_is_sketched_as_the_pdf_prints_it(self, assessment, change, mark):
        name = "云" * 70
        Mark.objects.filter(pk=mark.pk).update(organisation=name, logo=saved(plain(size=(400, 160))))
        page = change(consultant=str(mark.pk), classification="内部资料", document_number="云数评〔2026〕8号")
        cover = page.html.split('<svg class="cover"')[1].split("</svg>")[0]
        assert str(assessment.framework.outline().name) in cover
        assert "文号：云数评〔2026〕8号" in cover and 'text-anchor="end"' not in cover
        assert re.search(r'<image x="20" y="258.90" width="40.50"', cover)
        lines = re.findall(r'font-size="([\d.]+)"[^>]*>([^<]*云云[^<]*)</text>', cover)
        assert "".join(line for _size, line in lines) == f"编制单位　{name}"
        assert len(lines) > 1
        assert all(64.7 + text_width(line, float(size)) <= 190 for size, line in lines)

    def test_is_sketched_in_lines_that_end_where_the_report_s_may(self, assessment, change, mark):
        shown, english = [], "Bureau of administration of public data and of the digital government of Yunchuan"
        for name in (english, "云" * 24 + "，（《试点》）。" * 6):
            Mark.objects.filter(pk=mark.pk).update(organisation=name, logo=saved(plain(size=(400, 160))))
            cover = change(consultant=str(mark.pk)).html.split('<svg class="cover"')[1].split("</svg>")[0]
            lines = re.findall(r'font-size="[\d.]+"[^>]*>([^<]*)</text>', cover.rpartition("<image")[2])
            assert len(lines) > 1
            assert "".join("".join(lines).split()) == "".join(f"编制单位　{name}".split())
            shown += lines
        assert set(english.split()) <= {word for line in shown for word in line.split()}
        assert not any(line[0] in NEVER_FIRST or line[-1] in NEVER_LAST for line in shown)

    def test_is_sketched_with_what_no_line_holds_cut(self):
        told = in_lines("云川市数据局" * 30, 4.23, 60, 16.2)
        assert [line.endswith("…") for line, _foot in told["lines"]] == [False, False, True]
        assert all(text_width(line, float(told["size"])) <= 60 for line, _foot in told["lines"])

    def test_names_each_field_of_the_approval_table_on_a_phone_too(self, assessment, consultant):
        page = opened(visitor(consultant), "design-edit", assessment.pk)
        assert {"第1行环节", "第6行日期"} <= {given.get("data-label") for tag, given in page.reader.tags if tag == "td"}

    def test_has_an_approval_table_whose_empty_rows_are_left_out(self, assessment, change):
        rows = {"role-1": "编制", "name-1": "甲", "on-1": "2026-11-20", "role-3": "批准"}
        assert change(**rows).status == 200
        assert Design.objects.get().approvals == [["编制", "甲", "2026-11-20"], ["批准", "", ""]]
        assert [row.role for row in design_of(assessment).approvals] == ["编制", "批准"]
        assert change(**{"role-1": "", "name-1": "", "on-1": ""}).status == 200
        assert [row.role for row in design_of(assessment).approvals] == ["批准"]

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"name-2": "乙"}, "请填写此人的环节"),
            ({"on-1": "2026-02-30", "role-1": "编制"}, "日期应写成"),
            ({"classification": "长" * 41}, "密级或性质标注：最多40字，现有41字"),
            ({"role-1": "长" * 21}, "20"),
            ({"consultant": "999999"}, "999999"),
            ({"consultant": SCRIPT}, "有效"),
            ({"colours": "consultant"}, "报告未使用的标识"),
            ({"colours": "gold"}, "gold"),
        ],
    )
    def test_that_is_wrong_is_told_and_nothing_is_saved(self, change, changes, words):
        page = change(**changes, document_number="不应保存")
        assert page.status == 422
        assert words in page.text
        assert SCRIPT not in page.html
        assert not Design.objects.exists()

    def test_shows_hostile_words_as_words(self, change, mark):
        Mark.objects.update(organisation=SCRIPT)
        page = change(classification=SCRIPT, document_number='"onload=x', **{"role-1": "=1+1", "name-1": "\u202e"})
        assert page.status == 200
        assert SCRIPT not in page.html
        assert not [name for _tag, given in page.reader.tags for name in given if name.startswith("on")]

    def test_changes_after_approval_too(self, assessment, change):
        approved(assessment)
        assert change(classification="公开").status == 200
        assert design_of(assessment).classification == "公开"

    def test_of_a_round_that_is_only_read_stays(self, assessment, lead):
        Assessment.objects.filter(pk=assessment.pk).update(state="moved")
        client = visitor(lead)
        page = opened(client, "design-edit", assessment.pk)
        assert "本轮次只读" in page.text
        client.post(page.address, {"classification": "公开", "colours": "own"})
        assert not Design.objects.exists()

    def test_that_two_people_change_keeps_both_and_asks_about_the_same_line(self, assessment, lead, consultant):
        pages = [opened(visitor(user), "design-edit", assessment.pk) for user in (lead, consultant)]
        assert sent(visitor(lead), pages[0], {"classification": "公开"}).status == 200
        page = sent(visitor(consultant), pages[1], {"classification": "内部资料", "document_number": "1号"})
        assert page.status == 422
        assert "牵头人已将此项改为“公开”" in page.text
        look = design_of(assessment)
        assert (look.classification, look.document_number) == ("公开", "1号")
        assert page.form["classification"] == "内部资料"
        assert sent(visitor(consultant), page).status == 200
        assert design_of(assessment).classification == "内部资料"

    def test_offers_the_marks_of_this_citys_consultants_alone(self, assessment, lead, mark, stranger):
        Mark.objects.create(user=stranger, organisation="别处咨询")
        page = opened(visitor(lead), "design-edit", assessment.pk)
        assert "某咨询" in page.text
        assert "别处咨询" not in page.html

    def test_asks_the_database_no_more_for_many_consultants(self, assessment, lead, city):
        def queries():
            with CaptureQueriesContext(connection) as counted:
                opened(visitor(lead), "design-edit", assessment.pk)
            return len(counted)

        def consult(names):
            for name in names:
                user = make_member(name, name, city, Membership.Role.CONSULTANT)
                Mark.objects.create(user=user, organisation=name)

        consult(["a"])
        few = queries()
        consult("bcdefgh")
        assert queries() == few


def upload(client, view, *args, data=None, name="logo.png", **changes):
    page = opened(client, view, *args)
    files = {"logo": SimpleUploadedFile(name, data)} if data is not None else {}
    return read(client.post(page.address, page.form | changes | files, follow=True), page.address)


class TestMarks:
    def test_of_a_consultant_are_their_own(self, consultant):
        page = upload(visitor(consultant), "mark-edit", data=saved(plain()), organisation="某咨询", accent="#1F5F3F")
        assert "标识已保存" in page.text
        mark = Mark.objects.get()
        assert (mark.user, mark.organisation, mark.accent) == (consultant, "某咨询", "#1f5f3f")
        assert bytes(mark.logo).startswith(b"\x89PNG")
        assert "data:image/png;base64," in page.html

    def test_of_a_city_are_its_leads(self, city, lead, assessment):
        page = upload(visitor(lead), "city-mark-edit", city.code, data=saved(plain(), "JPEG"), name="标志.jpg")
        assert page.status == 200
        assert design_of(assessment).city.logo.startswith(b"\x89PNG")
        event = Event.objects.get(verb="mark_changed")
        assert (event.city, event.by) == (city, lead)

    def test_keep_their_logo_until_it_is_taken_away(self, consultant):
        client = visitor(consultant)
        upload(client, "mark-edit", data=saved(plain()))
        upload(client, "mark-edit", organisation="某咨询")
        assert Mark.objects.get().logo
        upload(client, "mark-edit", is_without_logo="on")
        assert not Mark.objects.get().logo

    @pytest.mark.parametrize(
        ("name", "data", "words"),
        [
            ("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG"),
            ("logo.png", b"<html><script>alert(1)</script>", "网页"),
            ("logo.jpg", saved(plain(size=(300, 300)), "JPEG")[:700], "损坏"),
            ("logo.png", b"", "空"),
            ("logo.png", b"\x89PNG" + b"\0" * (2 * 2**20), "2 MB"),
            ("logo.gif", saved(plain(), "GIF"), "PNG或JPEG"),
        ],
    )
    def test_take_no_logo_that_is_none(self, consultant, name, data, words):
        page = upload(visitor(consultant), "mark-edit", data=data, name=name, organisation="不应保存")
        assert page.status == 422
        assert words in page.text
        assert page.form["organisation"] == "不应保存"
        assert not Mark.objects.exists()

    def test_take_a_good_logo_whatever_it_is_called(self, consultant):
        assert upload(visitor(consultant), "mark-edit", data=saved(plain()), name="../../<b>.svg").status == 200
        assert Mark.objects.get().logo

    @pytest.mark.parametrize(
        ("colour", "words"),
        [("#ffcc00", "对比度为1.5，至少需要4.5"), ("red", "六位"), ("#12345g", "六位"), ("", "必填")],
    )
    def test_take_no_colour_that_cannot_be_read(self, consultant, colour, words):
        page = upload(visitor(consultant), "mark-edit", deep=colour)
        assert page.status == 422
        assert words in page.text
        assert not Mark.objects.exists()

    def test_that_two_leads_change_are_asked_about(self, city, lead):
        other = make_member("other", "另一位牵头人", city, Membership.Role.LEAD)
        Mark.objects.create(city=city, organisation="甲")
        pages = [opened(visitor(user), "city-mark-edit", city.code) for user in (lead, other)]
        sent(visitor(other), pages[1], {"organisation": "乙"})
        page = sent(visitor(lead), pages[0], {"organisation": "丙"})
        assert (page.status, "“乙”" in page.text) == (422, True)
        assert Mark.objects.get().organisation == "乙"

    @pytest.mark.parametrize("who", ["lead", "contributor", "reviewer", "viewer", "admin", "auditor", "stranger"])
    def test_of_their_own_have_consultants_alone(self, request, city, who):
        client = visitor(request.getfixturevalue(who))
        assert client.get(reverse("mark-edit")).status_code == 404
        assert client.post(reverse("mark-edit"), {"organisation": "甲"}).status_code == 404
        assert reverse("mark-edit") not in opened(client, "assessment-list").links

    def test_are_in_the_consultants_menu(self, consultant):
        assert reverse("mark-edit") in opened(visitor(consultant), "assessment-list").links

    def test_nobody_at_all_is_sent_to_sign_in(self, db):
        assert visitor().get(reverse("mark-edit")).status_code == 302
