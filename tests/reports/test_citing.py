"""Citations lead to their references, and references back to every place that cites them."""

import re
from functools import cache

import pikepdf
import pytest

from assessment.reports import pdf
from tests.reports import sample
from tests.reports.structure import read

KINDS = ["full", "partial", "hostile", "empty"]


@cache
def document(kind="full"):
    return read(pdf.render(sample.content(kind)))


@cache
def places(kind="full"):
    """Every named place: page and height."""
    given = document(kind)
    tree = pikepdf.NameTree(given.pdf.Root.Names.Dests)
    return {key: (given.page_of(target[0]), float(target[3])) for key, target in tree.items()}


def links(kind="full"):
    """Text, page, height and target of every link."""
    for node in document(kind).root.all("Link"):
        for link in node.links[:1]:
            page = node.lines[0].page if node.lines else None
            yield node.text.strip(), page, float(link.Rect[3]), str(link.get("/Dest", ""))


def citations(kind="full"):
    """Those in square brackets, outside of the matrix's head."""
    last = places(kind)["references"][0]
    return [found for found in links(kind) if re.fullmatch(r"\[\d+\]", found[0]) and found[1] <= last]


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_in_brackets_leads_to_its_reference(kind):
    found = citations(kind)
    assert len(found) > 50
    for text, _page, _top, target in found:
        assert target == f"ref:{text[1:-1]}"
        assert target in places(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_reference_leads_back_to_each_place_that_cites_it(kind):
    there = {(target, *places(kind)[target]) for _t, _p, _h, target in links(kind) if target.startswith("cite:")}
    for text, page, top, _target in citations(kind):
        back = [name for name, where, height in there if where == page and abs(height - top - 8) < 1]
        assert [name for name in back if name.split(":")[1] == text[1:-1]], (text, page)


@pytest.mark.parametrize("kind", KINDS)
def test_the_pages_of_a_reference_are_those_that_cite_it(kind):
    for reference in sample.content(kind).references:
        pages = {page + 1 for text, page, _top, _target in citations(kind) if text == f"[{reference.number}]"}
        told = re.search(r"见第([\d、 ·]+)页", entry(kind, reference.number))
        numbers = [int(part.split()[0].split("·")[0]) for part in told[1].split("、")] if told else []
        assert set(numbers) == pages
        assert numbers == sorted(numbers)


def entry(kind, number):
    """What the list of references says under a number."""
    items = [item for item in document(kind).root.all("LI") if item.kids[0].text.strip() == f"[{number}]"]
    return items[0].text


@pytest.mark.parametrize("kind", KINDS)
def test_the_matrix_leads_to_the_references_and_they_back_to_it(kind):
    targets = {target for _text, _page, _top, target in links(kind)}
    for column in sample.content(kind).matrix.columns:
        if column.number:
            assert f"cite:{column.number}:0" in targets
            assert f"cite:{column.number}:0" in places(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_link_has_a_target_that_exists(kind):
    assert all(target in places(kind) for _text, _page, _top, target in links(kind) if target)
