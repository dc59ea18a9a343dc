"""Framework file ⇄ outline."""

from assessment import outline
from assessment.exchange.document import Document, FileError
from assessment.exchange.framework.reading import framework_of, read_framework, read_framework_file
from assessment.exchange.framework.workbook import write_framework_book
from assessment.exchange.framework.writing import digest, write_framework
from assessment.exchange.parsing import parse

__all__ = [
    "digest",
    "framework_of",
    "problems_of",
    "read_framework",
    "read_framework_file",
    "write_framework",
    "write_framework_book",
]


def problems_of(framework: outline.Framework) -> list[str]:
    """Why a file of this framework could not be read in again; empty for a sound one."""
    document = Document(f"{framework.code} {framework.version}")
    try:
        parse(document, write_framework(framework))
        framework_of(document)
    except FileError:
        pass  # what is wrong is noted in the document
    return [f"{problem.path} {problem.message}".strip() for problem in document.problems]
