"""The examples in docs/scoring.md are recomputed, and its prose names no figure that they do not check."""

import re
from functools import reduce
from pathlib import Path

import pytest
import yaml

from assessment.gaps import evaluate
from tests.factories import NA, make_assessment, make_balance, make_criteria, make_framework, make_lens, make_transition

PAGE = (Path(__file__).parent.parent / "docs" / "scoring.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
# As text, so that a number still shows how many decimals were printed.
EXAMPLES = [yaml.load(block, yaml.BaseLoader) for block in BLOCK.findall(PAGE)]


def criteria_of(example, codes):
    weights = [float(example.get("weights", {}).get(code, 1)) for code in codes]
    return make_criteria(*codes, weights=weights, key=example.get("key", []))


def dimension_of(example, code, content):
    if isinstance(content, list):
        return make_transition(code, criteria_of(example, content))
    return make_balance(code, criteria_of(example, content["A"]), criteria_of(example, content["B"]))


def framework_of(example):
    lenses = (
        make_lens(code, *(dimension_of(example, *dimension) for dimension in dimensions.items()))
        for code, dimensions in example["lenses"].items()
    )
    return make_framework(*lenses, targets={code: int(level) for code, level in example.get("target", {}).items()})


def answers_of(example):
    answers = {code: dict(NA) if at == "N/A" else {"level": int(at)} for code, at in example["levels"].items()}
    for code, level in example.get("verified", {}).items():
        answers[code]["verified_level"] = int(level)
    return answers


def document_of(example):
    assessment = make_assessment(answers_of(example))
    document = evaluate(framework_of(example), assessment, example.get("basis", "effective")).document()
    if document["gaps"]:
        document["sum of gains"] = sum(gap["gain"] for gap in document["gaps"])
        document["at_target less score"] = document["overall"]["at_target"] - document["overall"]["score"]
    return document


def value_at(document, path):
    if path in document:
        return document[path]
    return reduce(lambda part, name: part[int(name) if isinstance(part, list) else name], path.split(), document)


def agrees(printed, value):
    """Whether a value is what is printed; a number within half of the last decimal printed."""
    if isinstance(printed, dict):
        return printed.keys() == value.keys() and all(agrees(text, value[name]) for name, text in printed.items())
    if isinstance(value, float):
        return abs(float(printed) - value) <= 0.5 * 10 ** -len(printed.partition(".")[2]) + 1e-9
    return printed == ("null" if value is None else value if isinstance(value, list) else str(value))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["example"])
def test_an_example_comes_out_as_printed(example):
    document = document_of(example)
    wrong = {path: value_at(document, path) for path in example["expect"]}
    wrong = {path: value for path, value in wrong.items() if not agrees(example["expect"][path], value)}
    assert not wrong


def test_there_are_examples():
    assert {"One", "Two", "Three, self", "Three, effective"} <= {example["example"] for example in EXAMPLES}


def test_a_wrong_figure_would_be_noticed():
    assert agrees("40.369", 40.3690049)
    assert not agrees("40.368", 40.3690049)
    assert not agrees("null", 1)
    assert not agrees({"gain": "1.0"}, {"gain": 1.06})


def test_every_figure_in_the_prose_is_checked_by_an_example():
    prose, checked = BLOCK.sub("", PAGE), "".join(BLOCK.findall(PAGE))
    figures = re.findall(r"(?<![\d.])\d+\.\d{3}(?!\d)", prose)
    assert len(figures) > 30
    assert [figure for figure in figures if not re.search(rf": {re.escape(figure)}\b", checked)] == []
