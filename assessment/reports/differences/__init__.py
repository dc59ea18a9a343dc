"""What differs between two versions of a framework, in plain words."""

from assessment.reports.differences.sentences import said
from assessment.reports.differences.telling import Apart, Group, Item, Told, rewordings, told

__all__ = ["Apart", "Group", "Item", "Told", "rewordings", "said", "told"]
