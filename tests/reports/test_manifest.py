"""What a report says of itself for other programs, and how two documents are compared."""

import json
import re
import subprocess
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.reports import document, pdf, portfolio
from assessment.reports.agreement import EXACTLY, Difference, count_numbers, first_difference
from assessment.reports.manifest import BLANK, MOST, NAMESPACE, embedded, manifest_of, mark_of, own_hash, packed
from assessment.reports.pdf import brief, sealing, slides
from assessment.reports.pdf import portfolio as portfolio_pdf
from tests.reports import sample
from tests.reports.test_comparison_pdf import compared
from tests.reports.test_portfolio import report_of

GUIDE = Path(__file__).parents[2] / "docs/reports-verification.md"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@cache
def rendered(kind="full"):
    return pdf.render(sample.content(kind))


class TestTheManifest:
    @pytest.mark.parametrize("kind", ["full", "empty", "hostile", "dressed"])
    def test_stands_in_the_pdf_as_it_is_in_the_register(self, kind):
        assert embedded(rendered(kind)) == [manifest_of(sample.content(kind))]

    @pytest.mark.parametrize(("form", "kind"), [(brief, "brief"), (slides, "slides")])
    def test_of_the_short_forms_names_them(self, form, kind):
        (manifest,) = embedded(form.render(sample.content()))
        assert manifest == manifest_of(sample.content(), kind)

    def test_of_reports_over_several_rounds_is_a_small_one(self):
        made = (
            (pdf.render_comparison(compared()), "comparison", document.digest(compared())),
            (portfolio_pdf.render(report_of({}, {})), "portfolio", portfolio.digest(report_of({}, {}))),
        )
        for data, kind, digest in made:
            assert embedded(data) == [mark_of(kind, "zh-hans", digest)]
            assert own_hash(data).end == len(data)

    def test_is_declared_as_an_archive_wants_it(self):
        with pikepdf.open(BytesIO(rendered())) as file:
            packet = ElementTree.fromstring(file.Root.Metadata.read_bytes())
        said = packet.find(f".//{{{NAMESPACE}}}Manifest").text
        assert json.loads(said) == manifest_of(sample.content())
        declared = "".join(packet.find(".//{http://www.aiim.org/pdfa/ns/extension/}schemas").itertext())
        assert NAMESPACE in declared
        assert "ManifestText" in declared
        assert "DigestText" in declared

    def test_is_read_by_other_programs(self, tmp_path):
        (tmp_path / "report.pdf").write_bytes(rendered())
        shown = subprocess.run(["pdfinfo", "-meta", tmp_path / "report.pdf"], capture_output=True, check=True).stdout
        assert manifest_of(sample.content())["content_sha256"].encode() in shown

    def test_outlasts_a_signature_and_not_a_password(self):
        assert embedded(rendered() + b"\n% what is added behind\n") == embedded(rendered())
        assert embedded(sealing.seal(rendered(), password="a password")) == []

    def test_cannot_be_planted_in_a_title(self):
        planted = b"/Title (<cm:Manifest>{}</cm:Manifest>)"
        assert embedded(rendered().replace(b"/Creator (city", planted + b"/Creator (city", 1)) == embedded(rendered())

    def test_is_looked_for_in_a_few_places_only(self):
        many = b"".join(b"<?xpacket begin=<cm:Manifest>{}</cm:Manifest>%d<?xpacket end=" % n for n in range(999))
        assert len(embedded(many)) <= MOST

    @given(st.dictionaries(st.text(), JSON, max_size=4))
    def test_whatever_it_says_comes_out_as_it_went_in(self, value):
        packet = f"<?xpacket begin=<cm:Manifest>{packed(value)}</cm:Manifest><?xpacket end="
        assert embedded(packet.encode("ascii")) == [value]

    def test_the_guide_tells_its_keys(self):
        table = GUIDE.read_text(encoding="utf-8").split("## The manifest's keys")[1].split("## ")[0]
        told = {key for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for key in re.findall(r"`(\w+)`", row)}
        assert told == {*manifest_of(sample.content()), "files"}

    def test_the_guides_program_gives_the_hash_of_the_content(self, tmp_path):
        program = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[1]
        (tmp_path / "content.json").write_bytes(document.render(sample.content()))
        done = subprocess.run(["python3", "-c", program], cwd=tmp_path, capture_output=True, check=True, text=True)
        assert done.stdout.strip() == document.digest(sample.content())


class TestTheHashThatAPdfBearsOfItself:
    @pytest.mark.parametrize("kind", ["full", "empty", "hostile", "dressed"])
    def test_is_that_of_the_whole_file(self, kind):
        own = own_hash(rendered(kind))
        assert (own.found, own.end) == (own.stated, len(rendered(kind)))

    @pytest.mark.parametrize("form", [brief, slides])
    def test_stands_in_the_short_forms(self, form):
        data = form.render(sample.content())
        assert own_hash(data).end == len(data)

    def test_is_not_put_where_somebody_wrote_its_place(self):
        planted = f"<cm:Digest>{BLANK}</cm:Digest>"
        city = replace(sample.content("empty").cover, city=planted)
        data = pdf.render(replace(sample.content("empty"), cover=city))
        assert own_hash(data).end == len(data)

    def test_says_where_the_file_ends_for_which_it_holds(self):
        own = own_hash(rendered() + b"\n% what is added behind\n%%EOF\n")
        assert own.end == len(rendered())

    def test_is_none_where_there_is_none(self):
        assert own_hash(b"%PDF-1.7") is None
        assert own_hash(sealing.seal(rendered(), password="a password")) is None

    def test_of_an_altered_file_is_another(self):
        own = own_hash(rendered().replace(b"/Producer (city", b"/Producer (town"))
        assert (own.stated == own.found, own.end) == (False, 0)

    def test_is_what_the_guides_program_gives(self, tmp_path):
        program = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[1]
        (tmp_path / "report.pdf").write_bytes(rendered())
        done = subprocess.run(["python3", "-c", program], cwd=tmp_path, capture_output=True, check=True, text=True)
        assert done.stdout.split() == [own_hash(rendered()).stated] * 2


class TestAgreement:
    @given(JSON)
    def test_everything_agrees_with_itself(self, value):
        assert first_difference(value, value) is None
        assert first_difference(value, json.loads(json.dumps(value)), tolerance=EXACTLY) is None

    @pytest.mark.parametrize(
        ("stated", "found", "path"),
        [
            ({"a": 1}, {"a": 1.1}, "a"),
            ({"a": True}, {"a": 1}, "a"),
            ({"a": None}, {"a": 0}, "a"),
            ({"a": 1}, {}, "a"),
            ({}, {"a": {"b": 1}}, "a"),
            ([1, 2], [1], "[1]"),
            ({"a": [{"b": "x"}]}, {"a": [{"b": "y"}]}, "a[0].b"),
            ({"z": 1, "a": 1}, {"a": 2, "z": 2}, "a"),
            (10**400, 1.0, ""),
            ("1", 1, ""),
            ([], {}, ""),
        ],
    )
    def test_the_first_difference_is_told_by_its_path(self, stated, found, path):
        assert first_difference(stated, found).path == path

    def test_numbers_agree_within_the_contracts_tolerance(self):
        assert first_difference({"a": 40.0}, {"a": 40.00000005}) is None
        assert first_difference({"a": 40.0}, {"a": 40.0000002}) is not None
        assert first_difference({"a": 40}, {"a": 40.0}) is None

    @pytest.mark.parametrize(("stated", "found"), [(0, 0.0), (0.0, -0.0), (40.0, 40.00000000000001), (1, True)])
    def test_exactly_is_by_the_spelling(self, stated, found):
        assert first_difference({"a": stated}, {"a": stated}, tolerance=EXACTLY) is None
        assert first_difference({"a": stated}, {"a": found}, tolerance=EXACTLY) == Difference("a", stated, found)

    def test_a_thing_that_is_missing_is_not_the_mark_for_it(self):
        assert first_difference({"a": "—"}, {}) is not None

    def test_numbers_are_counted(self):
        assert count_numbers({"a": [1, 2.5, True, None, "3"], "b": {"c": 0}}) == 3
