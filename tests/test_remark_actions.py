"""What people add to a report: only ever added to, never over somebody's head, and logged without its words."""

from datetime import date

import pytest

from assessment import actions
from assessment.actions import Overtaken, Refused, WrongState
from assessment.models import Assessment, Event, Remark
from assessment.reports.gathering import gather
from assessment.reports.rewriting import rewrites
from tests.factories import EXAMPLE_TWO
from tests.records import approved, make_round

pytestmark = [pytest.mark.database, pytest.mark.django_db]
BOTH = ("added", "reworded")


@pytest.fixture
def record(city, framework):
    return make_round(city, framework, EXAMPLE_TWO)


def write(record, by, text, code="", place="summary", seen=0, language="zh-hans"):
    return actions.write_remark(record, code, {place: text}, seen={place: seen}, language=language, by=by)


def advise(record, by, code, added="", reworded="", seen=(0, 0)):
    texts = {"added": added, "reworded": reworded}
    return actions.write_remark(record, code, texts, seen=dict(zip(BOTH, seen, strict=True)), language="zh-hans", by=by)


def stand(record):
    newest = record.remarks.newest().exclude(text="")
    return {(row.place, row.code, row.language): row.text for row in newest}


class TestWriting:
    def test_makes_a_version_that_the_report_prints_with_its_author(self, record, consultant):
        write(record, consultant, "总体**向好**。")
        words = gather(record).summary.words
        assert [block.text for block in words.blocks] == ["总体向好。"]
        assert words.by == "顾问"

    def test_adds_a_version_and_keeps_the_one_before(self, record, consultant, lead):
        write(record, consultant, "甲")
        write(record, lead, "乙", seen=1)
        assert [(row.number, row.text, row.by) for row in record.remarks.order_by("number")] == [
            (1, "甲", consultant),
            (2, "乙", lead),
        ]

    def test_the_same_once_more_makes_no_version(self, record, consultant):
        write(record, consultant, "甲")
        assert write(record, consultant, "甲", seen=1) == []
        assert record.remarks.count() == 1

    def test_nothing_takes_the_words_back(self, record, consultant):
        write(record, consultant, "甲")
        write(record, consultant, "", seen=1)
        assert gather(record).summary.words is None
        assert record.remarks.count() == 2

    def test_in_english_is_another_text(self, record, consultant):
        write(record, consultant, "甲")
        write(record, consultant, "One", language="en")
        assert [gather(record, language=to).summary.words.blocks[0].text for to in ("zh-hans", "en")] == ["甲", "One"]

    def test_after_somebody_else_saved_is_refused_and_writes_nothing(self, record, consultant, lead):
        write(record, lead, "牵头人写的")
        with pytest.raises(Overtaken):
            write(record, consultant, "顾问写的", seen=0)
        assert stand(record) == {("summary", "", "zh-hans"): "牵头人写的"}

    def test_a_recommendation_stands_at_one_of_its_two_places(self, record, consultant):
        advise(record, consultant, "T1.1", added="再加一步")
        advise(record, consultant, "T1.1", reworded="换个说法", seen=(1, 0))
        assert stand(record) == {("reworded", "T1.1", "zh-hans"): "换个说法"}
        gap = next(gap for gap in gather(record).improvements if gap.code == "T1.1")
        assert (gap.added, gap.reworded.blocks[0].text) == (None, "换个说法")

    def test_at_the_other_place_of_the_spot_is_seen_as_overtaken_too(self, record, consultant, lead):
        advise(record, lead, "T1.1", added="再加一步")
        with pytest.raises(Overtaken):
            advise(record, consultant, "T1.1", reworded="换个说法")

    def test_goes_on_after_approval(self, record, consultant):
        approved(record)
        write(record, consultant, "定稿后的评述")
        assert gather(record).summary.words

    @pytest.mark.parametrize("state", ["draft", "moved", "undone"])
    def test_is_refused_where_a_round_is_only_read(self, record, consultant, state):
        Assessment.objects.filter(pk=record.pk).update(state=state)
        with pytest.raises(WrongState):
            write(record, consultant, "甲")
        with pytest.raises(WrongState):
            actions.set_improvements(record, {"T1.1": ("市数据局", None)}, by=consultant)
        assert not Remark.objects.exists()

    def test_is_logged_by_place_and_version_without_the_words(self, record, consultant):
        advise(record, consultant, "T1.1", added="不该进日志的文字")
        event = Event.objects.get(verb="remarked")
        assert (event.by, event.assessment, "T1.1" in event.target) == (consultant, record, True)
        assert event.details == {"version": "1", "language": "中文"}
        assert "文字" not in event.target


class TestHistory:
    @pytest.fixture
    def three(self, record, consultant, lead):
        advise(record, consultant, "T1.1", added="按季度通报一次")
        advise(record, lead, "T1.1", added="按月通报一次", seen=(1, 0))
        advise(record, lead, "T1.1", reworded="另起一段", seen=(2, 0))
        return record

    def test_tells_what_each_version_changed(self, three):
        steps = rewrites(three.remarks.order_by("pk"))
        assert [(step.remark.place, step.remark.number) for step in steps] == [
            ("added", 1),
            ("added", 2),
            ("added", 3),
            ("reworded", 1),
        ]
        assert (steps[1].edit.removed, steps[1].edit.added) == ("季度", "月")
        assert (steps[2].before, steps[2].remark.text) == ("按月通报一次", "")

    def restore(self, record, by, place="added", number=1, code="T1.1"):
        return actions.restore_remark(record, code, BOTH, place, number, language="zh-hans", by=by)

    def test_restoring_makes_a_new_version_and_empties_the_other_place(self, three, consultant):
        assert (self.restore(three, consultant).place, three.remarks.latest("pk").place) == ("added", "reworded")
        assert stand(three) == {("added", "T1.1", "zh-hans"): "按季度通报一次"}
        assert three.remarks.filter(place="added").count() == 4

    def test_restoring_what_stands_changes_nothing(self, three, consultant):
        self.restore(three, consultant, place="reworded")
        assert three.remarks.count() == 4

    @pytest.mark.parametrize("given", [{"number": 9}, {"code": "T1.2"}, {"place": "summary"}])
    def test_there_is_no_other_version(self, three, consultant, given):
        with pytest.raises(Refused):
            self.restore(three, consultant, **given)


class TestImprovements:
    def set(self, record, by, **wanted):
        return actions.set_improvements(record, {code.replace("_", "."): wish for code, wish in wanted.items()}, by=by)

    def stored(self, record):
        return {row.criterion: (row.owner, row.due_on) for row in record.improvements.all()}

    def test_are_printed_beside_their_gap(self, record, lead):
        assert self.set(record, lead, T1_1=("市数据局", date(2027, 6, 30))) == 1
        gap = next(gap for gap in gather(record).improvements if gap.code == "T1.1")
        assert (gap.assigned.owner, gap.assigned.due_on) == ("市数据局", date(2027, 6, 30))

    def test_change_alone_and_go_when_both_are_empty(self, record, lead):
        self.set(record, lead, T1_1=("甲", None), P1_B1=("乙", None))
        assert self.set(record, lead, T1_1=("", None), P1_B1=("乙", None)) == 1
        assert self.stored(record) == {"P1.B1": ("乙", None)}

    def test_of_no_criterion_are_refused_and_nothing_is_set(self, record, lead):
        with pytest.raises(Refused, match=r"X9\.9"):
            self.set(record, lead, T1_1=("甲", None), X9_9=("乙", None))
        assert self.stored(record) == {}

    def test_are_logged(self, record, lead):
        self.set(record, lead, T1_1=("甲", None))
        assert Event.objects.get(verb="improvements_set").target == "T1.1"
        self.set(record, lead, T1_1=("甲", None))
        assert Event.objects.filter(verb="improvements_set").count() == 1
