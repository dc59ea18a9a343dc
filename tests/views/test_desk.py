"""The criteria desk's pages: the editor, structure, edits, versions."""

import re
from time import process_time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment import actions, elements
from assessment.models import Event, Framework
from assessment.places import shares
from assessment.reports import words
from tests.records import approved, framework_of, grant_framework_editing, make_round, make_user, some_framework, store
from tests.views.pages import opened, read, sent, visitor

pytestmark = pytest.mark.django_db
TITLE = "title.zh-hans"


@pytest.fixture
def draft(framework, criteria_admin):
    return actions.copy_as_draft(framework, "2025.1", by=criteria_admin)


@pytest.fixture
def other(db):
    return grant_framework_editing(make_user("other", "另一人", is_staff=True))


def address(view, draft, *args):
    return reverse(view, args=[draft.code, draft.version, *args])


def editor(user, draft, name="criterion", code="T1.2"):
    return opened(visitor(user), address("element-edit", draft, name, code))


def posted(user, where, htmx=False, **fields):
    headers = {"HX-Request": "true"} if htmx else {}
    return read(visitor(user).post(where, fields, headers=headers, follow=True), where)


def saved(user, draft, page, htmx=False, **changes):
    headers = {"HX-Request": "true"} if htmx else {}
    return read(visitor(user).post(page.address, page.form | changes, headers=headers, follow=True), page.address)


class TestTheEditor:
    def test_shows_the_tree_and_one_element_with_every_language(self, draft, criteria_admin):
        page = editor(criteria_admin, draft)
        assert page.status == 200
        assert page.form[TITLE] == "评估项T1.2"
        assert "title.en" in page.form and "levels.5.next.en" in page.form
        assert address("element-edit", draft, "criterion", "P1.B2") in page.links

    def test_shows_the_share_of_the_overall_score(self, draft, criteria_admin):
        assert "16.7%" in editor(criteria_admin, draft).text

    def test_a_weight_that_was_saved_tells_every_share_anew(self, draft, criteria_admin):
        page = editor(criteria_admin, draft)
        assert "data-share=" not in saved(criteria_admin, draft, page, htmx=True, **{TITLE: "新名称"}).html
        answer = saved(criteria_admin, draft, page, htmx=True, weight="2").html
        told = dict(re.findall(r'<template data-share="([^"]+)">([^<]+)<', answer))
        assert told == {code: words.share(share) for code, share in shares(draft.outline()).items()}

    def test_saves_without_a_script(self, draft, criteria_admin):
        page = saved(criteria_admin, draft, editor(criteria_admin, draft), **{TITLE: "新名称", "weight": "2"})
        assert (page.status, page.form[TITLE]) == (200, "新名称")
        criterion = draft.outline().criteria["T1.2"]
        assert (str(criterion.title), criterion.weight) == ("新名称", 2)

    def test_sends_all_back_that_it_was_sent_and_changes_nothing(self, draft, criteria_admin):
        before = draft.outline()
        for name, code in [("criterion", "T1.1"), ("dimension", "T1"), ("passage", "doc-1#一"), ("source", "doc-1"),
                           ("lens", "P"), ("facet", "P1.A"), ("level", "3"), ("target", "2027")]:  # fmt: skip
            page = saved(criteria_admin, draft, editor(criteria_admin, draft, name, code))
            assert page.status == 200, (name, code)
        assert draft.outline() == before
        assert not draft.history.exists()

    def test_what_is_unsound_is_named_and_the_rest_is_saved(self, draft, criteria_admin):
        page = saved(criteria_admin, draft, editor(criteria_admin, draft), **{TITLE: "新名称", "weight": "重"})
        assert page.status == 422
        assert "权重" in page.text and page.form["weight"] == "重"
        assert str(draft.outline().criteria["T1.2"].title) == "新名称"

    def test_a_text_is_never_markup(self, draft, criteria_admin):
        page = saved(criteria_admin, draft, editor(criteria_admin, draft), **{TITLE: "<b>甲</b>"})
        assert "<b>甲</b>" not in page.html and page.form[TITLE] == "<b>甲</b>"

    def test_two_admins_in_one_field_see_both_texts_and_choose(self, draft, criteria_admin, admin):
        mine, theirs = editor(criteria_admin, draft), editor(admin, draft)
        saved(admin, draft, theirs, **{TITLE: "甲方的"})
        page = saved(criteria_admin, draft, mine, **{TITLE: "乙方的"})
        assert page.status == 422
        assert "甲方的" in page.text and "乙方的" in page.text
        assert str(draft.outline().criteria["T1.2"].title) == "甲方的"
        other = saved(criteria_admin, draft, page, weight="3")
        assert "甲方的" in other.text and str(draft.outline().criteria["T1.2"].title) == "甲方的"
        saved(criteria_admin, draft, other, **{f"choose.{TITLE}": "mine"})
        criterion = draft.outline().criteria["T1.2"]
        assert (str(criterion.title), criterion.weight) == ("乙方的", 3)

    def test_choosing_theirs_leaves_theirs(self, draft, criteria_admin, admin):
        mine = editor(criteria_admin, draft)
        saved(admin, draft, editor(admin, draft), **{TITLE: "甲方的"})
        page = saved(criteria_admin, draft, mine, **{TITLE: "乙方的"})
        page = saved(criteria_admin, draft, page, **{f"choose.{TITLE}": "theirs"})
        assert (page.status, page.form[TITLE]) == (200, "甲方的")

    def test_a_script_is_told_what_others_saved(self, draft, criteria_admin, admin):
        mine = editor(criteria_admin, draft)
        saved(admin, draft, editor(admin, draft), **{TITLE: "甲方的"})
        told = saved(criteria_admin, draft, mine, htmx=True, weight="3")
        assert f'data-now="{TITLE}">甲方的' in told.html
        assert 'name="seen" value="2"' in told.html

    def test_what_others_saved_stands_in_a_page_sent_back(self, draft, criteria_admin, admin):
        mine = editor(criteria_admin, draft)
        saved(admin, draft, editor(admin, draft), **{"owner.zh-hans": "市委办", "key": "on"})
        page = saved(criteria_admin, draft, mine, weight="重")
        assert (page.status, page.form["owner.zh-hans"], page.form["key"]) == (422, "市委办", "on")
        saved(criteria_admin, draft, page, weight="2")
        criterion = draft.outline().criteria["T1.2"]
        assert (str(criterion.owner), criterion.key, criterion.weight) == ("市委办", True, 2)

    def test_citations_that_another_took_away_stay_away(self, draft, criteria_admin, admin):
        saved(admin, draft, editor(admin, draft), cites=["doc-1#一", "doc-1#二"])
        mine = editor(criteria_admin, draft)
        saved(admin, draft, editor(admin, draft), cites=["doc-1#二"])
        assert saved(criteria_admin, draft, mine, weight="2").status == 200
        criterion = draft.outline().criteria["T1.2"]
        assert ([cite.key for cite in criterion.cites], criterion.weight) == (["doc-1#二"], 2)

    def test_a_script_is_told_what_is_wrong_at_its_field(self, draft, criteria_admin):
        told = saved(criteria_admin, draft, editor(criteria_admin, draft), htmx=True, weight="0")
        assert '<template data-told="weight">' in told.html
        assert "尚未保存：权重" in told.text and "#id_weight" in told.links

    def test_what_is_wrong_describes_its_field(self, draft, criteria_admin):
        page = saved(criteria_admin, draft, editor(criteria_admin, draft), weight="0")
        field = next(given for tag, given in page.reader.tags if given.get("name") == "weight")
        ids = {given.get("id") for _tag, given in page.reader.tags}
        assert field["aria-invalid"] == "true"
        assert "id_weight_error" in field["aria-describedby"] and set(field["aria-describedby"].split()) <= ids

    def test_another_language_is_offered_and_saved(self, draft, criteria_admin):
        page = opened(visitor(criteria_admin), address("element-edit", draft, "criterion", "T1.2"), language=" FR ")
        assert page.status == 200 and "levels.3.descriptor.fr" in page.form
        where = next(given["action"] for tag, given in page.reader.tags if given.get("id") == "element")
        posted(criteria_admin, where, **page.form | {"levels.3.descriptor.fr": "Bien"})
        assert draft.outline().criteria["T1.2"].levels[3].descriptor["fr"] == "Bien"
        assert "title.fr" in editor(criteria_admin, draft, "criterion", "T1.1").form

    @pytest.mark.parametrize("code", ["法语", "f", "fr_FR", "x" * 21, "-"])
    def test_what_is_no_code_of_a_language_is_refused_at_its_field(self, draft, criteria_admin, code):
        page = opened(visitor(criteria_admin), address("element-edit", draft, "criterion", "T1.2"), language=code)
        field = next(given for tag, given in page.reader.tags if given.get("id") == "id_add_language")
        assert (page.status, field["value"], field["aria-invalid"]) == (422, code, "true")
        assert f"title.{code}" not in page.form

    def test_the_picker_marks_the_passages_on_which_no_criterion_rests(self, draft, criteria_admin):
        page = editor(criteria_admin, draft)
        assert "尚无评估项引用" not in page.text
        where = address("element-add", draft, "source", "doc-1")
        posted(criteria_admin, where, below="passage", code="九", title="第九条")
        page = editor(criteria_admin, draft)
        assert "其中1条尚无评估项引用" in page.text and page.text.count("尚无评估项引用") == 2
        saved(criteria_admin, draft, page, cites=["doc-1#九"])
        assert "尚无评估项引用" not in editor(criteria_admin, draft).text

    def test_the_picker_says_nothing_of_checks_that_were_not_made(self, draft, criteria_admin):
        assert "已核" not in editor(criteria_admin, draft).text

    def test_a_script_is_told_the_findings_here_and_the_share(self, draft, criteria_admin):
        saved(criteria_admin, draft, editor(criteria_admin, draft), weight="4")
        lint = visitor(criteria_admin).get(
            address("framework-lint", draft), {"element": "criterion:T1.2"}, headers={"HX-Request": "true"}
        )
        told = read(lint, "")
        assert 'id="element-findings"' in told.html and "33.3%" in told.text

    def test_citations_are_picked_with_their_role(self, draft, criteria_admin):
        page = editor(criteria_admin, draft)
        saved(criteria_admin, draft, page, cites=["doc-1#一", "doc-1#二"], assigned=["doc-1#二"])
        cites = draft.outline().criteria["T1.2"].cites
        assert [(c.key, c.role) for c in cites] == [("doc-1#一", "basis"), ("doc-1#二", "assigned")]

    def test_of_a_passage_tells_which_criteria_rest_on_it(self, draft, criteria_admin):
        page = editor(criteria_admin, draft, "passage", "doc-1#一")
        assert page.links.count(address("element-edit", draft, "criterion", "T1.1")) == 2  # in the tree and below
        assert page.links.count(address("element-edit", draft, "criterion", "T1.2")) == 1

    def test_leads_to_the_preview_of_its_dimension(self, draft, criteria_admin):
        preview = address("framework-preview", draft, "T1")
        assert f"{preview}#T1.2" in editor(criteria_admin, draft).links

    def test_opens_five_hundred_criteria_within_a_second(self, criteria_admin):
        record = store(framework_of(500, version="500.0"), publish=False)
        client = visitor(criteria_admin)
        client.get(
            address("element-edit", record, "criterion", "X1.1")
        )  # a server that runs has its modules and templates
        begun = process_time()
        assert client.get(address("element-edit", record, "criterion", "X1.250")).status_code == 200
        assert process_time() - begun < 1

    def test_asks_the_database_as_often_for_many_criteria_as_for_few(self, criteria_admin):
        def queries(count):
            record = store(framework_of(count, version=f"{count}.0"), publish=False)
            client = visitor(criteria_admin)
            with CaptureQueriesContext(
                connection,
            ) as found:
                assert client.get(address("element-edit", record, "criterion", "X1.1")).status_code == 200
            return len(found)

        assert queries(3) == queries(60) <= 25


class TestWhatIsGone:
    @pytest.fixture
    def typing(self, draft, criteria_admin):
        """The page of a criterion with something typed."""
        page = editor(criteria_admin, draft)
        return lambda htmx=False: saved(criteria_admin, draft, page, htmx, **{TITLE: "写到一半"})

    @pytest.mark.parametrize("htmx", [True, False])
    def test_an_element_taken_away_is_said_with_by_whom(self, draft, admin, typing, htmx):
        posted(admin, address("element-remove", draft, "criterion", "T1.2"))
        page = typing(htmx)
        assert page.status == 404
        assert f"{admin}已删除评估项 T1.2" in page.text and address("edit-list", draft) in page.links

    def test_a_draft_published_meanwhile_is_said(self, draft, admin, typing):
        actions.publish(draft, by=admin)
        page = typing(htmx=True)
        assert page.status == 404 and "已经发布" in page.text and address("framework-copy", draft) in page.links

    def test_a_draft_deleted_meanwhile_is_said(self, draft, admin, typing):
        actions.delete_draft(draft, by=admin)
        page = typing(htmx=True)
        assert page.status == 404 and "已被删除" in page.text

    def test_what_was_typed_stays_in_sight_without_a_script(self, draft, admin, typing):
        posted(admin, address("element-remove", draft, "criterion", "T1.2"))
        assert "写到一半" in typing().text

    def test_strangers_learn_nothing_of_it(self, draft, lead, admin):
        where = address("element-edit", draft, "criterion", "T1.2")
        posted(admin, address("element-remove", draft, "criterion", "T1.2"))
        page = posted(lead, where, htmx=True, **{TITLE: "甲"})
        assert page.status == 404 and "删除" not in page.text

    def test_what_never_was_an_element_is_404(self, draft, criteria_admin):
        assert posted(criteria_admin, address("element-edit", draft, "nothing", "T1"), **{TITLE: "甲"}).status == 404
        odd = {"levels.3": "甲", "levels.3.x.en": "甲", "title.q.q": "甲", TITLE: "甲"}
        assert posted(criteria_admin, address("element-edit", draft, "criterion", "T9"), **odd).status == 404


class TestRefusedTools:
    @pytest.mark.parametrize(
        ("view", "args", "typed", "said"),
        [
            ("element-add", ("dimension", "T1"), {"below": "criterion", "code": "P1", "title": "新的"}, "占用"),
            ("element-change", ("split", "criterion", "T1.2"), {"codes": "T1.1"}, "两个"),
            ("element-change", ("merge", "criterion", "T1.2"), {"other": "criterion:T1.3", "code": "P1"}, "占用"),
            ("element-change", ("recode", "criterion", "T1.2"), {"code": "P1"}, "占用"),
        ],
    )
    def test_stay_open_with_what_was_typed_and_the_error_at_its_field(
        self, draft, criteria_admin, view, args, typed, said
    ):
        page = posted(criteria_admin, address(view, draft, *args), **typed)
        assert page.status == 422 and said in page.text
        folds = page.html.split('class="panel desk-tools"')[1].split("<details")[1:]
        opened_ones = [fold for fold in folds if fold.split(">")[0].strip() == "open"]
        assert len(opened_ones) == 1 and said in opened_ones[0] and "is-invalid" in opened_ones[0]
        assert all(value in opened_ones[0] for value in typed.values())
        assert page.form["title.zh-hans" if args[-1] == "T1.2" else "name.zh-hans"]
        assert not draft.history.exists()

    def test_a_script_is_told_that_a_move_was_refused(self, draft, criteria_admin):
        where = address("element-move", draft, "criterion", "T1.2")
        assert posted(criteria_admin, where, htmx=True, parent="facet:X", place="0").status == 409

    def test_a_passage_stays_in_its_source(self, draft, criteria_admin):
        page = editor(criteria_admin, draft, "passage", "doc-1#一")
        assert "移到别处" not in page.text


class TestStructure:
    def test_a_criterion_is_added_and_then_edited(self, draft, criteria_admin):
        where = address("element-add", draft, "dimension", "T1")
        page = posted(criteria_admin, where, below="criterion", code="T1.9", title="新的")
        assert page.status == 200 and page.form[TITLE] == "新的"
        assert list(draft.outline().criteria)[3] == "T1.9"

    def test_a_balance_is_added_with_its_two_sides(self, draft, criteria_admin):
        posted(
            criteria_admin,
            address("element-add", draft, "lens", "P"),
            below="dimension",
            code="P2",
            title="新",
            shape="balance",
        )
        facets = draft.outline().dimensions[-1].facets
        assert [(f.code, f.name["zh-hans"]) for f in facets] == [("P2.A", "新A"), ("P2.B", "新B")]

    def test_the_two_sides_of_a_balance_bear_the_names_that_were_given(self, draft, criteria_admin):
        given = {"below": "dimension", "code": "P2", "title": "建设与治理并重", "shape": "balance"}
        posted(criteria_admin, address("element-add", draft, "lens", "P"), **given, first="建设", second="治理")
        assert [str(f.name) for f in draft.outline().dimensions[-1].facets] == ["建设", "治理"]

    def test_only_a_dimension_is_asked_for_sides(self, draft, criteria_admin):
        asked = {
            where: "first" in opened(visitor(criteria_admin), address("element-edit", draft, *where)).form
            for where in (("lens", "P"), ("dimension", "T1"))
        }
        assert asked == {("lens", "P"): True, ("dimension", "T1"): False}

    def test_a_code_that_is_taken_is_refused_with_its_name(self, draft, criteria_admin):
        page = posted(
            criteria_admin, address("element-add", draft, "dimension", "T1"), below="criterion", code="P1", title="新"
        )
        assert "P1" in page.text and "占用" in page.text
        assert not draft.history.exists()

    def test_codes_that_are_free_are_proposed(self, draft, criteria_admin):
        actions.rearrange(
            draft, lambda now: elements.removing(now, "criterion:T1.3"), by=criteria_admin, cause="removed"
        )
        page = editor(criteria_admin, draft)
        assert (page.form["codes"].split(), page.form["code"]) == (["T1.4", "T1.5"], "T1.4")  # T1.3 was another one's
        assert editor(criteria_admin, draft, "lens", "T").form["code"] == "T2"

    @pytest.mark.parametrize(
        ("verb", "given", "said"),
        [
            ("split", {"codes": "T1.7\nT1.8"}, "已拆分为T1.7、T1.8。各项现在都是原来的文字，请分别改写。"),
            ("merge", {"other": "criterion:T1.3", "code": "T1.7"}, "已合并为T1.7，现在是前一项的文字，请改写。"),
            ("recode", {"code": "T1.7"}, "已保存。"),
        ],
    )
    def test_what_was_done_and_what_comes_next_is_said(self, draft, criteria_admin, verb, given, said):
        page = posted(criteria_admin, address("element-change", draft, verb, "criterion", "T1.2"), **given)
        assert f"{said}可在“改动记录”中查看和撤销。" in page.text

    def test_a_passage_is_asked_for_its_place(self, draft, criteria_admin):
        (tools,) = editor(criteria_admin, draft, "source", "doc-1").html.split('class="panel desk-tools"')[1:]
        assert "位置" in tools and "名称" not in tools

    def test_a_passage_that_nothing_cites_says_how_that_is_done(self, draft, criteria_admin):
        posted(criteria_admin, address("element-add", draft, "source", "doc-1"), below="passage", code="三", title="三")
        assert "在“依据”中勾选这一条款" in editor(criteria_admin, draft, "passage", "doc-1#三").text

    def test_a_split_says_what_it_replaces(self, draft, criteria_admin):
        posted(criteria_admin, address("element-change", draft, "split", "criterion", "T1.2"), codes="T1.2a\nT1.2b")
        criteria = draft.outline().criteria
        assert [criteria[code].replaces for code in ("T1.2a", "T1.2b")] == [("T1.2",), ("T1.2",)]
        assert "T1.2" not in criteria

    def test_a_merge_of_what_was_split_replaces_what_was_published(self, draft, criteria_admin):
        posted(criteria_admin, address("element-change", draft, "split", "criterion", "T1.2"), codes="T1.2a\nT1.2b")
        posted(
            criteria_admin, address("element-change", draft, "merge", "criterion", "T1.2a"),
            other="criterion:T1.3", code="T1.7",
        )  # fmt: skip
        assert draft.outline().criteria["T1.7"].replaces == ("T1.2", "T1.3")

    def test_what_was_never_published_is_replaced_by_nothing(self, draft, criteria_admin):
        posted(
            criteria_admin, address("element-add", draft, "dimension", "T1"), below="criterion", code="T1.9", title="新"
        )
        posted(criteria_admin, address("element-change", draft, "recode", "criterion", "T1.9"), code="T1.8")
        assert draft.outline().criteria["T1.8"].replaces == ()

    def test_moves_up_and_elsewhere(self, draft, criteria_admin):
        where = address("element-move", draft, "criterion", "T1.2")
        posted(criteria_admin, where, parent="facet:T1", place="0")
        assert list(draft.outline().criteria)[:2] == ["T1.2", "T1.1"]
        posted(criteria_admin, where, parent="facet:P1.A")
        assert list(draft.outline().criteria)[-3:] == ["T1.2", "P1.B1", "P1.B2"]

    def test_removes_and_brings_back(self, draft, criteria_admin):
        before = draft.outline()
        posted(criteria_admin, address("element-remove", draft, "dimension", "P1"))
        assert "P1.A1" not in draft.outline().criteria
        page = posted(criteria_admin, address("edit-undo", draft, 1))
        assert page.status == 200
        assert draft.outline() == before

    def test_the_scale_grows_by_a_level_and_shrinks_again(self, draft, criteria_admin):
        before = draft.outline()
        page = posted(
            criteria_admin, address("framework-element-add", draft, "framework"),
            below="level", title="引领级", threshold="99",
        )  # fmt: skip
        assert (page.status, page.form["name.zh-hans"], page.form["threshold"]) == (200, "引领级", "99")
        assert draft.outline().highest == 6
        assert "levels.6.descriptor.zh-hans" in editor(criteria_admin, draft).form
        page = posted(criteria_admin, address("element-remove", draft, "level", "6"))
        assert page.status == 200
        assert draft.outline() == before

    def test_what_rests_on_the_highest_level_comes_down_with_the_scale_and_back_up(self, draft, criteria_admin):
        before = draft.outline()
        actions.add_golden_set(draft, "青禾市", dict.fromkeys(before.criteria, 5), by=criteria_admin)
        posted(criteria_admin, address("element-remove", draft, "level", "5"))
        framework = draft.outline()
        assert framework.highest == 4
        assert {step.level for c in framework.criteria.values() for step in c.levels} <= set(range(5))
        assert max(level for target in framework.targets for level in target.levels.values()) <= 4
        assert opened(visitor(criteria_admin), address("framework-lint", draft)).status == 200
        assert opened(visitor(criteria_admin), address("bench-detail", draft)).status == 200
        posted(criteria_admin, address("edit-undo", draft, 1))
        assert draft.outline() == before

    def test_a_scale_has_two_levels_at_least_and_ten_at_most(self, draft, criteria_admin):
        where = address("framework-element-add", draft, "framework")
        for number in range(4):
            assert posted(criteria_admin, where, below="level", title=f"{number}", threshold="99").status == 200
        assert posted(criteria_admin, where, below="level", title="十一", threshold="99").status == 404
        for level in range(9, 1, -1):
            assert posted(criteria_admin, address("element-remove", draft, "level", level)).status == 200
        assert posted(criteria_admin, address("element-remove", draft, "level", 1)).status == 404
        assert draft.outline().highest == 1

    @pytest.mark.parametrize("name", [("level", "2"), ("facet", "P1.A")])
    def test_levels_below_the_highest_and_sides_are_not_removed(self, draft, criteria_admin, name):
        assert posted(criteria_admin, address("element-remove", draft, *name)).status == 404


class TestEdits:
    def test_tell_before_and_after_in_plain_words(self, draft, criteria_admin):
        saved(criteria_admin, draft, editor(criteria_admin, draft), **{TITLE: "新名称"})
        page = opened(visitor(criteria_admin), address("edit-list", draft))
        assert "评估项T1.2" in page.text and "新名称" in page.text and "标准" not in page.text[:0]
        assert "撤销" in page.text

    def test_the_only_side_of_a_dimension_is_called_the_dimension(self, draft, criteria_admin):
        saved(criteria_admin, draft, editor(criteria_admin, draft, "dimension", "T1"), **{"name.zh-hans": "新名"})
        posted(criteria_admin, address("element-remove", draft, "criterion", "T1.2"))
        text = opened(visitor(criteria_admin), address("edit-list", draft)).text
        assert text.count("维度 T1") == 2 and "侧面" not in text
        posted(criteria_admin, address("element-remove", draft, "criterion", "P1.A1"))
        assert "侧面 P1.A" in opened(visitor(criteria_admin), address("edit-list", draft)).text

    def test_keep_the_words_of_what_was_removed(self, draft, criteria_admin):
        posted(criteria_admin, address("element-remove", draft, "criterion", "T1.2"))
        page = opened(visitor(criteria_admin), address("edit-list", draft))
        criterion = draft.history.get().changes["criterion:T1.2"]["before"]
        assert criterion["statement"]["zh-hans"] in page.text and "<details" in page.html
        assert "T1.1、T1.2、T1.3" in page.text

    def test_tell_from_when_to_when_somebody_wrote_and_what_stood_there_in_between(self, draft, criteria_admin):
        for title in ("一", "一句", "一句话"):
            saved(criteria_admin, draft, editor(criteria_admin, draft), **{TITLE: title})
        page = opened(visitor(criteria_admin), address("edit-list", draft))
        assert page.html.count('class="panel" id="edit-') == 1 and 'id="edit-3"' in page.html
        assert re.search(r"\d\d:\d\d–\d\d:\d\d · 指标管理员", page.text)
        assert re.search(r"期间的内容 \d\d:\d\d:\d\d 一 \d\d:\d\d:\d\d 一句", page.text)
        page = posted(criteria_admin, address("edit-undo", draft, 1))
        assert page.status == 200 and "又有续写" in page.text
        assert str(draft.outline().criteria["T1.2"].title) == "一句话"
        posted(criteria_admin, address("edit-undo", draft, 3))
        assert str(draft.outline().criteria["T1.2"].title) == "评估项T1.2"

    def test_say_what_is_in_the_way_of_undoing(self, draft, criteria_admin, other):
        for who, title in ((other, "甲"), (criteria_admin, "乙")):
            saved(who, draft, editor(who, draft), **{TITLE: title})
        page = opened(visitor(criteria_admin), address("edit-list", draft))
        assert "评估项 T1.2 · 名称 · 简体中文" in page.text
        assert address("edit-undo", draft, 2) in page.html and address("edit-undo", draft, 1) not in page.html
        page = posted(criteria_admin, address("edit-undo", draft, 1))
        assert "评估项 T1.2 · 名称 · 简体中文" in page.text

    def test_refuse_in_words_what_would_dangle(self, draft, criteria_admin):
        new = {"below": "passage", "code": "三", "title": "第三条"}
        posted(criteria_admin, address("element-add", draft, "source", "doc-1"), **new)
        saved(criteria_admin, draft, editor(criteria_admin, draft), cites=["doc-1#三"])
        page = opened(visitor(criteria_admin), address("edit-list", draft))
        assert address("edit-undo", draft, 1) not in page.html
        page = posted(criteria_admin, address("edit-undo", draft, 1))
        assert page.status == 200 and "T1.2引用的doc-1#三" in page.text

    def test_what_was_undone_and_brought_back_is_not_called_undone(self, draft, criteria_admin):
        saved(criteria_admin, draft, editor(criteria_admin, draft), **{TITLE: "甲"})
        posted(criteria_admin, address("edit-undo", draft, 1))
        assert "已撤销" in opened(visitor(criteria_admin), address("edit-list", draft)).text
        posted(criteria_admin, address("edit-undo", draft, 2))
        saved(criteria_admin, draft, editor(criteria_admin, draft), **{TITLE: "乙"})
        page = opened(visitor(criteria_admin), address("edit-list", draft))
        assert page.html.count('<span class="sub">已撤销</span>') == 1

    def test_asks_the_database_as_often_for_many_edits_as_for_few(self, draft, criteria_admin, other):
        def queries():
            with CaptureQueriesContext(connection) as captured:
                assert opened(visitor(criteria_admin), address("edit-list", draft)).status == 200
            return len(captured)

        saved(criteria_admin, draft, editor(criteria_admin, draft), **{TITLE: "甲"})
        few = queries()
        for who, title in ((other, "乙"), (criteria_admin, "丙"), (other, "丁")):
            saved(who, draft, editor(who, draft), **{TITLE: title})
        posted(criteria_admin, address("edit-undo", draft, 4))
        assert queries() == few

    def test_of_a_draft_without_any_say_how_to_begin(self, draft, criteria_admin):
        page = opened(visitor(criteria_admin), address("edit-list", draft))
        assert address("framework-edit", draft) in page.links


class TestUnfinished:
    """A draft is looked at, checked and handed out at every step of its making."""

    STEPS = [
        ("lens", "framework", "A", {}),
        ("dimension", "lens:A", "B", {"shape": "plain"}),
        ("dimension", "lens:A", "C", {"shape": "balance"}),
        ("criterion", "facet:B", "B1", {}),
        ("criterion", "facet:C.B", "C1", {}),
        ("level", "framework", "", {"threshold": "99"}),
        ("source", "framework", "s", {}),
        ("passage", "source:s", "一", {}),
        ("target", "framework", "t", {}),
    ]
    PLACES = [
        "framework-edit", "framework-detail", "framework-coverage", "framework-lint", "framework-publish",
        "comparison-detail", "source-list", "bench-detail", "bench-add", "edit-list", "framework-identity",
        "framework-file", "framework-book", "framework-copy",
    ]  # fmt: skip

    @pytest.fixture
    def begun(self, criteria_admin):
        page = opened(visitor(criteria_admin), "framework-add")
        sent(visitor(criteria_admin), page, {"name": "新框架", "code": "neu", "levels": "4"})
        return Framework.objects.get(code="neu")

    def add(self, user, draft, kind, parent, code, given):
        view = "framework-element-add" if parent == "framework" else "element-add"
        where = address(view, draft, *parent.split(":"))
        return posted(user, where, below=kind, code=code, title="新的", **given)

    @pytest.mark.parametrize("steps", range(len(STEPS) + 1))
    def test_every_page_opens_and_every_file_is_given(self, begun, criteria_admin, steps):
        for step in self.STEPS[:steps]:
            assert self.add(criteria_admin, begun, *step).status == 200
        for view in self.PLACES:
            response = visitor(criteria_admin).get(address(view, begun))
            assert (view, response.status_code) == (view, 200)
        for dimension in begun.outline().dimensions:
            assert opened(visitor(criteria_admin), address("framework-preview", begun, dimension.code)).status == 200
        for name in elements.take_apart(begun.outline()):
            if name != "framework":
                assert (
                    opened(visitor(criteria_admin), address("element-edit", begun, *name.split(":", 1))).status == 200
                )


class TestVersions:
    def test_a_new_version_is_copied_under_the_next_name(self, framework, criteria_admin):
        page = opened(visitor(criteria_admin), address("framework-copy", framework))
        assert page.form["version"] == "2025.1"
        page = read(visitor(criteria_admin).post(page.address, page.form, follow=True), page.address)
        assert page.status == 200
        assert Framework.objects.get(version="2025.1").previous == framework

    @pytest.mark.parametrize("version", ["2023.1", "2024.1-draft", "2024.1"])
    def test_a_copy_bears_a_higher_version_than_what_it_is_copied_from(self, framework, criteria_admin, version):
        page = posted(criteria_admin, address("framework-copy", framework), version=version)
        assert page.status == 422
        assert "版本号应高于所复制的2024.1" in page.text
        assert Framework.objects.count() == 1

    @pytest.mark.parametrize(
        ("given", "words"),
        [({"code": "中文"}, "只能用英文字母、数字和连字符"), ({"language": "中文"}, "例如zh-hans或en")],
    )
    def test_what_is_wrong_with_code_or_language_is_said_in_plain_words(self, criteria_admin, given, words):
        page = opened(visitor(criteria_admin), "framework-add")
        after = posted(criteria_admin, page.address, **page.form | {"name": "新框架", "code": "neu"} | given)
        assert after.status == 422
        assert words in after.text and "“字段”" not in after.text

    def test_a_draft_s_code_is_refused_in_the_same_words(self, criteria_admin):
        record = store(some_framework(), publish=False)
        page = posted(criteria_admin, address("framework-identity", record), code="中文", version="1.0")
        assert "只能用英文字母、数字和连字符" in page.text

    def test_a_version_that_could_not_be_published_is_refused_at_its_field(self, draft, criteria_admin):
        there, code = address("framework-identity", draft), draft.code
        assert "须高于最近发布的2024.1" in opened(visitor(criteria_admin), there).text
        page = posted(criteria_admin, there, code=code, version="2023.9")
        assert (page.status, page.form["version"]) == (422, "2023.9")
        assert "版本号须高于最近发布的2024.1" in page.text
        assert posted(criteria_admin, there, code=code, version="2024.2").status == 200
        assert draft.history.count() == 1

    def test_a_copy_without_a_version_of_its_own_keeps_it_until_somebody_names_it(self, framework, criteria_admin):
        record = actions.copy_as_draft(framework, by=criteria_admin)
        there = address("framework-identity", record)
        assert posted(criteria_admin, there, code=record.code, version=record.version, four_eyes="on").status == 200
        record.refresh_from_db()
        assert record.four_eyes and record.version == "2024.1-draft"

    def test_a_version_from_an_older_one_is_higher_than_the_last_one_published(self, framework, draft, criteria_admin):
        actions.publish(draft)
        page = opened(visitor(criteria_admin), address("framework-copy", framework))
        assert page.form["version"] == "2026.1"
        page = posted(criteria_admin, page.address, version="2024.2")
        assert page.status == 422 and "版本号须高于最近发布的2025.1" in page.text

    def test_a_new_framework_under_a_code_that_is_published_asks_for_a_higher_version(self, framework, criteria_admin):
        page = opened(visitor(criteria_admin), "framework-add")
        given = page.form | {"name": "新框架", "code": framework.code, "version": "1.0"}
        assert "版本号须高于最近发布的2024.1" in posted(criteria_admin, page.address, **given).text

    def test_a_language_is_taken_in_any_case(self, criteria_admin):
        page = opened(visitor(criteria_admin), "framework-add")
        posted(criteria_admin, page.address, **page.form | {"name": "新", "code": "Neu", "language": "zh-Hans"})
        assert Framework.objects.get(code="neu").language == "zh-hans"

    def test_a_framework_begins_from_nothing(self, criteria_admin):
        page = opened(visitor(criteria_admin), "framework-add")
        given = page.form | {"name": "新框架", "code": "neu", "levels": "4"}
        page = read(visitor(criteria_admin).post(page.address, given, follow=True), page.address)
        assert page.status == 200
        assert [level.threshold for level in Framework.objects.get(code="neu").outline().scale] == [
            None,
            16.7,
            50,
            83.3,
        ]

    def test_the_list_tells_state_who_and_use(self, draft, city, framework, criteria_admin, viewer):
        approved(make_round(city, framework))
        page = opened(visitor(criteria_admin), "framework-list")
        assert page.row("2024.1")[1] == "已发布" and "1" in page.row("2024.1")[3]
        assert "指标管理员" in " ".join(page.row("2025.1"))
        assert all("2025.1" not in row for row in opened(visitor(viewer), "framework-list").rows)

    def test_a_retired_version_takes_no_new_rounds_and_keeps_its_old_ones(self, city, framework, criteria_admin, lead):
        record = make_round(city, framework)
        page = opened(visitor(criteria_admin), address("framework-retire", framework))
        assert str(city) in page.text and "不能撤销" in page.text
        framework.refresh_from_db()
        assert framework.is_published
        posted(criteria_admin, address("framework-retire", framework))
        framework.refresh_from_db()
        assert (framework.state, framework.retired_by) == ("retired", criteria_admin)
        assert opened(visitor(lead), "assessment-detail", record.pk).status == 200
        assert str(framework.pk) not in opened(visitor(lead), "assessment-open").form.get("framework", "")

    def test_a_version_is_retired_once(self, framework, criteria_admin, admin, meanwhile):
        meanwhile(actions, "retire", lambda: actions.framework.retire(framework, by=admin))
        assert "未处于发布状态" in posted(criteria_admin, address("framework-retire", framework)).text
        framework.refresh_from_db()
        assert (framework.retired_by, Event.objects.filter(verb=Event.Verb.RETIRED).count()) == (admin, 1)

    @pytest.mark.parametrize(
        ("view", "action", "args"),
        [
            ("framework-identity", "name_draft", ()),
            ("framework-publish", "publish_draft", ()),
            ("framework-delete", "delete_draft", ()),
            ("edit-undo", "undo", (1,)),
        ],
    )
    def test_a_draft_that_is_deleted_at_the_same_moment_is_not_found(
        self, draft, criteria_admin, meanwhile, view, action, args
    ):
        saved(criteria_admin, draft, editor(criteria_admin, draft), weight="2")
        meanwhile(actions, action, lambda: Framework.objects.get(pk=draft.pk).delete())
        page = posted(criteria_admin, address(view, draft, *args), code=draft.code, version="2025.2")
        assert page.status == 404

    def test_publishing_sends_what_was_seen(self, draft, criteria_admin):
        saved(criteria_admin, draft, editor(criteria_admin, draft), weight="2")
        page = opened(visitor(criteria_admin), address("framework-publish", draft))
        reasons = {name: "本版保留" for name in page.form if name.startswith("reason ")}
        for seen, status in (("", 422), ("0", 422), (page.form["seen"], 200)):
            sent = visitor(criteria_admin).post(page.address, page.form | reasons | {"seen": seen}, follow=True)
            assert sent.status_code == status
        draft.refresh_from_db()
        assert draft.is_published

    def test_how_a_version_was_published_is_told_to_editors_and_auditors(self, draft, criteria_admin, auditor, viewer):
        saved(criteria_admin, draft, editor(criteria_admin, draft), weight="2")
        page = opened(visitor(criteria_admin), address("framework-publish", draft))
        reasons = {name: f"理由{n}" for n, name in enumerate(n for n in page.form if n.startswith("reason "))}
        assert reasons
        visitor(criteria_admin).post(page.address, page.form | reasons)
        for person in (criteria_admin, auditor):
            page = opened(visitor(person), address("publication-detail", draft))
            assert page.status == 200
            assert all(reason in page.text for reason in reasons.values())
            assert str(criteria_admin) in page.text and "1次" in page.text.replace(" ", "")
            edits = opened(visitor(person), address("edit-list", draft))
            assert edits.status == 200 and "权重" in edits.text and "撤销" not in edits.text
        assert opened(visitor(viewer), address("edit-list", draft)).status == 404
        assert opened(visitor(viewer), address("publication-detail", draft)).status == 404

    def test_a_draft_was_not_published(self, draft, criteria_admin):
        assert opened(visitor(criteria_admin), address("publication-detail", draft)).status == 404

    def test_a_preview_looks_like_the_answer_page_and_takes_nothing(self, draft, criteria_admin):
        page = opened(visitor(criteria_admin), address("framework-preview", draft, "P1"))
        assert page.status == 200
        assert "评估项P1.A1" in page.text and "P1.A1-level" not in page.form


class TestStrangers:
    PLACES = [
        ("framework-edit", ()),
        ("element-edit", ("criterion", "T1.1")),
        ("edit-list", ()),
        ("framework-identity", ()),
        ("framework-preview", ("T1",)),
        ("framework-copy", ()),
    ]
    ACTS = [
        ("element-add", ("dimension", "T1")),
        ("element-move", ("criterion", "T1.1")),
        ("element-remove", ("criterion", "T1.1")),
        ("element-change", ("split", "criterion", "T1.1")),
        ("edit-undo", (1,)),
        ("framework-delete", ()),
        ("element-edit", ("criterion", "T1.1")),
    ]

    @pytest.mark.parametrize(("view", "args"), PLACES)
    def test_see_no_draft(self, draft, lead, view, args):
        assert opened(visitor(lead), address(view, draft, *args)).status == 404

    @pytest.mark.parametrize(("view", "args"), ACTS)
    def test_change_no_draft(self, draft, lead, view, args):
        before = draft.outline()
        assert posted(lead, address(view, draft, *args), below="criterion", code="X", title="甲").status == 404
        assert draft.outline() == before

    @pytest.mark.parametrize(("view", "args"), ACTS)
    def test_nobody_changes_what_is_published(self, framework, criteria_admin, view, args):
        before = framework.outline()
        assert posted(criteria_admin, address(view, framework, *args), below="criterion", code="X").status == 404
        assert framework.outline() == before

    @pytest.mark.parametrize("name", [("criterion", "T9"), ("nothing", "T1"), ("passage", "doc-1"), ("framework", "x")])
    def test_an_element_that_is_not_there_is_404(self, draft, criteria_admin, name):
        assert editor(criteria_admin, draft, *name).status in (404, 200 if name[0] == "framework" else 404)
