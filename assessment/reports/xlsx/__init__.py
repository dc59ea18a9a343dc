"""The gap report as a workbook: `render(content)` gives its bytes, the same for the same content."""

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook

from assessment.reports import prose, words
from assessment.reports.content.facts import Content
from assessment.reports.document import author
from assessment.reports.xlsx.annex import annex
from assessment.reports.xlsx.file import marked, packed
from assessment.reports.xlsx.lists import answers, gaps, matrix, own_words, references
from assessment.reports.xlsx.overview import overview
from assessment.reports.xlsx.sheets import Looks, listed


def render(content: Content) -> bytes:
    """Summary with its charts, all answers, gaps by rank, the quality annex, references, and which clause which criterion rests on."""
    with translation.override(content.language):
        looks, book = Looks(content.design.deep, content.design.accent), Workbook()
        overview(book.worksheets[0], content, looks)
        if content.summary.words or any(section.commentary for section in content.sections):
            listed(book.create_sheet(_("Own words")), _("Own words"), *own_words(content), looks)
        for name, list_of in ((_("All answers"), answers), (_("Gaps"), gaps)):
            listed(book.create_sheet(name), name, *list_of(content), looks)
        annex(book.create_sheet(_("Quality annex")), content, looks)
        for name, list_of in ((_("References"), references), (_("Clauses and criteria"), matrix)):
            listed(book.create_sheet(name), name, *list_of(content), looks)
        marked(book, content.design.classification)
        return packed(
            book,
            title=prose.title(content),
            creator=author(content),
            day=content.cover.as_of,
            language=words.tag(content.language),
        )
