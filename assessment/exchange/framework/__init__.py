"""Framework file ⇄ outline."""

from assessment.exchange.framework.reading import framework_of, read_framework, read_framework_file
from assessment.exchange.framework.workbook import write_framework_book
from assessment.exchange.framework.writing import write_framework

__all__ = ["framework_of", "read_framework", "read_framework_file", "write_framework", "write_framework_book"]
