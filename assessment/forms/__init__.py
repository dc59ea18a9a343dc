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
from assessment.forms.portfolio import BatchForm, DeskFilter, OrderForm
from assessment.forms.response import ResponseForm, fit, group_of, spelled
from assessment.forms.review import ReturnForm, VerifyForm

__all__ = [
    "AccountForm",
    "AssessmentForm",
    "AssignmentForm",
    "BatchForm",
    "DepartmentForm",
    "DeskFilter",
    "EventFilter",
    "InvitationForm",
    "MembershipForm",
    "NewPasswordForm",
    "OrderForm",
    "ResponseForm",
    "ReturnForm",
    "RosterForm",
    "TargetsForm",
    "VerifyForm",
    "fit",
    "group_of",
    "spelled",
]
