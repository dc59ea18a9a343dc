"""Verbs over several records, each in one transaction."""

from assessment.actions.assessment import answer, approve, import_assessment, reopen
from assessment.actions.framework import copy_as_draft, load_framework, publish, retire
from assessment.actions.outcome import Outcome, Overtaken, Refused

__all__ = [
    "Outcome",
    "Overtaken",
    "Refused",
    "answer",
    "approve",
    "copy_as_draft",
    "import_assessment",
    "load_framework",
    "publish",
    "reopen",
    "retire",
]
