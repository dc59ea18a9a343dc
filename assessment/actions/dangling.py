"""Refuse the edit of a draft that would leave something in it that does not hold together, saying what."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessment.actions.outcome import InTheWay
from assessment.dangling import Fault, new_faults
from assessment.elements import Element, Elements, code_of

MOST = 5
SENTENCES = {
    "listed": gettext_noop("%(other)s would not be there, which %(name)s lists."),
    "unlisted": gettext_noop("%(name)s would have no place: what it stood in is not there any more."),
    "twice": gettext_noop("%(name)s would stand in two places."),
    "code": gettext_noop("Two elements would bear the code %(other)s. Give one of them another code first."),
    "citation": gettext_noop(
        "%(other)s would not be there, on which %(name)s rests: change %(name)s first, or bring %(other)s back."
    ),
    "target": gettext_noop("%(other)s would not be there, for which the target profile %(name)s sets a level."),
    "level": gettext_noop("%(name)s would have level %(other)s, which is above the scale."),
    "effort": gettext_noop("%(name)s would not have an effort for each step of the scale."),
    "scale": gettext_noop("The scale would have a gap. Take the levels above it away first."),
    "sides": gettext_noop("%(name)s would not have the sides of its kind."),
    "quote": gettext_noop("%(name)s: a passage of this status must not be quoted."),
}


def must_hold_together(now: Elements, change: Mapping[str, Element | None]) -> None:
    """Others may have taken away what this edit names, or forbidden what it says."""
    if found := new_faults(now, change):
        raise InTheWay(" ".join(fault_in_words(fault) for fault in found[:MOST]), found)


def fault_in_words(fault: Fault) -> str:
    return _(SENTENCES[fault.rule]) % {"name": code_of(fault.name) or _("the framework"), "other": fault.other}
