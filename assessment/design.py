"""Open this for what a report bears beside its content: marks, a pair of colours, the lines that officials ask for."""

import re
from dataclasses import dataclass
from datetime import date

NAVY, TEAL = "#12355b", "#1b7f8c"
LEGIBLE = 4.5  # contrast to white that small print needs, after WCAG 2.2 (1.4.3)
_HEX = re.compile(r"#[0-9a-f]{6}\Z")


@dataclass(frozen=True)
class Mark:
    """An organisation's name and logo. `logo` is a PNG without transparency, or empty."""

    organisation: str = ""
    logo: bytes = b""


@dataclass(frozen=True)
class Approval:
    """A line of the approval table: what somebody did, who, when; what is empty is filled in by hand."""

    role: str
    name: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Design:
    """How one report looks: all of it may be left out.

    `deep` and `accent`, as #rrggbb, are its headings' colour and that of links and rules. `classification` is a line
    such as 内部资料 or 密级; `watermark`: a draft says so across its pages.
    """

    city: Mark = Mark()
    consultant: Mark = Mark()
    deep: str = NAVY
    accent: str = TEAL
    classification: str = ""
    document_number: str = ""
    watermark: bool = False
    approvals: tuple[Approval, ...] = ()


def contrast(one: str, other: str = "#ffffff") -> float:
    """The contrast of two colours, 1 to 21, by WCAG 2.2's relative luminance.

    >>> round(contrast("#12355b"), 1), round(contrast("#ffff00"), 1)
    (12.5, 1.1)
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def is_colour(text: str) -> bool:
    """
    >>> is_colour("#12355b"), is_colour("navy"), is_colour("#12355B")
    (True, False, False)
    """
    return bool(_HEX.match(text))


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
