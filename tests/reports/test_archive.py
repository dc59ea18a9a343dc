"""The report as an archive takes it in: PDF/A-2b by its own word, and by the tools that look."""

import re
import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
import pytest
from django.conf import settings
from PIL import ImageCms

from assessment.reports import fonts, pdf
from assessment.reports.pdf.archive import Facts, srgb
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.file import write
from tests.reports import sample
from tests.reports.structure import glyphs_of

KINDS = ["full", "empty", "hostile"]
JARS = ["preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "javax.activation", "jaxb-api"]
VALIDATOR = "org.apache.pdfbox.preflight.Validator_A1b"
NAMES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


@cache
def rendered(kind="full", conformance="2B"):
    return pdf.render(sample.content(kind), conformance)


@cache
def opened(kind="full"):
    return pikepdf.open(BytesIO(rendered(kind)))


def packet(kind="full"):
    return ElementTree.fromstring(opened(kind).Root.Metadata.read_bytes())


def said(name, kind="full"):
    """What the metadata says under a name such as `dc:title`."""
    return "".join(packet(kind).find(f".//{name}", NAMES).itertext()).strip()


@pytest.fixture
def shared_glyphs():
    """A document in which two characters have the same glyph: the angstrom sign and the letter."""
    book = Book(fonts.load(settings.FONT_CACHE))
    book.new_page()
    book.heading("单位", 1, "units")
    book.write("长度单位Å（Å），温度单位K（K），电阻单位Ω（Ω）。")
    return lambda conformance: write(book, Facts("单位", "", "", "zh-CN", None, conformance))


def preflight(file):
    path = ":".join(f"/usr/share/java/{jar}.jar" for jar in JARS)
    done = subprocess.run(["java", "-cp", path, VALIDATOR, str(file)], capture_output=True, text=True)
    return done.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_bytes_under_the_name_of_pdf_a_1b_pass_preflight(tmp_path, kind):
    file = tmp_path / "report.pdf"
    file.write_bytes(rendered(kind, "1B"))
    assert "is a valid PDF/A-1b file" in preflight(file), preflight(file)


def test_they_are_the_same_bytes():
    other = rendered(conformance="1B")
    for ours, theirs in ((b"%PDF-1.4", b"%PDF-1.7"), (b"<pdfaid:part>1<", b"<pdfaid:part>2<")):
        assert other.count(ours) == 1
        other = other.replace(ours, theirs)
    own = rb"/ID \[<\w{32}> <\w{32}>\]|<cm:Digest>\w{64}<"
    assert re.sub(own, b"", other) == re.sub(own, b"", rendered())


def test_a_document_whose_characters_share_glyphs_passes_too_and_is_read_back(tmp_path, shared_glyphs):
    file = tmp_path / "units.pdf"
    file.write_bytes(shared_glyphs("1B"))
    assert "is a valid PDF/A-1b file" in preflight(file), preflight(file)
    text = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True).stdout
    assert "长度单位Å（Å），温度单位K（K），电阻单位Ω（Ω）。" in text.replace(" ", "")


@pytest.mark.parametrize("kind", KINDS)
def test_qpdf_finds_nothing_wrong(tmp_path, kind):
    file = tmp_path / "report.pdf"
    file.write_bytes(rendered(kind))
    done = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_every_font_is_embedded_and_can_be_read_back(tmp_path, kind):
    file = tmp_path / "report.pdf"
    file.write_bytes(rendered(kind))
    done = subprocess.run(["pdffonts", str(file)], capture_output=True, text=True)
    assert done.stderr == ""
    fonts = [line.split() for line in done.stdout.splitlines()[2:]]
    assert len(fonts) == 2
    assert all(font[-5:-2] == ["yes", "yes", "yes"] for font in fonts)


def test_it_says_that_it_is_pdf_a_2b():
    assert (said("pdfaid:part"), said("pdfaid:conformance")) == ("2", "B")
    assert rendered().startswith(b"%PDF-1.7\n%")
    assert min(rendered().split(b"\n")[1][1:]) > 127


@pytest.mark.parametrize("kind", KINDS)
def test_the_metadata_and_the_older_facts_agree(kind):
    facts = opened(kind).docinfo
    for name, other in (
        ("/Title", "dc:title"),
        ("/Author", "dc:creator"),
        ("/Subject", "dc:description"),
        ("/Creator", "xmp:CreatorTool"),
        ("/Producer", "pdf:Producer"),
    ):
        assert str(facts[name]) == said(other, kind)
    assert said("dc:language", kind) == opened(kind).Root.Lang


def test_each_part_of_the_metadata_has_a_description_of_its_own():
    parts = packet().findall(".//rdf:Description", NAMES)
    spaces = [{re.match(r"\{(.+)\}", item.tag)[1] for item in part} for part in parts]
    assert [len(space) for space in spaces] == [1] * len(parts)
    assert "/Filter" not in opened().Root.Metadata


def test_the_date_is_the_day_of_the_assessment_and_no_clock():
    assert opened().docinfo["/CreationDate"] == "D:20260930000000+08'00'"
    assert said("xmp:CreateDate") == "2026-09-30T00:00:00+08:00"


def test_without_such_a_day_there_is_none():
    assert "/CreationDate" not in opened("hostile").docinfo
    assert packet("hostile").find(".//xmp:CreateDate", NAMES) is None


def test_the_identifier_comes_from_what_is_in_the_file():
    names = {kind: bytes(opened(kind).trailer.ID[0]) for kind in KINDS}
    assert len(set(names.values())) == len(KINDS)
    assert bytes(opened().trailer.ID[0]) == bytes(opened().trailer.ID[1])
    assert pdf.render(sample.content()) == rendered()


def test_its_colours_are_those_of_srgb():
    (intent,) = opened().Root.OutputIntents
    assert (intent.S, intent.DestOutputProfile.N) == ("/GTS_PDFA1", 3)
    assert bytes(intent.DestOutputProfile.read_bytes()) == srgb()


def test_the_profile_is_one_of_version_two_and_turns_colours_into_themselves():
    assert srgb()[8] == 2
    ours, own = ImageCms.ImageCmsProfile(BytesIO(srgb())), ImageCms.createProfile("sRGB")
    transform = ImageCms.buildTransform(ours, own, "RGB", "RGB")
    from PIL import Image

    for colour in ((18, 53, 91), (27, 127, 140), (183, 121, 31), (255, 255, 255), (0, 0, 0)):
        (seen,) = ImageCms.applyTransform(Image.new("RGB", (1, 1), colour), transform).get_flattened_data()
        assert max(abs(a - b) for a, b in zip(seen, colour, strict=True)) <= 1


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_it_runs_leads_to_files_or_is_see_through(kind):
    forbidden = {"/JavaScript", "/JS", "/Launch", "/AA", "/OpenAction", "/EmbeddedFiles", "/SMask", "/ExtGState"}
    for thing in opened(kind).objects:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            assert not forbidden & set(thing.keys())
            assert thing.get("/S") not in ("/JavaScript", "/Launch", "/SubmitForm")
            assert thing.get("/Filter", "/FlateDecode") == "/FlateDecode"
    assert "/Encrypt" not in opened(kind).trailer
    assert "/Encrypt" not in opened(kind).Root


@pytest.mark.parametrize("kind", KINDS)
def test_annotations_are_printed(kind):
    assert all(link.F == 4 for page in opened(kind).pages for link in page.get("/Annots", ()))


@pytest.mark.parametrize("kind", KINDS)
def test_no_array_string_or_name_is_longer_than_an_archive_allows(kind):
    for thing in opened(kind).objects:
        values = thing.values() if isinstance(thing, pikepdf.Dictionary) else [thing]
        for value in values:
            if isinstance(value, pikepdf.Array):
                assert len(value) <= 8191
            if isinstance(value, pikepdf.String):
                assert len(bytes(value)) <= 32767


def test_pages_are_called_what_is_printed_on_them():
    from pypdf import PdfReader

    labels = PdfReader(BytesIO(rendered())).page_labels
    assert labels == ["封面", *map(str, range(2, len(labels) + 1))]


def test_widths_are_those_of_the_embedded_glyphs():
    from fontTools.ttLib import TTFont

    for font in opened().pages[0].Resources.Font.values():
        inner = font.DescendantFonts[0]
        file = TTFont(BytesIO(inner.FontDescriptor.FontFile2.read_bytes()))
        metrics = [file["hmtx"].metrics[name][0] for name in file.getGlyphOrder()]
        told = {int(code): int(widths[0]) for code, widths in zip(*[iter(inner.W)] * 2, strict=True)}
        glyphs = glyphs_of(inner)
        assert {number: told.get(number, 1000) for number in glyphs} == {n: metrics[g] for n, g in glyphs.items()}
        assert sorted(glyphs.values()) == list(range(1, len(metrics)))
        bits = inner.FontDescriptor.CIDSet.read_bytes()
        assert [n for n in range(8 * len(bits)) if bits[n // 8] & 0x80 >> n % 8] == [0, *glyphs]


def test_the_preflight_tool_is_there():
    assert all(Path(f"/usr/share/java/{jar}.jar").exists() for jar in JARS)
