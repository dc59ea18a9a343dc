"""A finding: the rule that a draft breaks, and the place."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assessment.outline import Text

Severity = Literal["error", "warning"]
Values = Mapping[str, str | int | float]


@dataclass(frozen=True)
class Place:
    """A part such as `criterion:T1.1` and its name, a field of it such as `levels.2.descriptor`, a language."""

    part: str
    name: Text = dataclasses.field(default_factory=Text, compare=False)
    field: str = ""
    language: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.part, self.field, self.language)))

    @property
    def kind(self) -> str:
        return self.part.partition(":")[0]

    @property
    def code(self) -> str:
        """
        >>> Place("criterion:T1.1").code, Place("framework").code
        ('T1.1', '')
        """
        return self.part.partition(":")[2]


@dataclass(frozen=True)
class Finding:
    """Errors block publishing, warnings need a reason. `values` are what the words about it need."""

    rule: str
    severity: Severity
    place: Place
    values: Values = dataclasses.field(default_factory=dict, compare=False)

    @property
    def key(self) -> str:
        """By what the reason for a warning is kept: the same as long as the same rule is broken at the same place."""
        return f"{self.rule} {self.place}"
