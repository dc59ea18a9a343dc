"""The records: who, which city, which framework, which answers."""

from assessment.models.account import Membership, User
from assessment.models.assessment import Assessment, Response
from assessment.models.city import City
from assessment.models.evidence import Evidence
from assessment.models.framework import (
    Citation,
    Criterion,
    Dimension,
    Facet,
    Framework,
    Lens,
    Level,
    LevelDescriptor,
    Passage,
    Source,
    TargetProfile,
)

__all__ = [
    "Assessment",
    "Citation",
    "City",
    "Criterion",
    "Dimension",
    "Evidence",
    "Facet",
    "Framework",
    "Lens",
    "Level",
    "LevelDescriptor",
    "Membership",
    "Passage",
    "Response",
    "Source",
    "TargetProfile",
    "User",
]
