"""Answering: the page of a dimension, and its cards one by one."""

from assessment.views.response.page import dimension_answer, dimension_confirm
from assessment.views.response.saving import response_confirm, response_save

__all__ = ["dimension_answer", "dimension_confirm", "response_confirm", "response_save"]
