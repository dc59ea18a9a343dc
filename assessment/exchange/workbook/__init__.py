"""The offline workbook: a department's part of a round ⇄ .xlsx."""

from assessment.exchange.workbook.layout import Pack, Slip
from assessment.exchange.workbook.reading import Problem, Returned, read_workbook
from assessment.exchange.workbook.unpacking import MOST_BYTES, Unreadable
from assessment.exchange.workbook.writing import write_workbook

__all__ = ["MOST_BYTES", "Pack", "Problem", "Returned", "Slip", "Unreadable", "read_workbook", "write_workbook"]
