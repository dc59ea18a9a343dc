"""Findings in words: each says where, what is wrong and what to do, in the page's language."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from assessment.forms.element import BOXES, DESCRIPTOR
from assessment.lint import RULES, Finding, Place, lint
from assessment.reports.findings import SENTENCES, said, severity, told, where
from tests.test_lint import CLEAN, FAULTS, without


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("fault", FAULTS, ids=[f"{fault[0]} {fault[1]}" for fault in FAULTS])
def test_every_fault_has_its_words_and_names_its_place(fault, language):
    _rule, _place, framework, compared = fault
    (finding,) = lint(framework, **compared)
    with translation.override(language):
        words = said(finding)
    assert "%(" not in words
    assert finding.place.code in words and str(finding.place.name.to(language)) in words


def test_every_sentence_belongs_to_a_rule():
    assert {key.split()[0] for key in SENTENCES} == {rule for rule, _severity, _find in RULES}


def test_in_chinese_nothing_is_left_in_english():
    for _rule, _place, framework, compared in FAULTS:
        (finding,) = lint(framework, **compared)
        words = said(finding).replace(finding.place.code, "").replace(finding.place.name.to("zh-hans"), "")
        assert re.findall(r"[A-Za-z]{4,}", words) == []


def test_a_place_is_named_by_kind_code_title_and_field():
    title = CLEAN.criteria["T1.1"].title
    with translation.override("en"):
        assert where(Place("criterion:T1.1", title, "levels.2.descriptor")) == (
            "criterion T1.1 EN 评估项T1.1 · level 2 · Descriptor"
        )
        assert where(Place("framework", title, "cites")) == "framework EN 评估项T1.1"


FIELDS = [
    (kind, f"levels.2.{box.path}" if boxes is DESCRIPTOR else box.path, box)
    for kind, boxes in (*BOXES.items(), ("criterion", DESCRIPTOR))
    for box in boxes
    if box.path not in ("cites", "levels")  # these are no single field
]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("kind", "path", "box"), FIELDS, ids=[f"{kind} {path}" for kind, path, _box in FIELDS])
def test_a_field_is_called_what_the_editor_calls_it(kind, path, box, language):
    with translation.override(language):
        assert where(Place(f"{kind}:X", field=path)).rpartition(" · ")[2].lower() == str(box.label).lower()


@pytest.mark.parametrize("other", ["阈值", "认可", "代码", "取代"])
def test_one_thing_bears_one_name_as_in_the_glossary(other):
    assert [sentence for sentence in map(gettext, SENTENCES.values()) if other in sentence] == []


def test_a_code_that_was_only_renamed_is_told_so():
    renamed = Finding("code-vanished", "warning", Place("criterion:T1.3"), {"renamed": "T1.8"})
    (gone,) = lint(without("T1.3"), previous=CLEAN)
    with translation.override("en"):
        assert "T1.8" in said(renamed)
        assert "dropped" in said(gone)


class TestTheList:
    def shown(self, findings, **context):
        return render_to_string("desk/_findings.html", {"findings": told(findings, lambda p: f"/{p.part}", **context)})

    def test_groups_errors_and_warnings_by_word_and_shape_and_links_each(self):
        error, warning = Place("lens:T"), Place("passage:law#2")
        findings = [Finding("weight-wrong", "error", error), Finding("clause-uncovered", "warning", warning)]
        html = self.shown(findings)
        assert html.index("■") < html.index('href="/lens:T"') < html.index("△") < html.index('href="/passage:law#2"')

    def test_shows_the_reason_why_a_warning_may_stand(self):
        finding = Finding("clause-uncovered", "warning", Place("passage:law#2"))
        assert "另有&lt;办法&gt;" in self.shown([finding], reasons={finding.key: "另有<办法>"})

    def test_says_that_there_is_nothing_to_correct(self):
        assert "findings-none" in self.shown([])


def test_errors_and_warnings_have_words_of_their_own():
    words = {severity(Finding("weight-wrong", level, Place("lens:T"))) for level in ("error", "warning")}
    assert len(words) == 2
