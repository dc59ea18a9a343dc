"""What does not apply has its reason, whatever way the answer comes; and one without would be named before submitting."""

import pytest
from django.urls import reverse

from assessment import actions
from assessment.models import Assessment, Response, Version
from assessment.outline import Response as Answer
from tests.attacks import sql
from tests.commands.running import run
from tests.exchange.samples import ANSWERS, FRAMEWORK, spoilt, write
from tests.factories import make_assessment
from tests.records import make_round
from tests.views.pages import opened, sent, visitor
from tests.views.test_pack import apply, filled, upload

pytestmark = [pytest.mark.django_db, pytest.mark.database]
BLANKS = ["", " ", " \n\t ", "\u3000"]


def put_blank_reason(record, code="T1.1"):
    """As somebody at the database could, past everything."""
    criterion = record.framework.criteria.get(code=code)
    record.responses.get_or_create(criterion=criterion)
    table = Response._meta.db_table
    sql(f"UPDATE {table} SET level = NULL, not_applicable = ' ' WHERE criterion_id = %s", criterion.pk)


def without_reason():
    """The answers that say not applicable and nothing more, and the versions that do."""
    rows = Response.objects.exclude(not_applicable="").values_list("not_applicable", flat=True)
    versions = [version.outline().not_applicable for version in Version.objects.select_related("criterion")]
    return [reason for reason in [*rows, *filter(None, versions)] if not reason.strip()]


@pytest.mark.parametrize("reason", BLANKS, ids=repr)
class TestNoWayIn:
    def fields(self, reason):
        return {"T1.1-level": "na", "T1.1-not_applicable": reason, "T1.1-rationale": "写了"}

    def test_through_the_form(self, assessment, lead, reason):
        page = opened(visitor(lead), "dimension-answer", assessment.pk, "T1")
        assert sent(visitor(lead), page, self.fields(reason)).status == 422
        assert not assessment.responses.exists()

    def test_through_a_card_that_saves_itself(self, assessment, lead, reason):
        card = self.fields(reason) | {"T1.1-rows": "1", "T1.1-seen": "0"}
        address = reverse("response-save", args=[assessment.pk, "T1.1"])
        assert visitor(lead).post(address, card, headers={"HX-Request": "true"}).status_code == 422
        assert not assessment.responses.exists()

    def test_through_an_answers_file(self, city, tmp_path, reason):
        run("load_framework", write(tmp_path, FRAMEWORK, "framework.yaml"), "--publish")
        spelled = reason.replace("\n", "\\n").replace("\t", "\\t")
        file = spoilt(ANSWERS, "not_applicable: 本市无此事项", f'not_applicable: "{spelled}"')
        assert run("import_assessment", write(tmp_path, file)).code == 2
        assert not Assessment.objects.exists()

    def test_through_a_workbook(self, assessment, lead, reason):
        page = upload(lead, assessment, filled(lead, assessment, level="不适用", not_applicable=reason))
        assert "请说明" in page.text
        apply(lead, assessment, page, leave_out="on")
        assert not assessment.responses.exists()

    def test_through_the_door_itself(self, assessment, framework, city, lead, reason):
        actions.answer(assessment, Answer("T1.1", rationale="写了", not_applicable=reason), by=lead, seen=0)
        actions.import_assessment(make_assessment({"T1.2": {"not_applicable": reason}}), framework, city, by=lead)
        assert without_reason() == []
        assert {found.kind for found in actions.obstacles(assessment)} == {"unanswered"}


def test_restoring_a_version_without_a_reason_leaves_the_criterion_unanswered(assessment, lead):
    actions.answer(assessment, Answer("T1.1", level=3), by=lead, seen=0)
    row = assessment.responses.get()
    Version.objects.create(
        assessment=assessment, criterion=row.criterion, number=2, answer={"not_applicable": " "}, cause="saved", by=lead
    )
    assessment.responses.update(version=3)
    actions.restore(assessment, "T1.1", 2, by=lead)
    row.refresh_from_db()
    assert (row.level, row.not_applicable, row.version) == (None, "", 4)


def test_what_last_round_left_without_a_reason_is_not_carried_over(city, framework, lead):
    last = make_round(city, framework, {"T1.1": 2, "T1.2": 3}, round="上")
    put_blank_reason(last)
    following = Assessment(city=city, framework=framework, round="本", previous=last)
    actions.create_round(following, by=lead)
    assert [row.criterion.code for row in following.responses.all()] == ["T1.2"]


def test_one_that_is_there_all_the_same_is_named_before_submitting_and_linked(city, framework, lead):
    record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 2))
    put_blank_reason(record)
    page = opened(visitor(lead), "assessment-submit", record.pk)
    assert f"{reverse('dimension-answer', args=[record.pk, 'T1'])}#T1.1" in page.links
    assert "未作答" not in page.text
    assert visitor(lead).post(page.address).status_code == 422
    record.refresh_from_db()
    assert record.is_open
