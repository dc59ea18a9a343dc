"""The answer page: what is typed is saved, or stays on the screen and says why not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment import access, actions, outline
from assessment.exchange.answers import read_answers, write_answers
from assessment.models import Assessment
from assessment.outline import Evidence
from tests.exchange.samples import write
from tests.factories import make_framework
from tests.records import approved, assign, framework_of, make_member, make_round, store
from tests.views.pages import opened, sent, visitor

pytestmark = pytest.mark.django_db
NASTY = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;"


@pytest.fixture
def cards(assessment, lead):
    return opened(visitor(lead), "dimension-answer", assessment.pk, "T1")


@pytest.fixture
def save(assessment, lead, cards):
    """Sends the page as the lead sees it, with these changes."""
    return lambda changes: sent(visitor(lead), cards, changes)


def answer_of(assessment, code):
    """As it is stored; None where nothing is."""
    return next((r.outline() for r in assessment.responses.filter(criterion__code=code)), None)


class TestSaving:
    def test_keeps_the_level(self, assessment, lead, save):
        page = save({"T1.1-level": "3"})
        assert "已保存1项" in page.text
        assert answer_of(assessment, "T1.1") == outline.Response("T1.1", level=3)
        assert assessment.responses.get().saved_by == lead
        assert page.form["T1.1-level"] == "3"

    def test_keeps_level_zero(self, assessment, save):
        assert save({"T1.1-level": "0"}).form["T1.1-level"] == "0"
        assert answer_of(assessment, "T1.1").level == 0

    def test_keeps_target_and_rationale(self, assessment, save):
        page = save({"T1.1-level": "1", "T1.1-target": "0", "T1.1-rationale": "有制度。\r\n有台账。"})
        assert answer_of(assessment, "T1.1") == outline.Response("T1.1", 1, target=0, rationale="有制度。\n有台账。")
        assert (page.form["T1.1-target"], page.form["T1.1-rationale"]) == ("0", "有制度。\r\n有台账。")

    def test_keeps_several_pieces_of_evidence_in_their_order(self, assessment, save):
        given = [("办法", "杭数〔2024〕1号", "https://example.gov.cn/1", "2024-01-31"), ("台账", "", "", "")]
        page = save(evidence("T1.1", *given))
        assert [e.title for e in answer_of(assessment, "T1.1").evidence] == ["办法", "台账"]
        assert page.form["T1.1-evidence-0-as_of"] == "2024-01-31"
        assert page.form["T1.1-rows"] == "3"

    def test_leaves_out_characters_that_no_text_holds(self, assessment, save):
        assert save({"T1.1-rationale": "有\0制度\x08"}).status == 200
        assert answer_of(assessment, "T1.1").rationale == "有制度"

    def test_ends_lines_in_one_way_and_keeps_one_line_to_one_so_that_a_file_takes_them(
        self, assessment, save, tmp_path
    ):
        given = ("管理\r办法\u2028试行", "杭数\x85〔2024〕1号\r\n附件\u20292", "", "")
        save(evidence("T1.1", given) | {"T1.1-rationale": "一\r二\u2028三\u2029四\x85五"})
        (piece,) = answer_of(assessment, "T1.1").evidence
        assert (piece.title, piece.reference) == ("管理 办法 试行", "杭数 〔2024〕1号 附件 2")
        assert answer_of(assessment, "T1.1").rationale == "一\n二\n三\n四\n五"
        file = write(tmp_path, write_answers(assessment.outline()))
        assert read_answers(file, assessment.framework.outline()) == assessment.outline()

    def test_keeps_on_the_screen_what_was_handed_in_while_it_was_being_sent(self, assessment, contributor, monkeypatch):
        assign(assessment, contributor)
        page = opened(visitor(contributor), "dimension-answer", assessment.pk, "T1")

        def hand_in_first(assessment_, *args):
            found = answerable(assessment_, *args)
            assessment.assignments.update(state="handed_in")
            return found

        answerable = access.answerable
        monkeypatch.setattr("assessment.access.answerable", hand_in_first)
        page = sent(visitor(contributor), page, {"T1.1-rationale": "半天的心血"})
        assert page.status == 422
        assert "半天的心血" in page.html
        assert not assessment.responses.exists()

    def test_takes_evidence_away(self, assessment, lead, save):
        save(evidence("T1.1", ("办法", "", "", ""), ("台账", "", "", "")))
        page = opened(visitor(lead), "dimension-answer", assessment.pk, "T1")
        sent(visitor(lead), page, {"T1.1-evidence-0-title": ""})
        assert answer_of(assessment, "T1.1").evidence == (Evidence("台账"),)

    def test_keeps_not_applicable_with_its_reason(self, assessment, save):
        page = save({"T1.1-level": "na", "T1.1-not_applicable": "本市没有这一事项"})
        assert answer_of(assessment, "T1.1") == outline.Response("T1.1", not_applicable="本市没有这一事项")
        assert page.form["T1.1-level"] == "na"

    def test_takes_an_answer_back(self, assessment, lead, save):
        save({"T1.1-level": "3"})
        sent(visitor(lead), opened(visitor(lead), "dimension-answer", assessment.pk, "T1"), {"T1.1-level": ""})
        assert answer_of(assessment, "T1.1").level is None

    def test_leaves_the_verified_level_alone(self, city, framework, lead):
        record = make_round(city, framework, {"T1.1": {"level": 3, "verified_level": 2}})
        page = opened(visitor(lead), "dimension-answer", record.pk, "T1")
        assert "复核等级：2级" in page.text
        sent(visitor(lead), page, {"T1.1-level": "4"})
        assert (answer_of(record, "T1.1").level, answer_of(record, "T1.1").verified_level) == (4, 2)

    def test_moves_score_and_bounds(self, cards, save):
        assert "0.0–100.0" in cards.text
        after = save({"T1.1-level": "3", "T1.2-level": "3", "T1.3-level": "3"})
        assert "60.0 60.0–60.0" in after.text
        assert "60.0 30.0–80.0" in after.text

    def test_says_so_when_nothing_was_changed(self, assessment, save):
        assert "没有改动" in save({}).text
        assert not assessment.responses.exists()

    def test_does_not_take_other_line_ends_for_a_change(self, city, framework, lead):
        record = make_round(city, framework, {"T1.1": {"level": 3, "rationale": "一\n二"}})
        page = opened(visitor(lead), "dimension-answer", record.pk, "T1")
        assert page.form["T1.1-rationale"] == "一\r\n二"
        assert "没有改动" in sent(visitor(lead), page).text
        assert answer_of(record, "T1.1").rationale == "一\n二"

    def test_does_not_take_imported_blanks_at_the_ends_for_a_change(self, city, framework, lead):
        record = make_round(
            city, framework, {"T1.1": {"level": 3, "rationale": "\n 一\n", "evidence": (Evidence("办法 "),)}}
        )
        page = opened(visitor(lead), "dimension-answer", record.pk, "T1")
        assert "没有改动" in sent(visitor(lead), page).text

    def test_goes_on_to_the_next_dimension_and_at_the_end_to_the_overview(self, assessment, lead, cards):
        onward = visitor(lead).post(cards.address, cards.form | {"continue": "1"})
        last = opened(visitor(lead), "dimension-answer", assessment.pk, "P1")
        home = visitor(lead).post(last.address, last.form | {"continue": "1"})
        assert onward.url == last.address
        assert home.url == assessment.get_absolute_url()

    def test_leaves_cards_alone_that_were_not_sent(self, city, framework, lead):
        record = make_round(city, framework, {"T1.1": 3, "T1.2": 2})
        page = opened(visitor(lead), "dimension-answer", record.pk, "T1")
        only = {name: value for name, value in page.form.items() if not name.startswith("T1.2")}
        visitor(lead).post(page.address, only | {"T1.1-level": "4"})
        assert (answer_of(record, "T1.1").level, answer_of(record, "T1.2").level) == (4, 2)


def evidence(code, *rows):
    fields = {
        f"{code}-evidence-{i}-{name}": value
        for i, row in enumerate(rows)
        for name, value in zip(("title", "reference", "url", "as_of"), row, strict=True)
    }
    return {f"{code}-rows": str(len(rows))} | fields


# what was typed into T1.1, and what the card says
REFUSED = {
    "not applicable without a reason": ({"T1.1-level": "na"}, "请说明"),
    "a reason of blanks": ({"T1.1-level": "na", "T1.1-not_applicable": "  "}, "请说明"),
    "level 9": ({"T1.1-level": "9"}, "9"),
    "level 二": ({"T1.1-level": "二"}, "二"),
    "target 9": ({"T1.1-target": "9"}, "9"),
    "target -1": ({"T1.1-target": "-1"}, "-1"),
    "evidence without a title": (evidence("T1.1", ("", "杭数〔2024〕1号", "", "")), "请填写佐证材料的名称"),
    "a script for an address": (evidence("T1.1", ("办法", "", "javascript:alert(1)", "")), "网址"),
    "an address without a host": (evidence("T1.1", ("办法", "", "https:///x", "")), "网址"),
    "a file for an address": (evidence("T1.1", ("办法", "", "file:///etc/passwd", "")), "网址"),
    "an address that breaks the parser": (evidence("T1.1", ("办法", "", "http://[", "")), "网址"),
    "a day that is none": (evidence("T1.1", ("办法", "", "", "2024-02-30")), "日期"),
    "too long a title": (evidence("T1.1", ("长" * 201, "", "", "")), "200"),
    "too long a rationale": ({"T1.1-rationale": "长" * 20_001}, "20000"),
    "too long a reason": ({"T1.1-level": "na", "T1.1-not_applicable": "长" * 20_001}, "20000"),
}


class TestWhatIsNotSound:
    @pytest.mark.parametrize(("typed", "words"), REFUSED.values(), ids=REFUSED)
    def test_is_not_saved_and_the_card_says_why(self, assessment, save, typed, words):
        page = save(typed)
        assert page.status == 422
        assert "有内容没有保存" in page.text
        assert "#T1.1" in page.links
        assert words in page.text
        assert not assessment.responses.exists()

    def test_does_not_keep_what_is_sound_from_being_saved(self, assessment, save):
        page = save({"T1.1-level": "na", "T1.2-level": "4", "T1.2-rationale": "有制度"})
        assert page.status == 422
        assert answer_of(assessment, "T1.1") is None
        assert answer_of(assessment, "T1.2") == outline.Response("T1.2", 4, rationale="有制度")
        assert [link for link in page.links if link.startswith("#T1")] == ["#T1.1"]

    def test_stays_on_the_screen_to_the_last_letter(self, save):
        typed = {"T1.1-level": "na", "T1.1-target": "5", "T1.1-rationale": "半天的\r\n心血 <b>"}
        typed |= evidence(
            "T1.1", ("办法", "1号", "不是网址", "2024-01-31"), ("", "2号", "", "2024-02-30"), ("三", "", "", "")
        )
        assert typed.items() <= save(typed).form.items()

    def test_is_saved_once_it_is_put_right(self, assessment, lead, save):
        refused = save({"T1.1-level": "na", "T1.1-rationale": "半天的心血", "T1.2-level": "4"})
        page = sent(visitor(lead), refused, {"T1.1-not_applicable": "本市没有"})
        assert page.status == 200
        assert answer_of(assessment, "T1.1") == outline.Response(
            "T1.1", rationale="半天的心血", not_applicable="本市没有"
        )

    def test_does_not_let_a_forged_number_of_rows_through(self, save):
        for rows in ("-1", "9999999999", "x", "²"):
            assert save({"T1.1-rows": rows, "T1.1-level": "2"}).status == 200

    def test_marks_the_field_for_screen_readers(self, save):
        page = save({"T1.1-level": "na"})
        reasons = [given for _tag, given in page.reader.tags if given.get("name") == "T1.1-not_applicable"]
        assert reasons[0]["aria-invalid"] == "true"
        assert reasons[0]["aria-describedby"] == "error-T1.1-na"


class TestTwoPeopleOnOneCriterion:
    @pytest.fixture
    def other(self, city, assessment):
        person = make_member("other", "另一位", city, "contributor")
        assign(assessment, person)
        return visitor(person)

    @pytest.fixture
    def stale(self, assessment, cards, other):
        """The lead's page, after somebody else has saved T1.1 at level 2."""
        theirs = opened(other, "dimension-answer", assessment.pk, "T1")
        sent(other, theirs, {"T1.1-level": "2", "T1.1-rationale": "别人写的"})
        return cards

    def test_the_second_is_told_and_nothing_is_overwritten(self, assessment, lead, stale):
        page = sent(visitor(lead), stale, {"T1.1-level": "5", "T1.1-rationale": "我写的"})
        assert page.status == 422
        assert "另一位" in page.text
        assert answer_of(assessment, "T1.1") == outline.Response("T1.1", 2, rationale="别人写的")
        assert (page.form["T1.1-level"], page.form["T1.1-rationale"]) == ("5", "我写的")

    def test_the_second_sees_both_texts(self, lead, stale):
        page = sent(visitor(lead), stale, {"T1.1-level": "5", "T1.1-rationale": "我写的"})
        assert "别人写的" in page.text
        assert "我写的" in page.text

    @pytest.mark.parametrize(
        ("choices", "level", "rationale"),
        [
            (("mine", "mine"), 5, "我写的"),
            (("theirs", "theirs"), 2, "别人写的"),
            (("mine", "theirs"), 5, "别人写的"),
            (("theirs", "both"), 2, "别人写的\n我写的"),
        ],
    )
    def test_each_field_becomes_what_was_chosen(self, assessment, lead, stale, choices, level, rationale):
        told = sent(visitor(lead), stale, {"T1.1-level": "5", "T1.1-rationale": "我写的"})
        page = sent(
            visitor(lead), told, dict(zip(["T1.1-choose-choice", "T1.1-choose-rationale"], choices, strict=True))
        )
        assert page.status == 200
        assert answer_of(assessment, "T1.1") == outline.Response("T1.1", level, rationale=rationale)

    def test_two_texts_too_long_to_be_joined_are_not_offered_so_and_none_is_lost(self, assessment, lead, other, stale):
        theirs, mine = "甲" * 15_000, "乙" * 15_000
        told = sent(visitor(lead), stale, {"T1.1-rationale": mine})
        assert 'value="both"' in told.html and "20000" not in told.text
        sent(other, opened(other, "dimension-answer", assessment.pk, "T1"), {"T1.1-rationale": theirs})
        page = sent(visitor(lead), told, {"T1.1-choose-rationale": "both"})
        assert page.status == 422
        assert 'value="both"' not in page.html and "超过20000字" in page.text.replace(" ", "")
        assert (page.form["T1.1-rationale"], theirs in page.text) == (mine, True)
        assert answer_of(assessment, "T1.1").rationale == theirs
        sent(visitor(lead), page, {"T1.1-choose-rationale": "both"})
        assert answer_of(assessment, "T1.1").rationale == theirs
        page = sent(visitor(lead), page, {"T1.1-choose-rationale": "mine"})
        assert (page.status, answer_of(assessment, "T1.1").rationale) == (200, mine)

    def test_a_choice_left_out_is_asked_again_and_what_was_chosen_is_saved(self, assessment, lead, stale):
        told = sent(visitor(lead), stale, {"T1.1-level": "5", "T1.1-rationale": "我写的"})
        page = sent(visitor(lead), told, {"T1.1-choose-choice": "mine"})
        assert page.status == 422
        assert answer_of(assessment, "T1.1") == outline.Response("T1.1", 5, rationale="别人写的")
        assert (page.form["T1.1-asked"], page.form["T1.1-rationale"]) == ("rationale", "我写的")
        sent(visitor(lead), page, {"T1.1-choose-rationale": "mine"})
        assert answer_of(assessment, "T1.1").rationale == "我写的"

    def test_a_third_save_in_between_is_told_again(self, assessment, lead, other, stale):
        told = sent(visitor(lead), stale, {"T1.1-level": "5"})
        sent(other, opened(other, "dimension-answer", assessment.pk, "T1"), {"T1.1-level": "3"})
        assert sent(visitor(lead), told, {"T1.1-choose-choice": "mine"}).status == 422
        assert answer_of(assessment, "T1.1").level == 3

    def test_what_only_one_changed_is_kept_while_the_other_field_is_asked_about(self, assessment, lead, other, stale):
        told = sent(visitor(lead), stale, {"T1.1-level": "5", "T1.1-target": "4"})
        assert answer_of(assessment, "T1.1") == outline.Response("T1.1", 2, target=4, rationale="别人写的")
        assert (told.form["T1.1-level"], told.form["T1.1-rationale"]) == ("5", "别人写的")
        sent(visitor(lead), told, {"T1.1-choose-choice": "mine"})
        assert answer_of(assessment, "T1.1") == outline.Response("T1.1", 5, target=4, rationale="别人写的")

    def test_a_card_not_touched_does_not_undo_theirs(self, assessment, lead, stale):
        page = sent(visitor(lead), stale, {"T1.2-level": "4"})
        assert page.status == 200
        assert answer_of(assessment, "T1.1").level == 2
        assert answer_of(assessment, "T1.2").level == 4

    def test_the_same_answer_twice_is_no_conflict(self, assessment, lead, stale):
        assert sent(visitor(lead), stale, {"T1.1-level": "2", "T1.1-rationale": "别人写的"}).status == 200

    def test_one_that_is_unsound_too_keeps_warning(self, assessment, lead, stale):
        first = sent(visitor(lead), stale, {"T1.1-level": "na"})
        second = sent(visitor(lead), first, {"T1.1-not_applicable": "本市没有"})
        assert second.status == 422
        assert answer_of(assessment, "T1.1").level == 2


class TestWhereNothingMayBeAnswered:
    def test_a_final_round_finds_no_such_page_and_keeps_its_answers(self, city, framework, lead):
        record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 2))
        page = opened(visitor(lead), "dimension-answer", record.pk, "T1")
        approved(record)
        assert sent(visitor(lead), page, {"T1.1-level": "5"}).status == 404
        assert answer_of(record, "T1.1").level == 2

    def test_a_final_round_is_read(self, city, framework, lead):
        record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 2))
        approved(record)
        page = opened(visitor(lead), "dimension-answer", record.pk, "T1")
        assert "已定稿" in page.text
        assert not page.form.get("T1.1-level")

    def test_a_viewer_reads_and_has_nothing_to_send(self, city, framework, viewer):
        record = make_round(city, framework, {"T1.1": {"level": 2, "rationale": "有制度"}})
        page = opened(visitor(viewer), "dimension-answer", record.pk, "T1")
        assert "有制度" in page.text
        assert not [name for name in page.form if name.startswith("T1")]
        assert "保存" not in [given.get("value") for tag, given in page.reader.tags if tag == "button"]

    @pytest.mark.parametrize("code", ["T9", "T1.1", "t1", "T", "%00", "一"])
    def test_a_dimension_that_is_not_there_is_not_found(self, assessment, lead, code):
        assert visitor(lead).get(f"/assessments/{assessment.pk}/dimensions/{code}/").status_code == 404


class TestThePage:
    def test_shows_six_levels_with_their_descriptors_as_radio_buttons(self, cards):
        radios = [given for _tag, given in cards.reader.tags if given.get("name") == "T1.1-level"]
        assert [given["value"] for given in radios] == ["0", "1", "2", "3", "4", "5", "", "na"]
        assert {given["type"] for given in radios} == {"radio"}
        assert all(f"等级{level}的表现" in cards.text for level in range(6))
        assert [given["value"] for given in radios if "checked" in given] == [""]

    def test_says_why_it_is_asked(self, cards):
        assert "1号 第一条" in cards.text
        assert "原文" in cards.text
        assert "本工具归入" in cards.text

    def test_gives_an_example_of_evidence_that_suffices_and_one_that_does_not(self, cards):
        for example in ("足够的一例", "不够的一例"):
            assert cards.text.count(example) == 1

    def test_labels_every_field(self, cards):
        labelled = {given.get("for") for tag, given in cards.reader.tags if tag == "label"}
        named = [
            given
            for tag, given in cards.reader.tags
            if tag in ("input", "select", "textarea") and given.get("type") != "hidden"
        ]
        assert {given["id"] for given in named} <= labelled

    def test_gives_every_id_once(self, cards):
        ids = [given["id"] for _tag, given in cards.reader.tags if "id" in given]
        assert len(ids) == len(set(ids))

    def test_leads_back_and_on(self, assessment, lead, cards):
        following = opened(visitor(lead), "dimension-answer", assessment.pk, "P1")
        assert cards.address in following.links
        assert assessment.get_absolute_url() in following.links

    def test_shows_text_of_users_as_text(self, assessment, lead, save):
        save({"T1.1-level": "2", "T1.1-rationale": NASTY} | evidence("T1.1", (NASTY, NASTY, "", "")))
        page = opened(visitor(lead), "dimension-answer", assessment.pk, "T1")
        assert (page.form["T1.1-rationale"], page.form["T1.1-evidence-0-title"]) == (NASTY, NASTY)
        assert not harmful(page)


def harmful(page):
    """Tags that only a user's text can have brought in."""
    return [
        (tag, given)
        for tag, given in page.reader.tags
        if (tag == "script" and "src" not in given) or any(name.startswith("on") for name in given)
    ]


@pytest.mark.parametrize("view", ["assessment-list", "assessment-detail", "assessment-results", "dimension-answer"])
def test_names_of_cities_and_rounds_are_never_markup(city, framework, lead, view):
    city.name = NASTY
    city.save()
    answers = {"T1.1": {"level": 1, "rationale": NASTY}, "T1.2": {"not_applicable": NASTY}, "T1.3": 2}
    record = make_round_as(city, framework, answers, title=NASTY, round=NASTY)
    args = {"assessment-list": [], "dimension-answer": [record.pk, "T1"]}.get(view, [record.pk])
    page = opened(visitor(lead), view, *args)
    assert NASTY in page.text
    assert not harmful(page)


def make_round_as(city, framework, answers, **fields):
    """With the city's own name, whatever it is."""
    record = Assessment.objects.create(city=city, framework=framework, **fields)
    for code, given in answers.items():
        wanted = outline.Response(code, **(given if isinstance(given, dict) else {"level": given}))
        actions.answer(record, wanted, by=None, seen=0)
    return record


def test_the_database_is_asked_no_more_for_thirty_criteria_than_for_three(city, lead):
    def queries(count):
        framework = store(framework_of(count, version=f"of-{count}"))
        proof = (Evidence("办法"), Evidence("台账"))
        answers = {code: {"level": 2, "evidence": proof} for code in framework.outline().criteria}
        record = make_round(city, framework, answers)
        client = visitor(lead)
        with CaptureQueriesContext(connection) as counted:
            assert client.get(reverse("dimension-answer", args=[record.pk, "X1"])).status_code == 200
        return len(counted)

    few = queries(3)
    assert queries(30) == few
    assert few <= 15


def test_a_balance_shows_its_two_sides(assessment, lead):
    text = opened(visitor(lead), "dimension-answer", assessment.pk, "P1").text
    assert text.index("侧面A") < text.index("评估项P1.A1") < text.index("侧面B") < text.index("评估项P1.B1")


def test_a_round_without_a_target_profile_says_so(city, lead):
    record = make_round(city, store(make_framework()), {}, target="")
    assert record.target is None
    assert "不填：无目标" in opened(visitor(lead), "dimension-answer", record.pk, "T1").text
