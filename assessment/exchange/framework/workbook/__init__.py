"""Framework ⇄ workbook for policy people: one row a criterion, one sheet a dimension, columns by language and level."""

from assessment.exchange.framework.workbook.reading import read_book
from assessment.exchange.framework.workbook.writing import write_framework_book

__all__ = ["read_book", "write_framework_book"]
