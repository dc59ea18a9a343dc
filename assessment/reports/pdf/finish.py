"""Open this for what every report gets once its pages are there: header, footer, watermark, and what the file says of itself."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from assessment.design import Design
from assessment.reports import words
from assessment.reports.document import Said, author
from assessment.reports.manifest import packed
from assessment.reports.pdf import furniture, look, tags
from assessment.reports.pdf.archive import Facts
from assessment.reports.pdf.book import Book
from assessment.reports.typeset import Style

RUNNING, FOOT = Style(7.6), Style(7.2)
GAP = 16  # points between the two ends of a header
LONGEST_TITLE = 500  # characters: the longest city and framework, and the words between


def facts_of(
    book: Book,
    title: str,
    author: str,
    *,
    language: str,
    day: date | None = None,
    conformance: str = "2B",
    manifest: dict[str, Any] | None = None,
) -> Facts:
    """`manifest`: what the file says of itself for programs."""
    clean = book.setter.clean
    return Facts(
        title=clean(title, LONGEST_TITLE).replace("\n", " "),
        author=clean(author, 200).replace("\n", " "),
        subject=clean(words.disclaimer(), 200),
        language=words.tag(language),
        day=day,
        conformance=conformance,
        manifest=packed(manifest) if manifest else "",
    )


def facts_about(
    book: Book, content: Said, title: str, conformance: str = "2B", manifest: dict[str, Any] | None = None
) -> Facts:
    """Of a report on a round: it bears the day as of which it speaks."""
    return facts_of(
        book,
        title,
        author(content),
        language=content.language,
        day=content.cover.as_of,
        conformance=conformance,
        manifest=manifest,
    )


def frame(book: Book, title: str, state: str = "", *, draft: bool, design: Design = Design()) -> None:
    """Header and footer of every page but a bare one, now that the number of pages is known; a draft says that it is one.

    A title that the header has no room for is cut, never the `state` behind it.
    """
    for page in book.pages:
        book.turn_to(page)
        if not page.bare:
            with book.artifact(tags.HEADER):
                _header(book, title, f" · {state}" if state else "")
            with book.artifact(tags.FOOTER):
                _footer(book, design.classification)
        if draft and design.watermark:
            furniture.watermark(book, page)


def _header(book: Book, title: str, state: str) -> None:
    chapter, right, base = book.page.chapter, look.LEFT + look.MEASURE, look.TOP + 20
    room = look.MEASURE - book.setter.width(f"{state}{chapter}", RUNNING) - GAP
    running = f"{book.setter.fitted(title, RUNNING, room)}{state}"
    book.label(look.LEFT, base, running, 7.6, "start", look.SMALL.colour, False)
    book.label(right, base, chapter, 7.6, "end", look.DEEP, False)
    book.rule(look.LEFT, base - 6, look.MEASURE, look.ACCENT, 0.6)


def _footer(book: Book, classification: str) -> None:
    base = look.BOTTOM - 24
    place = _("Page %(page)s of %(pages)s") % {"page": book.page.position, "pages": len(book.pages)}
    room = look.MEASURE - book.setter.width(place, RUNNING) - GAP
    said = book.setter.fitted("　".join(filter(None, (classification, words.disclaimer()))), FOOT, room)
    book.label(look.LEFT, base, said, FOOT.size, "start", look.SMALL.colour, False)
    book.label(look.LEFT + look.MEASURE, base, place, 7.6, "end", look.SMALL.colour, False)
