"""Open this for what the files in a batch's ZIP are called: 城市-轮次-报告.pdf, safe on every system, no two alike."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from assessment.models import BatchItem
from assessment.reports.making import BRIEFS, EVERY

# Separators, what Windows forbids, controls, and signs that turn the direction of writing.
UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+')
LONGEST = 30  # signs of a city's or a round's name: three bytes each, and a file's name holds 255


def archive_names(items: Sequence[BatchItem]) -> list[tuple[BatchItem, str]]:
    """Each item with its file's name. Cities of one name are told apart by their codes."""
    stems = {item.pk: _stem(item) for item in items}
    often = Counter(f"{stems[item.pk]}.{_ending(item)}".casefold() for item in items)
    named, taken = [], set[str]()
    for item in items:
        stem = stems[item.pk]
        if often[f"{stem}.{_ending(item)}".casefold()] > 1:
            stem = f"{stem}-{item.assessment.city.code}"
        name, number = f"{stem}.{_ending(item)}", 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{number}.{_ending(item)}"
        taken.add(name.casefold())
        named.append((item, name))
    return named


def _stem(item: BatchItem) -> str:
    record = item.assessment
    what = str(BRIEFS[item.form].label) if item.form in BRIEFS else _("report")
    return f"{safe(record.city.name)}-{safe(record.round)}-{what}"


def _ending(item: BatchItem) -> str:
    return EVERY[item.form].ending if item.form in EVERY else item.form


def safe(text: str) -> str:
    """A name that leads nowhere, hides nothing and is no formula.

    >>> safe("../../etc/passwd"), safe("=cmd|x"), safe("云川市\\u202egpj"), safe("...")
    ('_.._etc_passwd', '_cmd_x', '云川市_gpj', '_')
    """
    clean = UNFIT.sub("_", unicodedata.normalize("NFC", text)).strip(" .")
    clean = clean.lstrip("=+-@ .")[:LONGEST].strip(" .") if clean[:1] in "=+-@" else clean[:LONGEST].strip(" .")
    return (f"_{clean}" if text.lstrip()[:1] in ("=", "+", "-", "@") else clean) or "_"
