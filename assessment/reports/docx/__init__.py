"""The gap report as Word: `render(content)` gives its bytes, the same for the same content."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from assessment.reports import flow, prose, words
from assessment.reports.content.facts import Content
from assessment.reports.document import author
from assessment.reports.docx import frame, pages
from assessment.reports.docx.body import Body
from assessment.reports.docx.file import empty
from assessment.reports.flow.blocks import Chapter


def render(content: Content) -> bytes:
    """The whole report. Raises `fonts.FontsMissing` where `manage.py prepare_fonts` has not run."""
    with translation.override(content.language):
        return write(content, prose.title(content), _("Gap report"), flow.compose(content))


def write(content: Content, title: str, kind: str, chapters: Sequence[Chapter]) -> bytes:
    """A file of these chapters under the round's cover, in the language at hand."""
    design, language = content.design, words.tag(content.language)
    file = empty(language, design.deep, design.accent)
    body = Body(file, design, Path(settings.FONT_CACHE))
    pages.set_up(body, content, title)
    frame.cover(body, content, kind)
    frame.contents(body, chapters)
    for chapter in chapters:
        body.chapter(chapter)
    file.fill("".join(body.parts))
    file.tell(title, words.disclaimer(), author(content), language, content.cover.as_of)
    return file.packed()
