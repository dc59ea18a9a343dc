"""Open this for what a PDF says of itself, whatever it reports."""

from assessment.reports import words
from assessment.reports.document import Said
from assessment.reports.pdf.archive import Facts
from assessment.reports.pdf.book import Book

LANGUAGES = {"zh-hans": "zh-CN"}


def facts_of(book: Book, content: Said, title: str, conformance: str = "2B") -> Facts:
    clean = book.setter.clean
    return Facts(
        title=clean(title, 200).replace("\n", " "),
        author=clean(content.cover.framework, 200).replace("\n", " "),
        subject=clean(words.disclaimer(), 200),
        language=LANGUAGES.get(content.language, content.language),
        day=content.cover.as_of,
        conformance=conformance,
    )
