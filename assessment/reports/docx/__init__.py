"""The gap report as Word: `render(content)` gives its bytes, the same for the same content."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from assessment.reports import flow, prose, words
from assessment.reports.content.facts import Content
from assessment.reports.docx import frame, styles
from assessment.reports.docx.body import Body
from assessment.reports.docx.marks import said
from assessment.reports.docx.package import Package
from assessment.reports.flow.blocks import Chapter

LANGUAGES = {"zh-hans": "zh-CN"}


def render(content: Content) -> bytes:
    """The whole report. Raises `fonts.FontsMissing` where `manage.py prepare_fonts` has not run."""
    with translation.override(content.language):
        return write(content, prose.title(content), _("Gap report"), flow.compose(content))


def write(content: Content, title: str, kind: str, chapters: Sequence[Chapter]) -> bytes:
    """A file of these chapters under the round's cover, in the language at hand."""
    body = Body(Package(), content.design, Path(settings.FONT_CACHE))
    frame.cover(body, content, kind)
    frame.contents(body, chapters)
    for chapter in chapters:
        body.chapter(chapter)
    setup = frame.page_setup(body, content, title)
    language = LANGUAGES.get(content.language, content.language)
    body.package.add("styles", styles.styles(language, content.design.deep, content.design.accent))
    body.package.add("settings", styles.settings())
    body.package.add("fontTable", styles.font_table())
    document = f"<w:document {frame.SPACES}><w:body>{''.join(body.parts)}{setup}</w:body></w:document>"
    return body.package.packed(document, _core(content, title, language))


def _core(content: Content, title: str, language: str) -> str:
    """What the file says of itself. Its day is the report's; the clock has no part in it."""
    author = content.design.consultant.organisation or content.design.city.organisation or content.cover.framework
    day = content.cover.as_of
    told = f"<dc:title>{said(title)}</dc:title><dc:subject>{said(words.disclaimer())}</dc:subject>"
    told += f"<dc:creator>{said(author)}</dc:creator><dc:language>{said(language)}</dc:language>"
    if day:
        for name in ("created", "modified"):
            told += f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{day.isoformat()}T00:00:00Z</dcterms:{name}>'
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{told}</cp:coreProperties>'
    )
