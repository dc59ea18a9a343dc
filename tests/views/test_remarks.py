"""Writing for a report: every place is found, nobody's words are lost, and nothing typed becomes markup."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment import actions
from assessment.models import Assessment, Phrase
from assessment.models.report import LONGEST_REMARK
from tests.factories import EXAMPLE_TWO
from tests.records import approved, framework_of, make_round, store
from tests.views.pages import opened, read, sent, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def record(city, framework):
    return make_round(city, framework, EXAMPLE_TWO)


@pytest.fixture
def desk(record, consultant):
    return Desk(visitor(consultant), record)


class Desk:
    """A person who writes."""

    def __init__(self, client, record):
        self.client, self.record = client, record

    def open(self, view="summary-write", *code, **query):
        return opened(self.client, view, self.record.pk, *code, **query)

    def save(self, text, view="summary-write", *code, **more):
        shown = {name: more[name] for name in ("language",) if name in more}
        return sent(self.client, self.open(view, *code, **shown), {"text": text} | more)


def texts(record):
    return {(row.place, row.code, row.language): row.text for row in record.remarks.newest().exclude(text="")}


def write(record, by, text, place="summary", code="", seen=0):
    actions.write_remark(record, code, {place: text}, seen={place: seen}, language="zh-hans", by=by)


class TestTheList:
    def test_names_every_place_and_leads_to_it(self, desk):
        page = desk.open("remark-list")
        pk = desk.record.pk
        wanted = [("summary-write", []), ("commentary-write", ["T1"]), ("commentary-write", ["P1"])]
        wanted += [("recommendation-write", [code]) for code in ("T1.1", "P1.B1", "P1.B2")]
        for view, code in wanted:
            assert reverse(view, args=[pk, *code]) in page.links
        for view in ("improvement-list", "design-edit"):
            assert reverse(view, args=[pk]) in page.links

    def test_ranks_gaps_as_the_results_do_and_sifts_them_by_dimension(self, desk):
        def shown(page):
            return [row[1].split()[0] for row in page.rows if row and row[0].isdigit()]

        results = opened(desk.client, "assessment-results", desk.record.pk)
        assert shown(desk.open("remark-list")) == shown(results)
        assert set(shown(desk.open("remark-list", dimension="T1"))) == {"T1.1"}
        assert shown(desk.open("remark-list", dimension=SCRIPT)) == shown(results)

    def test_says_what_became_of_each_recommendation(self, desk, consultant):
        write(desk.record, consultant, "再加一步", "added", "P1.B1")
        write(desk.record, consultant, "换个说法", "reworded", "P1.B2")
        actions.set_improvements(desk.record, {"P1.B2": ("市数据局", None)}, by=consultant)
        page = desk.open("remark-list")
        assert "补充 再加一步" in page.row("P1.B1 ")[3]
        assert "改写 换个说法" in page.row("P1.B2 ")[3]
        assert "市数据局" in page.row("P1.B2 ")[4]
        assert "保留评估框架的步骤" in page.row("T1.1 ")[3]

    def test_shows_how_a_text_begins_in_one_line_without_spaces_after_full_width_marks(self, desk, consultant):
        write(desk.record, consultant, "建议：\n\n1. 先登记；\n2. 再开放 AI 场景。\n\nThen go on.", "dimension", "T1")
        assert "建议：先登记；再开放 AI 场景。Then go on." in desk.open("remark-list").text

    def test_names_what_is_written_and_not_printed(self, desk, consultant):
        write(desk.record, consultant, "已无差距", "added", "T1.2")
        assert "目前不印出" in desk.open("remark-list").text

    @pytest.mark.parametrize("state", ["moved", "undone"])
    def test_says_where_nothing_can_be_written(self, desk, lead, state):
        Assessment.objects.filter(pk=desk.record.pk).update(state=state)
        assert "本轮次只读" in opened(visitor(lead), "remark-list", desk.record.pk).text
        page = opened(visitor(lead), "summary-write", desk.record.pk)
        answer = read(visitor(lead).post(page.address, {"text": "甲", "seen-summary": "0"}), page.address)
        assert (answer.status, "本轮次只读" in answer.text) == (422, True)
        assert texts(desk.record) == {}

    def test_asks_the_database_no_more_for_thirty_gaps_than_for_three(self, city, consultant):
        def queries(count, view, *code):
            name = f"of-{count}-{view}"
            framework = store(framework_of(count, version=name))
            record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 1), round=name)
            for criterion in framework.outline().criteria:
                write(record, consultant, "建议", "added", criterion)
            client = visitor(consultant)
            with CaptureQueriesContext(connection) as counted:
                assert opened(client, view, record.pk, *code).status == 200
            return len(counted)

        for view, code in (
            ("remark-list", ()),
            ("assessment-results", ()),
            ("improvement-list", ()),
            ("recommendation-write", ("X1.1",)),
        ):
            assert queries(30, view, *code) == queries(3, view, *code)


class TestWriting:
    def test_is_saved_as_a_version_and_stands_there(self, desk):
        page = desk.save("总体**向好**。\n\n- 一\n- 二")
        assert page.status == 200
        assert "已保存为第1版" in page.text
        assert page.form["text"] == "总体**向好**。\r\n\r\n- 一\r\n- 二"
        assert "<strong>向好</strong>" in page.html
        assert desk.save(page.form["text"]).text.count("没有") >= 1
        assert desk.record.remarks.count() == 1

    def test_goes_back_to_the_place_in_the_list(self, desk):
        response = desk.client.post(
            reverse("commentary-write", args=[desk.record.pk, "T1"]),
            {"text": "甲", "seen-dimension": "0", "back": "1", "language": "en"},
        )
        assert response.url == f"{reverse('remark-list', args=[desk.record.pk])}?language=en#commentary-T1"

    def test_in_another_language_is_another_text(self, desk):
        desk.save("甲")
        desk.save("One", language="en")
        assert texts(desk.record) == {("summary", "", "zh-hans"): "甲", ("summary", "", "en"): "One"}
        assert desk.open("summary-write", language="en").form["text"] == "One"

    def test_nothing_takes_the_words_back(self, desk):
        desk.save("甲")
        page = desk.save("   \r\n ")
        assert texts(desk.record) == {}
        assert "已清空" in page.text

    def test_too_much_is_told_with_its_length_and_nothing_is_cut_off(self, desk):
        long = "长" * (LONGEST_REMARK + 1)
        page = desk.save(long)
        assert page.status == 422
        assert "最多20000字，现有20001字" in page.text
        assert page.form["text"] == long
        assert desk.save("长" * LONGEST_REMARK).status == 200

    def test_leaves_out_what_no_database_keeps(self, desk):
        desk.save("第一行\x0b\x00\r\n第二行\x1b[31m")
        assert texts(desk.record)[("summary", "", "zh-hans")] == "第一行\n第二行[31m"

    def test_is_shown_with_its_lines_before_it_is_saved(self, desk, consultant):
        shown = visitor(consultant).post(reverse("remark-preview"), {"text": "- 一\r- 二\u2029- 三\x85- 四"})
        assert shown.content.decode().count("<li>") == 4

    def test_is_never_markup_on_any_page(self, desk, consultant):
        hostile = (
            f'{SCRIPT} ** [点我](javascript:alert(1)) [网](https://example.gov.cn/"onx=1) <img src=x onerror=y> &\u202e'
        )
        desk.save(hostile)
        desk.save(hostile, "commentary-write", "T1")
        desk.save(hostile, "recommendation-write", "T1.1", choice="added")
        actions.set_improvements(desk.record, {"T1.1": (SCRIPT, None)}, by=consultant)
        pages = [desk.open("remark-list"), desk.open(), desk.open("recommendation-write", "T1.1")]
        pages += [opened(desk.client, "assessment-results", desk.record.pk), desk.open("improvement-list")]
        for page in pages:
            assert SCRIPT not in page.html
            assert "<img src=x" not in page.html
            assert not [link for link in page.links if link.lower().startswith("javascript")]
            assert not [name for _tag, given in page.reader.tags for name in given if name.startswith("on")]

    def test_links_lead_away_without_saying_from_where(self, desk):
        page = desk.save("[网址](https://www.gov.cn/x)")
        assert ("a", {"href": "https://www.gov.cn/x", "rel": "noopener noreferrer nofollow"}) in page.reader.tags

    def test_goes_on_after_approval(self, desk):
        approved(desk.record)
        assert desk.save("定稿后的评述").status == 200
        assert "定稿后的评述" in opened(desk.client, "assessment-results", desk.record.pk).text

    def test_of_a_dimension_shows_its_score_and_gaps(self, desk):
        page = desk.open("commentary-write", "T1")
        assert "T1.1" in page.text

    @pytest.mark.parametrize(
        ("view", "code"), [("commentary-write", "X9"), ("recommendation-write", "T1"), ("recommendation-write", "X9.9")]
    )
    def test_there_is_no_other_place(self, desk, view, code):
        assert desk.client.get(reverse(view, args=[desk.record.pk, code])).status_code == 404


class TestTheOtherLanguage:
    def test_is_counted_and_what_lacks_leads_to_where_it_is_written(self, desk):
        assert "各语言编写情况" not in desk.open("remark-list").text
        desk.save("甲")
        desk.save("乙", "commentary-write", "T1")
        desk.save("丙", "recommendation-write", "T1.1", choice="added")
        desk.save("One", language="en")
        for page in (desk.open("remark-list"), desk.open("summary-write")):
            assert "中文 ：已编写3处" in page.text
            assert "英文 ：已编写1处" in page.text
            assert "2处只有中文，英文报告不印出" in page.text
            for view, code in (("commentary-write", "T1"), ("recommendation-write", "T1.1")):
                assert f"{reverse(view, args=[desk.record.pk, code])}?language=en" in page.links
        page = desk.open("remark-list", language="en")
        assert "只有中文，本报告不印出" in page.row("T1 ")[3]
        assert "只有中文，本报告不印出" in page.row("T1.1 ")[3]
        assert "只有中文，本报告不印出" not in desk.open("remark-list").text

    def test_what_was_taken_back_is_not_written(self, desk):
        desk.save("甲")
        desk.save("")
        assert "各语言编写情况" not in desk.open("remark-list").text

    def test_shows_its_text_beside_the_box_to_translate_it(self, desk):
        assert "中文的文字" not in desk.open("summary-write", language="en").text
        desk.save(f"先做**两件**。{SCRIPT}")
        page = desk.open("summary-write", language="en")
        assert "先做**两件**。" in page.text and SCRIPT not in page.html
        assert "这里只有中文的文字，本语言的报告不印出" in page.text
        assert page.form["text"] == ""
        desk.save("One", language="en")
        assert "这里只有中文" not in desk.open("summary-write", language="en").text
        assert "英文的文字" in desk.open("summary-write").text


class TestARecommendation:
    def open(self, desk):
        return desk.open("recommendation-write", "T1.1")

    def save(self, desk, **typed):
        return sent(desk.client, self.open(desk), typed)

    def test_stands_beside_the_frameworks_own_steps(self, desk):
        page = self.open(desk)
        assert "评估框架的改进步骤" in page.text
        assert page.form["choice"] == "keep"

    @pytest.mark.parametrize("choice", ["added", "reworded"])
    def test_is_added_or_reworded(self, desk, choice):
        page = self.save(desk, choice=choice, text="先做一件")
        assert texts(desk.record) == {(choice, "T1.1", "zh-hans"): "先做一件"}
        assert page.form["choice"] == choice

    def test_that_changes_its_kind_leaves_nothing_at_the_other_place(self, desk):
        self.save(desk, choice="added", text="甲")
        self.save(desk, choice="reworded", text="乙")
        assert texts(desk.record) == {("reworded", "T1.1", "zh-hans"): "乙"}

    def test_is_taken_back_by_keeping_the_frameworks_steps(self, desk):
        self.save(desk, choice="added", text="甲")
        self.save(desk, choice="keep")
        assert texts(desk.record) == {}

    def test_typed_without_choosing_is_asked_about_and_not_lost(self, desk):
        page = self.save(desk, text="写了却没选")
        assert (page.status, "请选“补充”或“改写”" in page.text) == (422, True)
        assert page.form["text"] == "写了却没选"

    def test_to_what_is_no_gap_is_kept_and_said_not_to_be_printed(self, desk):
        page = sent(desk.client, desk.open("recommendation-write", "T1.2"), {"choice": "added", "text": "甲"})
        assert page.status == 200
        assert "目前没有差距" in page.text

    @pytest.mark.parametrize("choice", ["added", "reworded"])
    def test_without_a_text_says_what_is_lacking(self, desk, choice):
        page = self.save(desk, choice=choice, text=" ")
        assert (page.status, "报告仍印出评估框架的步骤" in page.text) == (422, True)
        assert texts(desk.record) == {}

    def test_without_a_text_tells_what_the_report_prints(self, desk):
        told = "没有文字，报告此处印出评估框架的步骤。"
        assert told in self.open(desk).text
        answer = desk.client.post(f"{reverse('remark-preview')}?spot=recommendation", {"text": ""})
        assert told in answer.content.decode()
        assert "报告此处不印评述" in desk.open("commentary-write", "T1").text

    @pytest.mark.parametrize("choice", ["", "both", SCRIPT])
    def test_has_no_other_kind(self, desk, choice):
        assert self.save(desk, choice=choice, text="甲").status == 422
        assert texts(desk.record) == {}


class TestTwoPeople:
    @pytest.fixture
    def both(self, desk, lead):
        """The lead saves after the consultant opened the page; then the consultant does."""
        page = desk.open()
        Desk(visitor(lead), desk.record).save("牵头人写的")
        return sent(desk.client, page, {"text": "顾问写的"})

    def test_see_both_texts_and_lose_none(self, both, desk):
        assert both.status == 409
        assert both.form["text"] == "顾问写的"
        assert "牵头人写的" in both.text and "牵头人" in both.text
        assert texts(desk.record) == {("summary", "", "zh-hans"): "牵头人写的"}

    def test_save_again_and_theirs_stays_among_the_versions(self, both, desk):
        page = sent(desk.client, both)
        assert page.status == 200
        assert texts(desk.record) == {("summary", "", "zh-hans"): "顾问写的"}
        assert [row.text for row in desk.record.remarks.order_by("number")] == ["牵头人写的", "顾问写的"]

    def test_are_told_when_the_words_were_taken_back(self, desk, lead):
        desk.save("甲")
        page = desk.open()
        Desk(visitor(lead), desk.record).save("")
        answer = sent(desk.client, page, {"text": "乙"})
        assert (answer.status, "已清空" in answer.text, answer.form["text"]) == (409, True, "乙")

    @pytest.mark.parametrize("seen", ["", "-1", "x", "9" * 30, "²"])
    def test_a_number_that_is_none_overwrites_nothing(self, desk, seen):
        desk.save("甲")
        answer = sent(desk.client, desk.open(), {"text": "乙", "seen-summary": seen})
        assert answer.status == 409
        assert texts(desk.record) == {("summary", "", "zh-hans"): "甲"}


class TestHistory:
    def restore(self, desk, which, view="summary-write", *code):
        page = desk.open(view, *code)
        return read(desk.client.post(page.address, {"restore": which}, follow=True), page.address)

    def test_shows_who_changed_what_and_brings_any_version_back(self, desk, lead):
        desk.save("按季度通报一次")
        Desk(visitor(lead), desk.record).save("按月通报一次")
        page = desk.open()
        assert "<del>季度</del><ins>月</ins>" in page.html
        assert "恢复第1版" in page.text and "恢复第2版" not in page.text
        assert "记为第3版" in self.restore(desk, "summary:1").text
        assert texts(desk.record) == {("summary", "", "zh-hans"): "按季度通报一次"}

    @pytest.mark.parametrize("which", ["summary:9", "added:1", "nothing:1"])
    def test_says_that_there_is_no_other_version(self, desk, which):
        desk.save("甲")
        page = self.restore(desk, which)
        assert (page.status, "没有这个版本" in page.text) == (422, True)

    @pytest.mark.parametrize("which", ["", "summary", "summary:x", "summary:²", "summary:" + "9" * 30])
    def test_of_no_number_is_not_found(self, desk, which):
        assert self.restore(desk, which).status == 404

    def test_is_leafed_through(self, desk, consultant):
        for number in range(22):
            write(desk.record, consultant, f"第{number}稿", seen=number)
        assert "第0稿" not in desk.open().text
        assert "第0稿" in desk.open("summary-write", page=2).text


class TestThePreview:
    def test_shows_what_the_report_prints(self, desk):
        answer = desk.client.post(reverse("remark-preview"), {"text": f"**粗** {SCRIPT}\n\n3. 三\n4. 四"})
        html = answer.content.decode()
        assert "<strong>粗</strong>" in html and '<li value="3">三' in html
        assert SCRIPT not in html

    def test_says_how_long_the_text_is(self, desk):
        answer = desk.client.post(reverse("remark-preview"), {"text": "长" * 20_001})
        assert "20001" in answer.content.decode()

    def test_shows_a_list_within_another(self, desk):
        answer = desk.client.post(reverse("remark-preview"), {"text": "1. 甲\n   - 乙\n2. 丙"})
        html = "".join(answer.content.decode().split())
        assert '<ol><livalue="1">甲<ul><li>乙</li></ul></li><livalue="2">丙</li></ol>' in html

    def test_by_its_button_saves_nothing(self, desk):
        page = desk.save("**粗**", preview="1")
        assert "<strong>粗</strong>" in page.html
        assert (page.form["text"], texts(desk.record)) == ("**粗**", {})

    @pytest.mark.parametrize("who", ["contributor", "reviewer", "viewer", "admin", "criteria_admin"])
    def test_is_for_those_who_write_alone(self, request, city, who):
        client = visitor(request.getfixturevalue(who))
        assert client.post(reverse("remark-preview"), {"text": "甲"}).status_code == 404

    def test_is_asked_for_by_post_and_after_signing_in(self, desk):
        assert desk.client.get(reverse("remark-preview")).status_code == 405
        assert visitor().post(reverse("remark-preview")).status_code == 302


class TestPhrasesInTheEditor:
    @pytest.fixture
    def phrase(self, consultant):
        return Phrase.objects.create(user=consultant, title="先建台账", text="先建**台账**。", code="T1.1")

    def test_go_in_at_the_end_without_a_script_and_are_counted(self, desk, phrase):
        page = desk.save("已写的", insert=str(phrase.pk))
        assert page.form["text"] == "已写的\r\n\r\n先建**台账**。"
        assert texts(desk.record) == {}
        phrase.refresh_from_db()
        assert phrase.used == 1

    def test_of_others_are_not_there(self, desk, lead):
        theirs = Phrase.objects.create(user=lead, title="别人的", text="别人的话")
        assert "别人的" not in desk.open().text
        answer = desk.client.post(desk.open().address, {"text": "", "insert": str(theirs.pk)})
        assert answer.status_code == 404

    def test_are_kept_from_what_is_typed_and_the_text_stays_unsaved(self, desk, consultant):
        page = desk.save("以后还用", "recommendation-write", "T1.1", choice="added", phrase="1", phrase_title="常说的")
        kept = consultant.phrases.get()
        assert (kept.title, kept.text, kept.code) == ("常说的", "以后还用", "T1.1")
        assert (page.form["text"], texts(desk.record)) == ("以后还用", {})

    @pytest.mark.parametrize("title", ["", "先建台账", "长" * 101])
    def test_need_a_title_of_their_own(self, desk, phrase, title):
        page = desk.save("以后还用", phrase="1", phrase_title=title)
        assert page.status == 422
        assert "常用语：" in page.text
        assert page.form["text"] == "以后还用"

    def test_for_this_place_are_offered_first(self, desk, phrase, consultant):
        Phrase.objects.create(user=consultant, title="用得多的", text="乙", used=9)
        offered = desk.open("recommendation-write", "T1.1").text
        assert offered.index("先建台账") < offered.index("用得多的")


class TestTheResults:
    def test_show_own_words_at_their_places_with_who_and_when(self, desk, consultant):
        write(desk.record, consultant, "总体意见")
        write(desk.record, consultant, "维度意见", "dimension", "T1")
        write(desk.record, consultant, "补充意见", "added", "T1.1")
        actions.set_improvements(desk.record, {"T1.1": ("市数据局", None)}, by=consultant)
        page = opened(desk.client, "assessment-results", desk.record.pk)
        for words in ("总体意见", "维度意见", "补充意见", "改进建议（补充）", "撰写人 顾问", "市数据局"):
            assert words in page.text

    def test_lead_to_the_pages_of_writing_those_who_may(self, desk, viewer):
        write(desk.record, desk_author(desk), "总体意见")
        address = reverse("remark-list", args=[desk.record.pk])
        assert address in opened(desk.client, "assessment-results", desk.record.pk).links
        page = opened(visitor(viewer), "assessment-results", desk.record.pk)
        assert "总体意见" in page.text
        assert not [link for link in page.links if link.startswith(address)]


def desk_author(desk):
    return desk.record.city.memberships.get(role="consultant").user


class TestTheComparison:
    def test_has_words_of_its_own(self, desk):
        desk.save("两轮之间进步明显。", "comparison-write")
        desk.save("本轮总体平稳。")
        found = {row.report: row.text for row in desk.record.remarks.newest()}
        assert found == {"comparison": "两轮之间进步明显。", "gap": "本轮总体平稳。"}
        assert "两轮之间进步明显" in desk.open("comparison-write").text
        assert "两轮之间进步明显" not in desk.open().text

    def test_stands_beside_the_way_to_what_the_tool_says_and_not_beside_a_gap(self, desk):
        page = desk.open("comparison-write")
        assert reverse("assessment-compare", args=[desk.record.pk]) in page.links
        assert "目前没有差距" not in page.text

    def test_keeps_its_versions_apart(self, desk):
        for text in ("第一稿", "第二稿"):
            desk.save(text, "comparison-write")
        assert [row.number for row in desk.record.remarks.filter(report="comparison")] == [2, 1]
        assert actions.latest_remarks(desk.record, "", ["summary"], "zh-hans") == {"summary": None}
