"""Each form of the report as its reader gets it: its text without white space, and what must stand in it."""

import re
import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import translation
from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf import PdfReader

from assessment.reports import annex, prose, web, words
from assessment.reports.content import build
from assessment.reports.content.facts import Annex, Content, Named
from assessment.reports.making import make
from tests.reports import sample
from tests.views.pages import Reader


@cache
def content_of(kind: str) -> Content:
    if kind == "translated":  # the shipped framework in English; what the city typed stays as typed
        return build(sample.framework(), sample.partial(), language="en")
    return sample.english() if kind == "english" else sample.content(kind)


@cache
def made(kind: str, form: str) -> bytes:
    return make(content_of(kind), form)


def plain(text: str) -> str:
    return re.sub(r"[\s\u2060]", "", text)


@cache
def text_of(kind: str, form: str) -> str:
    """All its text in reading order."""
    return plain({"pdf": _pdf, "docx": _word, "office": _office, "page": _page}[form](kind))


def _pdf(kind: str) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(made(kind, "pdf"))).pages)


def _word(kind: str) -> str:
    return "".join(_block_text(block) for block in Document(BytesIO(made(kind, "docx"))).iter_inner_content())


def _block_text(block: Paragraph | Table) -> str:
    if isinstance(block, Paragraph):
        return block.text
    return "".join(paragraph.text for row in block.rows for cell in row.cells for paragraph in cell.paragraphs)


def _office(kind: str) -> str:
    return converted(kind, "txt:Text (encoded):UTF8").decode("utf-8-sig")


def _page(kind: str) -> str:
    return "".join(page_of(kind).words)


@cache
def html_of(kind: str) -> str:
    content = content_of(kind)
    with translation.override(content.language):
        return web.body(content)


@cache
def page_of(kind: str) -> Reader:
    reader = Reader(convert_charrefs=True)
    reader.feed(html_of(kind))
    return reader


@cache
def converted(kind: str, to: str) -> bytes:
    """The Word file as LibreOffice reads it, in another format."""
    with TemporaryDirectory() as folder:
        source = Path(folder, "report.docx")
        source.write_bytes(made(kind, "docx"))
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", to, "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return Path(folder, f"report.{to.partition(':')[0]}").read_bytes()


def said(content: Content) -> list[str]:
    """Every figure where it belongs, as printed: rows and sentences that hold it, without white space."""
    with translation.override(content.language):
        return [plain(line) for line in _said(content)]


def _said(content: Content):
    for box in prose.boxes(content):
        yield "".join(box[:2])
    for _name, sentence in prose.how_sure(content):
        yield sentence
    for lens in content.summary.lenses:
        if len(content.summary.lenses) > 1:
            yield _standing(lens.name, lens.standing, None, None)
    yield _standing(words_of_the_whole(), content.summary.overall, None, content.summary.at_target)
    for section in content.sections:
        yield prose.verdict(content, section)
        name = f"{section.code} {section.name}"
        yield _standing(name, section.standing, section.level_by_score, section.at_target)
        for answer in section.answers:
            yield _answer(answer)
    for gap in content.improvements:
        yield f"{words.severity(gap.severity)}{prose.gap_facts(gap)}"
        key = sample_key(gap.key)
        levels = f"{gap.level}→{gap.target}"
        yield f"{gap.rank}{gap.code} {gap.title}{key}{levels}{words.severity(gap.severity)}{words.signed(gap.gain)}"
    if content.improvements:
        yield prose.improvement_words(content)
    yield from _annex(content.annex)


def _annex(facts: Annex):
    yield annex.unproven(len(facts.unproven), facts.claimed) if facts.unproven else annex.none("unproven")
    for item in facts.unproven:
        yield f"{_named(item)}{item.level}"
    for item in facts.contradictions:
        levels = (f"{_named(c)}{words.aside(words.level(c.level))}" for c in item.criteria if c.level is not None)
        yield from (*levels, annex.rule(item.rule), annex.found(item), annex.why(item.rule))
    for item in facts.excused:
        yield f"{_named(item.criterion)}{prose.clipped(item.reason)}"
    yield annex.agreement(facts.overall)
    for item in facts.dimensions:
        counts = f"{item.verified}{item.equal}{item.higher}{item.lower}"
        yield f"{item.code} {item.name}{counts}{annex.mean(item.mean)}"
    for item in facts.differing:
        yield f"{_named(item.criterion)}{item.self_level}{item.verified_level}{annex.step(item.difference)}"


def _named(criterion: Named) -> str:
    return f"{annex.named(criterion)}{sample_key(criterion.key)}"


def words_of_the_whole() -> str:
    return translation.gettext("Overall score")


def sample_key(key: bool) -> str:
    return translation.gettext(" key") if key else ""


def _standing(name, s, level_by_score, at_target) -> str:
    return "".join((
        name,
        words.points(s.score),
        prose.bounds(s.low, s.high, s.strict if s.na else None),
        words.level(level_by_score),
        words.level(s.level),
        words.points(at_target),
        words.share(s.coverage),
    ))  # fmt: skip


def _answer(answer) -> str:
    def number(level):
        return words.NOTHING if level is None else str(level)

    severity = words.severity(answer.severity) if answer.severity else words.NOTHING
    numbers = (prose.self_told(answer), number(answer.verified_level), number(answer.target), severity)
    cites = " ".join(f"[{cite.number}]" for cite in answer.cites) or words.NOTHING
    return f"{answer.code} {answer.title}{sample_key(answer.key)}{''.join(numbers)}{cites}"
