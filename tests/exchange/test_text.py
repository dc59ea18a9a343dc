"""Official texts from files: what is read, and what is refused with its reason."""

import io
import zipfile
from subprocess import CalledProcessError
from time import monotonic

import docx
import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from assessment.exchange import extracting, text
from assessment.exchange.office import Unfit
from assessment.exchange.text import read_text
from tests.files import PDF, archive, office, ole, png

CLAUSE = "深入推进数字技术与一二三产业深度融合。"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(*pages: str, password: str | None = None, owner: str | None = None) -> bytes:
    """A PDF with one line of text on each page."""
    file = io.BytesIO()
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(file)
    for words in pages:
        canvas.setFont("STSong-Light" if not words.isascii() else "Helvetica", 12)
        canvas.drawString(72, 700, words)
        canvas.showPage()
    canvas.save()
    if password is None and owner is None:
        return file.getvalue()
    writer = PdfWriter(clone_from=file)
    writer.encrypt(password or "", owner, algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    return locked.getvalue()


WORDY = b"BT /F1 1 Tf " + b"(ab) Tj " * 900_000 + b"ET"


def drawing(commands: bytes) -> bytes:
    """A PDF whose one page is drawn by these commands."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf("a")))
    stream = DecodedStreamObject()
    stream.set_data(commands)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def word(*paragraphs: str, table: list[list[str]] | None = None) -> bytes:
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    if table:
        rows = document.add_table(len(table), len(table[0]))
        for row, cells in zip(rows.rows, table, strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def body(inner: str, **options) -> bytes:
    """A Word document of this raw body."""
    rels = '<Relationships><Relationship Type="x/officeDocument" Target="word/document.xml"/></Relationships>'
    document = f'<w:document xmlns:w="{W}" xmlns:mc="mc"><w:body>{inner}</w:body></w:document>'
    return office("word", more={"_rels/.rels": rels, "word/document.xml": document}, **options)


def refused(name: str, data: bytes) -> str:
    with pytest.raises(Unfit) as unfit:
        read_text(name, data)
    return str(unfit.value)


class TestPlainText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def test_is_read_in_the_encodings_that_offices_use(self, encoding):
        assert read_text("意见.txt", f"{CLAUSE}\r\n𠀀".encode(encoding)).text == f"{CLAUSE}\n𠀀"

    def test_bears_its_name_and_the_digest_of_its_bytes(self):
        reading = read_text("C:\\资料\\意见.TXT", b"abc")
        assert reading.name == "意见.TXT"
        assert reading.sha256.startswith("ba7816bf")

    @pytest.mark.parametrize("data", [b"a\0b", b"\xff\xfe\xff", PDF, word(CLAUSE), b"\x81\xff\xff"])
    def test_that_is_none_is_refused(self, data):
        assert "GB 18030" in refused("意见.txt", data)

    @pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf"])
    def test_that_says_nothing_is_refused(self, data):
        assert refused("意见.txt", data)


class TestWord:
    def test_gives_paragraphs_and_tables_in_their_order(self):
        lines = read_text("意见.docx", word("标题", CLAUSE, table=[["一", "二"], ["三", "四"]])).text.split("\n")
        assert lines == ["标题", CLAUSE, "一", "二", "三", "四"]

    def test_reads_with_all_changes_accepted(self):
        run = "<w:r><w:t>{}</w:t></w:r>"
        inner = (
            f"<w:p>{run.format('按')}<w:del><w:r><w:delText>年</w:delText></w:r></w:del><w:ins>{run.format('季')}</w:ins>"
            f"<w:moveFrom>{run.format('走')}</w:moveFrom><w:sdt><w:sdtContent>{run.format('公开')}</w:sdtContent></w:sdt>"
            f"<mc:AlternateContent><mc:Choice>{run.format('图注')}</mc:Choice><mc:Fallback>{run.format('图注')}</mc:Fallback></mc:AlternateContent></w:p>"
        )
        assert read_text("意见.docx", body(inner)).text == "按季公开图注"

    def test_that_declares_entities_is_refused(self):
        with zipfile.ZipFile(io.BytesIO(body("<w:p><w:r><w:t>a</w:t></w:r></w:p>"))) as made:
            parts = {name: made.read(name) for name in made.namelist()}
        assert read_text("意见.docx", archive(parts)).text == "a"
        parts["word/document.xml"] = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + parts["word/document.xml"]
        assert refused("意见.docx", archive(parts))

    def test_that_unpacks_to_far_more_is_not_opened(self):
        bomb = body("<w:p/>" * 100 + " " * 70_000_000)
        assert len(bomb) < 200_000
        assert refused("意见.docx", bomb)

    def test_of_too_many_characters_is_refused_while_reading(self, monkeypatch):
        monkeypatch.setattr(text, "LONGEST", 10)
        assert refused("意见.docx", word(CLAUSE))

    @pytest.mark.parametrize(
        "data",
        [
            word(CLAUSE)[:-200],
            office(),
            body("<w:p>"),
            office("sheet"),
            ole(),
            office("word", more={"word/vbaProject.bin": "x"}),
            png(),
        ],
        ids=["cut", "no document", "broken", "workbook", "old Word", "macros", "picture"],
    )
    def test_that_is_none_or_broken_is_refused(self, data):
        assert refused("意见.docx", data)


class TestPdf:
    def test_gives_the_words_of_all_pages(self):
        assert read_text("意见.pdf", pdf("First page", "Second page")).text.split("\n") == ["First page", "Second page"]

    def test_in_chinese_is_read_too(self):
        assert read_text("意见.pdf", pdf(CLAUSE)).text == CLAUSE

    def test_that_only_its_owner_may_change_is_read(self):
        assert read_text("意见.pdf", pdf("First page", owner="secret")).text == "First page"

    def test_with_a_password_is_refused(self):
        assert refused("意见.pdf", pdf("First page", password="secret"))

    def test_that_was_scanned_is_told_so(self):
        assert refused("意见.pdf", pdf("", "")) == refused("意见.pdf", pdf("")) != refused("意见.pdf", PDF[:60])

    def test_of_too_many_pages_is_refused(self, monkeypatch):
        monkeypatch.setattr(text, "MOST_PAGES", 1)
        assert refused("意见.pdf", pdf("a", "b"))

    def test_with_a_page_that_unpacks_to_far_more_is_refused(self):
        data = drawing(b"0 0 m " * 2_000_000)
        assert len(data) < 100_000
        assert "时间过长" in refused("意见.pdf", data)

    def test_whose_one_page_takes_too_long_is_given_up(self, monkeypatch):
        monkeypatch.setattr(text, "MOST_SECONDS", 1)
        began = monotonic()
        assert "时间过长" in refused("意见.pdf", drawing(WORDY))
        assert monotonic() - began < 15

    def test_that_takes_too_much_memory_is_given_up(self, monkeypatch):
        monkeypatch.setattr(text, "MOST_MEMORY", 100 * 2**20)
        assert "时间过长" in refused("意见.pdf", drawing(WORDY))
        assert read_text("意见.pdf", pdf("a")).text == "a"

    def test_is_not_called_damaged_where_nothing_can_read_it(self, monkeypatch):
        monkeypatch.setattr(extracting, "__file__", "/nowhere.py")
        with pytest.raises(CalledProcessError):
            read_text("意见.pdf", pdf("a"))

    def test_that_takes_too_long_is_given_up(self, monkeypatch):
        monkeypatch.setattr(text, "MOST_SECONDS", -1)
        assert refused("意见.pdf", pdf("a"))

    def test_whose_pages_contain_themselves_is_refused(self):
        loop = PDF.replace(b"/Kids[]/Count 0", b"/Kids[2 0 R]/Count 1")
        assert refused("意见.pdf", loop)

    @pytest.mark.parametrize("data", [PDF[:60], b"%PDF-1.4\n%%EOF", PDF.replace(b"/Pages 2 0 R", b"")])
    def test_that_is_broken_is_refused(self, data):
        assert refused("意见.pdf", data)


def test_other_kinds_of_files_are_refused_by_name():
    assert refused("意见.md", b"abc") == refused("意见", b"abc")


def test_what_is_too_large_is_refused_unread():
    assert "20" in refused("意见.txt", b"a" * (20 * 2**20 + 1))


def test_what_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(text, "LONGEST", 10)
    assert refused("意见.txt", b"a" * 11)
    assert read_text("意见.txt", b"a" * 10).text


def test_signs_that_no_database_keeps_are_left_out(monkeypatch):
    monkeypatch.setitem(text.READERS, "pdf", lambda name, data: "one\0\ud800two")
    assert read_text("意见.pdf", b"").text == "onetwo"
