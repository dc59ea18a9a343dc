"""What differs between two versions of a framework, in plain words."""

from assessment.reports.differences.sentences import said
from assessment.reports.differences.telling import Group, Item, Told, told

__all__ = ["Group", "Item", "Told", "said", "told"]
