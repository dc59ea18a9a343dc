"""What other people wrote, shown safely: addresses, names of changes."""

from urllib.parse import urlsplit

from django import template
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

register = template.Library()

LONG = 160  # characters of a text from which on it is folded


@register.filter
def is_web(address: str) -> bool:
    """Whether an address may become a link: of the web, and nothing that runs.

    >>> is_web("https://www.gov.cn/x"), is_web("javascript:alert(1)"), is_web("//x"), is_web("http://[")
    (True, False, False, False)
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


@register.filter
def is_long(text: str) -> bool:
    return len(text) > LONG or text.count("\n") > 3


@register.filter
def field_name(field: str) -> str:
    names = {
        "choice": _("Level"),
        "target": _("Own target"),
        "rationale": _("Rationale"),
        "evidence": _("Evidence"),
        "verified": _("Verified level"),
    }
    return names[field]


@register.filter
def restore_name(field: str) -> str:
    """What a button says that has one field back."""
    names = {
        "choice": pgettext("restore", "level only"),
        "target": pgettext("restore", "target only"),
        "rationale": pgettext("restore", "rationale only"),
        "evidence": pgettext("restore", "evidence only"),
    }
    return names[field]


@register.filter
def level_name(level: int, framework) -> str:
    """What the scale calls a level."""
    return next((step.name.to(get_language()) for step in framework.scale if step.level == level), "")
