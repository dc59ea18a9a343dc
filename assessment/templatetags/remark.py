"""What people wrote for a report, shown in a list or beside what the tool says."""

import re

from django import template
from django.urls import reverse

from assessment.models import Remark
from assessment.reports import markup

register = template.Library()

SHOWN = 90  # characters of a text in a list
LONG = 600  # from which on a text is folded beside the figures


@register.filter
def excerpt(words) -> str:
    """How a text begins, in one line; of nothing, nothing. After a full-width mark there is no space."""
    text = " ".join(" ".join(block.text.split()) for block in words.blocks) if words else ""
    text = re.sub("(?<=[，。；：、！？）”]) ", "", text)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


@register.filter
def is_lengthy(words) -> bool:
    return sum(len(block.text) for block in words.blocks) > LONG


@register.filter
def nested(blocks) -> list:
    return markup.nested(blocks)


@register.filter
def place_name(place: str) -> str:
    return str(Remark.Place(place).label)


@register.simple_tag
def editor(assessment, spot, code="", language=""):
    """Where somebody writes at this spot of the round's report."""
    address = reverse(f"{spot}-write", args=[assessment.pk, *([code] if code else [])])
    return f"{address}?language={language}" if language == "en" else address
