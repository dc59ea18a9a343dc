"""What people fill in."""

from assessment.forms.assessment import AssessmentForm
from assessment.forms.response import ResponseForm

__all__ = ["AssessmentForm", "ResponseForm"]
