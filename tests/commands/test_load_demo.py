"""The demo shows what a consultant adds to a report, and is loaded once."""

import pytest
from django.core.management import call_command

from assessment.models import Improvement, Mark, Phrase, Remark
from assessment.reports.gathering import gather
from tests.demo import demo_round, load_demo

pytestmark = pytest.mark.django_db


def test_the_demos_report_has_all_that_people_can_add():
    load_demo()
    report = gather(demo_round())
    assert report.summary.words
    assert sum(bool(section.commentary) for section in report.sections) == 2
    gaps = report.improvements
    assert [sum(bool(getattr(gap, name)) for gap in gaps) for name in ("added", "reworded", "assigned")] == [1, 1, 3]
    look = report.design
    assert [row.role for row in look.approvals] == ["编制", "审核", "批准"]
    assert look.consultant.logo.startswith(b"\x89PNG") and look.city.logo
    assert look.classification and look.document_number
    assert Phrase.objects.count() == 3


def test_a_second_time_changes_nothing():
    load_demo()
    before = [model.objects.count() for model in (Mark, Phrase, Remark, Improvement)]
    call_command("load_demo")
    assert [model.objects.count() for model in (Mark, Phrase, Remark, Improvement)] == before
