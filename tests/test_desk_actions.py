"""Editing a draft: saved field by field, merged with others' work, undone; structure and versions."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment import actions, bench, elements
from assessment.actions import InTheWay, Overtaken, ReasonMissing, Refused
from assessment.dangling import faults
from assessment.exchange.framework import write_framework, write_framework_book
from assessment.models import Edit, Event, Framework
from assessment.models.edit import Edit as Row
from tests.factories import make_framework, text
from tests.records import make_user, some_framework, store
from tests.test_undoing import some_edits
from tests.views.pages import opened, visitor

pytestmark = [pytest.mark.database, pytest.mark.django_db]
TITLE = "title.zh-hans"


@pytest.fixture
def draft(db):
    return store(some_framework(), publish=False)


@pytest.fixture
def other(db):
    return make_user("other", "另一人")


def save(record, name, by, seen=None, **values):
    given = {path.replace("__", "."): value for path, value in values.items()}
    record.refresh_from_db()
    return actions.save_element(record, name, given, by=by, seen=record.edits if seen is None else seen)


def titled(record, name, words, by, seen=None):
    record.refresh_from_db()
    return actions.save_element(record, name, {TITLE: words}, by=by, seen=record.edits if seen is None else seen)


class TestSaving:
    def test_a_field_is_stored_and_the_edit_tells_before_and_after(self, draft, criteria_admin):
        saved = save(draft, "criterion:T1.1", criteria_admin, weight=2)
        assert draft.outline().criteria["T1.1"].weight == 2
        edit = draft.history.get()
        assert (saved.number, edit.number, edit.by) == (1, 1, criteria_admin)
        change = edit.changes["criterion:T1.1"]
        assert (change["before"]["weight"], change["after"]["weight"]) == (1, 2)

    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("framework", {"about.zh-hans": "说明"}),
            ("level:2", {"threshold": 31.5, "name.en": "Managed"}),
            ("source:doc-1", {"number": "2号", "issued": "2024-05-14", "issuers": ["甲", "乙"]}),
            ("passage:doc-1#一", {"quote.zh-hans": "另一段原文"}),
            ("lens:T", {"weight": 3, "name.en": "Trends"}),
            ("dimension:T1", {"name.zh-hans": "新名", "cites": []}),
            ("facet:P1.A", {"weight": 2}),
            ("criterion:T1.1", {"levels.3.descriptor.en": "Three", "effort": 4, "tags": ["丙:丁"], "key": False}),
            ("target:2027", {"levels": {"T1.2": 5, "default": 2}}),
        ],
    )
    def test_every_kind_of_element_is_stored_as_a_file_would_say_it(self, draft, criteria_admin, name, values):
        expected = elements.take_apart(draft.outline())
        expected[name] = elements.with_values(expected[name], values)
        expected = elements.applied(expected, elements.with_only_facets({name: expected[name]}, expected))
        actions.save_element(draft, name, values, by=criteria_admin, seen=0)
        assert draft.outline() == elements.put_together(expected)

    def test_what_is_as_it_was_is_no_edit(self, draft, criteria_admin):
        save(draft, "criterion:T1.1", criteria_admin, weight=1)
        assert not draft.history.exists()

    def test_two_people_in_two_fields_both_stay(self, draft, criteria_admin, other):
        titled(draft, "criterion:T1.2", "他人的名称", other, seen=0)
        saved = save(draft, "criterion:T1.2", criteria_admin, seen=0, weight=4)
        criterion = draft.outline().criteria["T1.2"]
        assert (str(criterion.title), criterion.weight) == ("他人的名称", 4)
        assert (saved.conflicts, saved.others, saved.by) == ((), (TITLE,), other)

    def test_two_people_in_one_field_nothing_is_overwritten_and_it_is_named(self, draft, criteria_admin, other):
        titled(draft, "criterion:T1.2", "他人的名称", other, seen=0)
        saved = titled(draft, "criterion:T1.2", "我的名称", criteria_admin, seen=0)
        assert str(draft.outline().criteria["T1.2"].title) == "他人的名称"
        assert saved.conflicts == (TITLE,)

    def test_after_seeing_theirs_mine_may_stand(self, draft, criteria_admin, other):
        titled(draft, "criterion:T1.2", "他人的名称", other, seen=0)
        saved = titled(draft, "criterion:T1.2", "我的名称", criteria_admin, seen=0)
        titled(draft, "criterion:T1.2", "我的名称", criteria_admin, seen=saved.number)
        assert str(draft.outline().criteria["T1.2"].title) == "我的名称"
        latest = draft.history.first().changes["criterion:T1.2"]
        assert latest["before"]["title"]["zh-hans"] == "他人的名称"

    def test_an_element_that_is_gone_is_overtaken(self, draft, criteria_admin, other):
        actions.rearrange(
            draft, lambda now: elements.removing(now, "criterion:T1.2"), by=other, cause=Edit.Cause.REMOVED
        )
        with pytest.raises(Overtaken, match=r"T1\.2"):
            save(draft, "criterion:T1.2", criteria_admin, seen=0, weight=2)

    def test_a_quotation_and_a_status_that_forbids_it_never_meet(self, draft, criteria_admin, other):
        save(draft, "passage:doc-1#一", other, seen=0, status="excerpt")
        with pytest.raises(Refused):
            save(draft, "passage:doc-1#一", criteria_admin, status="title-only")

    def test_a_passage_that_went_meanwhile_is_not_cited(self, draft, criteria_admin, other):
        actions.rearrange(
            draft, lambda now: elements.removing(now, "passage:doc-1#二"), by=other, cause=Edit.Cause.REMOVED
        )
        cite = {"source": "doc-1", "passage": "二", "role": "basis"}
        with pytest.raises(InTheWay, match="doc-1#二"):
            save(draft, "criterion:T1.2", criteria_admin, cites=[cite])

    def test_what_leaves_everything_as_it_is_makes_no_edit(self, draft, criteria_admin):
        actions.rearrange(
            draft,
            lambda now: elements.moving(now, "criterion:T1.1", "facet:T1", 0),
            by=criteria_admin,
            cause=Edit.Cause.MOVED,
        )
        assert not draft.history.exists()

    def test_a_published_version_is_not_edited(self, draft, criteria_admin):
        actions.publish(draft)
        with pytest.raises(Refused):
            save(draft, "criterion:T1.1", criteria_admin, weight=2)
        assert not Row.objects.exists()


class TestUndoing:
    def test_brings_back_what_was_and_can_be_undone_itself(self, draft, criteria_admin):
        before = draft.outline()
        save(draft, "criterion:T1.1", criteria_admin, weight=2)
        changed = draft.outline()
        actions.undo(draft, 1, by=criteria_admin)
        assert draft.outline() == before
        actions.undo(draft, 2, by=criteria_admin)
        assert draft.outline() == changed

    def test_brings_back_what_was_removed_with_all_below_and_its_place(self, draft, criteria_admin):
        before = draft.outline()
        actions.rearrange(
            draft, lambda now: elements.removing(now, "lens:T"), by=criteria_admin, cause=Edit.Cause.REMOVED
        )
        assert [lens.code for lens in draft.outline().lenses] == ["P"]
        actions.undo(draft, 1, by=criteria_admin)
        assert draft.outline() == before

    def test_is_refused_where_something_was_changed_again(self, draft, criteria_admin, other):
        save(draft, "criterion:T1.1", other, weight=2)
        save(draft, "criterion:T1.1", criteria_admin, weight=3)
        with pytest.raises(Refused, match=r"T1\.1"):
            actions.undo(draft, 1, by=criteria_admin)
        assert set(actions.not_undoable(draft, draft.history.all())) == {1}

    def test_a_passage_that_is_cited_by_now_is_refused_with_who_cites_it(self, draft, criteria_admin):
        new = elements.blank("passage", "doc-1#三")
        actions.rearrange(
            draft,
            lambda now: elements.adding(now, "source:doc-1", "passage:doc-1#三", new),
            by=criteria_admin,
            cause=Edit.Cause.ADDED,
        )
        cite = {"source": "doc-1", "passage": "三", "role": "basis"}
        save(draft, "criterion:T1.2", criteria_admin, cites=[cite])
        with pytest.raises(InTheWay, match=r"doc-1#三.*T1\.2"):
            actions.undo(draft, 1, by=criteria_admin)
        assert set(actions.not_undoable(draft, draft.history.all())) == {1}

    def test_a_citation_of_a_passage_that_is_gone_is_refused(self, draft, criteria_admin):
        save(draft, "criterion:T1.1", criteria_admin, cites=[])
        self.remove(draft, "passage:doc-1#二", criteria_admin)
        with pytest.raises(InTheWay, match=r"doc-1#二.*T1\.1"):
            actions.undo(draft, 1, by=criteria_admin)

    def test_a_removed_criterion_comes_back_after_others_came(self, draft, criteria_admin):
        self.remove(draft, "criterion:T1.2", criteria_admin)
        self.remove(draft, "criterion:T1.1", criteria_admin)
        save(draft, "dimension:T1", criteria_admin, weight=2)
        actions.undo(draft, 1, by=criteria_admin)
        assert [c.code for c in draft.outline().dimensions[0].criteria] == ["T1.2", "T1.3"]
        actions.undo(draft, 4, by=criteria_admin)
        assert [c.code for c in draft.outline().dimensions[0].criteria] == ["T1.3"]

    def test_what_is_as_it_was_before_is_not_undone_once_more(self, draft, criteria_admin):
        save(draft, "criterion:T1.1", criteria_admin, weight=2)
        actions.undo(draft, 1, by=criteria_admin)
        with pytest.raises(Refused):
            actions.undo(draft, 1, by=criteria_admin)
        assert draft.history.count() == 2

    def remove(self, draft, name, by):
        actions.rearrange(draft, lambda now: elements.removing(now, name), by=by, cause=Edit.Cause.REMOVED)

    def test_an_import_is_one_edit(self, draft, criteria_admin):
        before = draft.outline()
        wanted = replace(make_framework(), name=text("导入的框架"))
        actions.replace_all(draft, wanted, by=criteria_admin)
        assert draft.outline() == wanted
        actions.undo(draft, 1, by=criteria_admin)
        assert draft.outline() == before


class TestGoingOn:
    """Who types with pauses wrote one sentence: one edit, undone to what stood there before."""

    def write(self, draft, by, *titles, seen=None):
        for title in titles:
            saved = titled(draft, "criterion:T1.1", title, by, seen)
        return saved

    def test_one_field_within_minutes_is_one_edit_that_goes_back_to_the_text_before(self, draft, criteria_admin):
        before = draft.outline()
        self.write(draft, criteria_admin, "一", "一句", "一句话")
        edit = draft.history.get()
        change = edit.changes["criterion:T1.1"]
        assert (change["before"]["title"]["zh-hans"], change["after"]["title"]["zh-hans"]) == ("评估项T1.1", "一句话")
        assert [each["value"] for each in edit.passed] == ["一", "一句"]
        assert edit.number == 3 and edit.begun_at < edit.at
        actions.undo(draft, edit.number, by=criteria_admin)
        assert draft.outline() == before

    def test_a_name_that_a_dimension_lends_its_side_is_one_field(self, draft, criteria_admin):
        for name in ("甲", "乙"):
            save(draft, "dimension:T1", criteria_admin, **{"name.zh-hans": name})
        assert draft.history.count() == 1

    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("criterion:T1.2", {TITLE: "别处"}),
            ("criterion:T1.1", {"title.en": "Other"}),
            ("criterion:T1.1", {TITLE: "一句话", "weight": 2}),
            ("criterion:T1.1", {TITLE: "评估项T1.1"}),  # as it was before
        ],
    )
    def test_another_place_or_the_way_back_is_an_edit_of_its_own(self, draft, criteria_admin, name, values):
        self.write(draft, criteria_admin, "一")
        save(draft, name, criteria_admin, **values)
        assert draft.history.count() == 2

    def test_what_is_ticked_is_an_edit_each(self, draft, criteria_admin):
        cites = [{"source": "doc-1", "passage": passage, "role": "basis"} for passage in ("一", "二")]
        save(draft, "criterion:T1.3", criteria_admin, cites=cites[:1])
        save(draft, "criterion:T1.3", criteria_admin, cites=cites)
        assert draft.history.count() == 2

    def test_after_a_while_after_somebody_else_or_an_undoing_a_new_edit_begins(self, draft, criteria_admin, other):
        self.write(draft, criteria_admin, "一")
        draft.history.update(at=timezone.now() - timedelta(minutes=6))
        self.write(draft, criteria_admin, "二")
        self.write(draft, other, "三")
        self.write(draft, criteria_admin, "四")
        actions.undo(draft, 4, by=criteria_admin)
        self.write(draft, criteria_admin, "五")
        assert [edit.number for edit in draft.history.all()] == [6, 5, 4, 3, 2, 1]

    def test_who_saw_the_half_of_it_is_not_asked_about_what_they_did_not_touch(self, draft, criteria_admin, other):
        seen = self.write(draft, criteria_admin, "一", "一句").number
        self.write(draft, criteria_admin, "一句话")
        saved = save(draft, "criterion:T1.1", other, seen, **{TITLE: "一句", "weight": 2})
        assert (saved.conflicts, saved.others) == ((), (TITLE,))
        criterion = draft.outline().criteria["T1.1"]
        assert (str(criterion.title), criterion.weight) == ("一句话", 2)

    def test_who_saw_the_half_of_it_and_wrote_there_is_asked(self, draft, criteria_admin, other):
        seen = self.write(draft, criteria_admin, "一", "一句").number
        self.write(draft, criteria_admin, "一句话")
        assert self.write(draft, other, "一段", seen=seen).conflicts == (TITLE,)

    def test_an_edit_that_was_carried_on_is_not_undone_unseen(self, draft, criteria_admin):
        self.write(draft, criteria_admin, "一", "一句")
        with pytest.raises(Overtaken):
            actions.undo(draft, 1, by=criteria_admin)


class TestRandomly:
    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.data())
    def test_whatever_is_edited_and_undone_can_be_stored_exported_and_opened(self, criteria_admin, data):
        Framework.objects.all().delete()
        draft = store(some_framework(), publish=False)
        for _step in range(data.draw(st.integers(1, 8))):
            if draft.history.exists() and data.draw(st.booleans()):
                number = data.draw(st.sampled_from([edit.number for edit in draft.history.all()]))
                hindered = actions.not_undoable(draft, draft.history.all())
                try:
                    actions.undo(draft, number, by=criteria_admin)
                    assert number not in hindered
                except Refused:
                    assert number in hindered
            else:
                actions.rearrange(
                    draft, lambda now: data.draw(some_edits(now)), by=criteria_admin, cause=Edit.Cause.EDITED
                )
            draft.refresh_from_db()
            framework = draft.outline()
            assert faults(elements.take_apart(framework)) == set()
            assert write_framework(framework) and write_framework_book(framework)
        for view in ("framework-edit", "framework-detail", "framework-lint", "edit-list"):
            assert opened(visitor(criteria_admin), view, draft.code, draft.version).status == 200


class TestVersions:
    def test_a_copy_knows_what_it_was_copied_from_and_replaces_nothing(self, framework, criteria_admin):
        draft = actions.copy_as_draft(framework, "2025.1", by=criteria_admin)
        assert (draft.previous, draft.created_by, draft.is_draft) == (framework, criteria_admin, True)
        assert draft.codes_before() == set(framework.outline().criteria)
        assert not any(c.replaces for c in draft.outline().criteria.values())

    def test_a_version_that_exists_is_refused(self, framework, criteria_admin):
        with pytest.raises(Refused, match=framework.version):
            actions.copy_as_draft(framework, framework.version, by=criteria_admin)

    def test_a_draft_is_named_anew_and_no_other_takes_its_name(self, framework, criteria_admin):
        draft = actions.copy_as_draft(framework, "2025.1", by=criteria_admin)
        actions.name_draft(draft, by=criteria_admin, code=draft.code, version="2025.2", four_eyes=True)
        draft.refresh_from_db()
        assert (draft.version, draft.four_eyes) == ("2025.2", True)
        with pytest.raises(Refused):
            actions.name_draft(draft, by=criteria_admin, code=draft.code, version=framework.version, four_eyes=False)

    def test_a_draft_is_deleted_with_its_edits_and_the_log_keeps_it(self, draft, criteria_admin):
        save(draft, "criterion:T1.1", criteria_admin, weight=2)
        actions.delete_draft(draft, by=criteria_admin)
        assert not Framework.objects.exists() and not Edit.objects.exists()
        assert Event.objects.filter(verb=Event.Verb.FRAMEWORK_DELETED, by=criteria_admin).exists()

    def test_a_draft_that_is_deleted_in_the_moment_of_a_save_is_said(self, draft, criteria_admin):
        actions.delete_draft(Framework.objects.get(pk=draft.pk), by=criteria_admin)
        with pytest.raises(Overtaken, match="已被删除"):
            actions.save_element(draft, "criterion:T1.1", {"weight": 2}, by=criteria_admin, seen=0)

    def test_what_is_published_is_not_deleted(self, framework, criteria_admin):
        with pytest.raises(Refused):
            actions.delete_draft(framework, by=criteria_admin)


class TestPublishing:
    @pytest.fixture
    def ready(self, framework, criteria_admin):
        """A copy in which one weight changed."""
        draft = actions.copy_as_draft(framework, "2025.1", by=criteria_admin)
        save(draft, "criterion:T1.1", criteria_admin, weight=2)
        draft.refresh_from_db()
        return draft

    def reasons(self, draft):
        return {finding.key: "本版保留" for finding in actions.findings(draft) if finding.severity == "warning"}

    def test_keeps_the_reasons_and_how_the_quotations_stood(self, ready, criteria_admin):
        reasons = self.reasons(ready)
        actions.publish_draft(ready, reasons, by=criteria_admin)
        ready.refresh_from_db()
        assert (ready.is_published, ready.published_by, ready.reasons) == (True, criteria_admin, reasons)
        assert [check["passage"] for check in ready.checks] == ["doc-1#一"]

    def test_every_warning_needs_its_reason(self, ready, criteria_admin):
        missing = dict(list(self.reasons(ready).items())[1:])
        with pytest.raises(ReasonMissing):
            actions.publish_draft(ready, missing, by=criteria_admin)
        ready.refresh_from_db()
        assert ready.is_draft

    def test_an_error_blocks_whatever_the_reasons(self, ready, criteria_admin):
        save(ready, "criterion:T1.1", criteria_admin, **{"levels.2.descriptor.zh-hans": ""})
        with pytest.raises(InTheWay) as refusal:
            actions.publish_draft(ready, self.reasons(ready), by=criteria_admin)
        assert [str(finding.place) for finding in refusal.value.obstacles] == [
            "criterion:T1.1 levels.2.descriptor zh-hans"
        ]

    def test_a_golden_set_that_changed_blocks_until_somebody_accepts(self, framework, criteria_admin):
        draft = actions.copy_as_draft(framework, "2025.1", by=criteria_admin)
        golden = actions.add_golden_set(draft, "想象市", {"T1.1": 5, "T1.2": 0, "T1.3": 0}, by=criteria_admin)
        save(draft, "criterion:T1.1", criteria_admin, weight=9)
        draft.refresh_from_db()
        with pytest.raises(InTheWay):
            actions.publish_draft(draft, self.reasons(draft), by=criteria_admin)
        now = bench.figures(draft.outline(), golden.answers)
        actions.accept_golden_set(golden, seen=bench.digest(now), by=criteria_admin)
        actions.publish_draft(draft, self.reasons(draft), by=criteria_admin)

    def test_a_version_that_is_not_higher_is_refused(self, ready, criteria_admin):
        actions.name_draft(ready, by=criteria_admin, code=ready.code, version="2023.9", four_eyes=False)
        with pytest.raises(Refused, match=r"2024\.1"):
            actions.publish_draft(ready, self.reasons(ready), by=criteria_admin)

    def test_nothing_changed_is_nothing_to_publish(self, framework, criteria_admin):
        draft = actions.copy_as_draft(framework, "2025.1", by=criteria_admin)
        with pytest.raises(Refused, match=r"2024\.1"):
            actions.publish_draft(draft, self.reasons(draft), by=criteria_admin)

    def test_four_eyes_are_not_two(self, ready, criteria_admin, other):
        actions.name_draft(ready, by=criteria_admin, code=ready.code, version=ready.version, four_eyes=True)
        with pytest.raises(Refused):
            actions.publish_draft(ready, self.reasons(ready), by=criteria_admin)
        actions.publish_draft(ready, self.reasons(ready), by=other)
        ready.refresh_from_db()
        assert ready.published_by == other

    def test_whoever_would_publish_has_seen_what_is_published(self, ready, criteria_admin, other):
        actions.name_draft(ready, by=criteria_admin, code=ready.code, version=ready.version, four_eyes=True)
        seen = actions.mark_of(ready, ready.outline())
        save(ready, "criterion:T1.2", criteria_admin, **{"statement.zh-hans": "发布人没有看到的内容"})
        reasons = self.reasons(ready)
        with pytest.raises(Overtaken):
            actions.publish_draft(ready, reasons, by=other, seen=seen)
        ready.refresh_from_db()
        assert ready.is_draft
        actions.publish_draft(ready, reasons, by=other, seen=actions.mark_of(ready, ready.outline()))

    def test_who_edited_does_not_switch_four_eyes_off(self, ready, criteria_admin, other):
        named = {"code": ready.code, "version": ready.version}
        actions.name_draft(ready, by=criteria_admin, four_eyes=True, **named)
        with pytest.raises(Refused):
            actions.name_draft(ready, by=criteria_admin, four_eyes=False, **named)
        ready.refresh_from_db()
        assert ready.four_eyes
        actions.name_draft(ready, by=other, four_eyes=False, **named)
        found = Event.objects.filter(verb=Event.Verb.FOUR_EYES).order_by("pk").values_list("by", "details")
        assert list(found) == [(criteria_admin.pk, {"four_eyes": "True"}), (other.pk, {"four_eyes": "False"})]

    def test_who_accepts_a_golden_set_is_an_author(self, framework, criteria_admin, other):
        draft = actions.copy_as_draft(framework, "2025.1", by=criteria_admin)
        actions.name_draft(draft, by=other, code=draft.code, version=draft.version, four_eyes=True)
        golden = actions.add_golden_set(draft, "想象市", {"T1.1": 5}, by=criteria_admin)
        assert not actions.is_author(draft, other)
        now = bench.figures(draft.outline(), golden.answers)
        actions.accept_golden_set(golden, seen=bench.digest(now), by=other)
        assert actions.is_author(draft, other)

    def test_the_next_version_asks_for_four_eyes_as_this_one_did(self, ready, criteria_admin, other):
        actions.name_draft(ready, by=criteria_admin, code=ready.code, version=ready.version, four_eyes=True)
        actions.publish_draft(ready, self.reasons(ready), by=other)
        ready.refresh_from_db()
        draft = actions.copy_as_draft(ready, "2026.1", by=criteria_admin)
        assert draft.four_eyes and not actions.is_author(draft, criteria_admin)
