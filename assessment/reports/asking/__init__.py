"""The evidence that a round still has to ask for: `gather` it, then show it or `make` a file of it."""

from assessment import access
from assessment.models import Assessment
from assessment.reports.asking.drawing import as_word, as_workbook, digest, how_many, name_of, title
from assessment.reports.asking.facts import Claim, Desk, Raise, Request, build
from assessment.reports.content.facts import Content

__all__ = ["FORMS", "Claim", "Desk", "Raise", "Request", "build", "digest", "gather", "how_many", "name_of", "title"]

FORMS = {"docx": as_word, "xlsx": as_workbook}


def gather(record: Assessment, content: Content) -> Request:
    """The list of a stored round, by the departments to which its parts were given."""
    given = access.assigned(record)
    return build(content, {code: str(item.department) for code, item in given.items() if item.department})
