"""A logo inside a page."""

import base64

from django import template

register = template.Library()


@register.filter
def picture_address(logo) -> str:
    """The PNG as an address of its own, so that nobody asks for it at one that would need a right.

    >>> picture_address(b"PNG")
    'data:image/png;base64,UE5H'
    """
    return f"data:image/png;base64,{base64.b64encode(bytes(logo)).decode()}"
