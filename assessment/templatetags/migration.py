"""What becomes of an answer that moves to another version, in words."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.reports.comparison import words

register = template.Library()


@register.filter
def fate(value: str) -> str:
    names = {
        "carried": _("unchanged"),
        "reworded": _("other wording"),
        "renamed": _("other code"),
        "moved": _("in another dimension"),
        "split": pgettext("criterion", "split"),
        "merged": pgettext("criterion", "merged"),
        "rescaled": _("other scale"),
        "removed": _("left behind"),
        "new": pgettext("criterion", "new"),
    }
    return names[value]


@register.filter
def what_becomes(row) -> str:
    """One sentence on the answer."""
    if row.fate == "merged":
        return _LEVEL_OF_MERGED[row.carry]()
    sentences = {
        "split": _("each part begins with the whole answer"),
        "rescaled": _("the level is chosen anew, the words go over"),
        "removed": _("the answer stays in the round before"),
        "new": _("to be answered"),
    }
    return sentences.get(row.fate, "")


_LEVEL_OF_MERGED = {
    "lowest": lambda: _("one answer: the lowest level, all words and evidence"),
    "highest": lambda: _("one answer: the highest level, all words and evidence"),
    "blank": lambda: _("one answer: the level is chosen anew, all words and evidence"),
}


register.filter("wording", words.parts)
