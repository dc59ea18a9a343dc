"""A logo inside a page, and the sketch of a cover: where the PDF puts what, in millimetres."""

import base64

from django import template

from assessment.reports.charts.shapes import wrapped

register = template.Library()

LEFT, RIGHT = 20, 190
LOGO = (52.9, 16.2)  # the largest a logo may be
APART = 4.2  # between a logo and the name beside it


@register.filter
def picture_address(logo) -> str:
    """The PNG as an address of its own, so that nobody asks for it at one that would need a right.

    >>> picture_address(b"PNG")
    'data:image/png;base64,UE5H'
    """
    return f"data:image/png;base64,{base64.b64encode(bytes(logo)).decode()}"


@register.simple_tag
def in_lines(text: str, size: float, width: float, tallest: float) -> dict[str, object]:
    """A text in lines no taller than `tallest` together, in smaller type if it is long, cut if it is longer still.

    Each line comes with how far its foot lies below the middle of them all.

    >>> in_lines("云川市数据局", 4, 170, 16)
    {'size': '4.00', 'lines': [('云川市数据局', '1.40')]}
    """
    for small in (size, 0.88 * size, 0.75 * size):
        most = int(tallest / (1.3 * small))
        if len(wrapped(text, small, width, most + 1)) <= most:
            break
    lines = wrapped(text, small, width, most)
    feet = [(number - (len(lines) - 1) / 2) * 1.3 * small + 0.35 * small for number in range(len(lines))]
    return {"size": f"{small:.2f}", "lines": [(line, f"{foot:.2f}") for line, foot in zip(lines, feet, strict=True)]}


@register.inclusion_tag("design/_cover_mark.html")
def cover_mark(mark, colour: str, middle: float, before: str = "") -> dict[str, object]:
    """A logo at the left and the organisation's name beside it, around a height."""
    width = _logo_width(mark.logo) if mark.logo else 0
    x = LEFT + (width + APART if width else 0)
    text = "　".join(filter(None, (before, mark.organisation))) if mark.organisation else ""
    place = {"x": f"{x:.2f}", "middle": f"{middle:.2f}", "top": f"{middle - LOGO[1] / 2:.2f}", "width": f"{width:.2f}"}
    return place | {"mark": mark, "colour": colour, "told": in_lines(text, 4.23, RIGHT - x, LOGO[1])}


def _logo_width(logo: bytes) -> float:
    """As wide as its PNG says, within the largest that a logo may be."""
    wide, high = int.from_bytes(logo[16:20]), int.from_bytes(logo[20:24])
    return min(LOGO[0], LOGO[1] * wide / high) if high else LOGO[0]
