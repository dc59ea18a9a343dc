"""What people fill in."""

from assessment.forms.account import (
    AccountForm,
    DepartmentForm,
    InvitationForm,
    MembershipForm,
    NewPasswordForm,
    RosterForm,
)
from assessment.forms.assessment import AssessmentForm, TargetsForm
from assessment.forms.assignment import AssignmentForm
from assessment.forms.event import EventFilter
from assessment.forms.response import ResponseForm, group_of, spelled
from assessment.forms.review import ReturnForm, VerifyForm

__all__ = [
    "AccountForm",
    "AssessmentForm",
    "AssignmentForm",
    "DepartmentForm",
    "EventFilter",
    "InvitationForm",
    "MembershipForm",
    "NewPasswordForm",
    "ResponseForm",
    "ReturnForm",
    "RosterForm",
    "TargetsForm",
    "VerifyForm",
    "group_of",
    "spelled",
]
