"""Open this for what a PDF says of itself, whatever it reports."""

from typing import Any

from assessment.reports import words
from assessment.reports.content.facts import Content
from assessment.reports.manifest import manifest_of, packed
from assessment.reports.pdf.archive import Facts
from assessment.reports.pdf.book import Book

LANGUAGES = {"zh-hans": "zh-CN"}


def facts_of(
    book: Book, content: Content, title: str, conformance: str = "2B", manifest: dict[str, Any] | None = None
) -> Facts:
    """`manifest`: what the file is to say of itself for programs; by itself that of a gap report."""
    clean = book.setter.clean
    return Facts(
        title=clean(title, 200).replace("\n", " "),
        author=clean(content.cover.framework, 200).replace("\n", " "),
        subject=clean(words.disclaimer(), 200),
        language=LANGUAGES.get(content.language, content.language),
        day=content.cover.as_of,
        conformance=conformance,
        manifest=packed(manifest or manifest_of(content)),
    )
