"""The records: who, which city, which framework, which answers, and what happened to them."""

from assessment.models.account import Department, Invitation, Membership, Role, User
from assessment.models.assessment import Assessment, Freeze, Migration
from assessment.models.assignment import Assignment
from assessment.models.city import City
from assessment.models.edit import Edit, OfficialText, TextDecision
from assessment.models.event import Event
from assessment.models.evidence import Evidence, StoredFile
from assessment.models.framework import (
    Citation,
    Criterion,
    Dimension,
    Facet,
    Framework,
    GoldenSet,
    Lens,
    Level,
    LevelDescriptor,
    Passage,
    Source,
    TargetProfile,
)
from assessment.models.report import Batch, BatchItem, Design, Improvement, Mark, Phrase, Remark, ReportFile
from assessment.models.response import Response, Version
from assessment.models.review import Comment, Return

__all__ = [
    "Assessment",
    "Assignment",
    "Batch",
    "BatchItem",
    "Citation",
    "City",
    "Comment",
    "Criterion",
    "Department",
    "Design",
    "Dimension",
    "Edit",
    "Event",
    "Evidence",
    "Facet",
    "Framework",
    "Freeze",
    "GoldenSet",
    "Improvement",
    "Invitation",
    "Lens",
    "Level",
    "LevelDescriptor",
    "Mark",
    "Membership",
    "Migration",
    "OfficialText",
    "Passage",
    "Phrase",
    "Remark",
    "ReportFile",
    "Response",
    "Return",
    "Role",
    "Source",
    "StoredFile",
    "TargetProfile",
    "TextDecision",
    "User",
    "Version",
]
