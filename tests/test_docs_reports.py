"""docs/reports.md names every form and every key of the JSON."""

from pathlib import Path

import pytest

from assessment.reports import document
from assessment.reports.making import FORMS
from tests.reports import sample

PAGE = (Path(__file__).parent.parent / "docs" / "reports.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_told(form):
    assert f"report.{form}" in PAGE


def test_every_key_is_told():
    told = document.document(sample.content())
    keys = [*(key for key in told if key != "content"), *(f"content.{key}" for key in told["content"])]
    assert [key for key in keys if f"`{key}`" not in PAGE] == []
