"""Open this for what of a user's text may stand in a file: signs that one can read, in the direction they are written."""

import re

# What XML forbids, and what turns the direction of what follows.
_UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def readable(text: str) -> str:
    """The text without controls.

    >>> readable("红\\x00\\u202e色\\n")
    '红色\\n'
    """
    return text if text.isprintable() else _UNREADABLE.sub("", text)
