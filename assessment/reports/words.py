"""Open this for the words and number formats that every form of the report shares."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from assessment.scoring import shown

NOTHING = "—"
TAGS = {"zh-hans": "zh-CN"}  # of a language as files name it, where the pages name it otherwise


def tag(language: str) -> str:
    """A report's language as PDF, Word and Excel know it (RFC 5646)."""
    return TAGS.get(language, language)


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def is_latin() -> bool:
    """Whether the language at hand is one that is written in Latin letters."""
    return not _is_chinese()


def indent() -> float:
    """How far the first line of a paragraph stands in, in em: two characters in Chinese."""
    return 2 if _is_chinese() else 0


def lines_of_a_summary() -> int:
    """For a text of which the summary shows the beginning: Latin takes more room for the rest of the page."""
    return 3 if _is_chinese() else 2


def numeral(number: int) -> str:
    """A number as headings bear it: 一, 十二 in Chinese, up to 99."""
    if number > 99 or not _is_chinese():
        return str(number)
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    return f"{digits[tens] if tens > 1 else ''}{'十' if tens else ''}{digits[ones] if ones else ''}"


def appendix(number: int, title: str) -> str:
    letter = numeral(number) if _is_chinese() else chr(ord("A") + number - 1)
    return _("%(letter)s. %(title)s") % {"letter": letter, "title": title}


def chapter(number: int, title: str) -> str:
    return _("%(number)s. %(title)s") % {"number": numeral(number), "title": title}


def subheading(number: int, title: str) -> str:
    """A heading within a chapter; numbered where the language's officials do so."""
    return f"（{numeral(number)}）{title}" if _is_chinese() else title


LATIN = {"、": ", ", "，": ", ", "；": "; ", "：": ": ", "。": ". "}


def stop(mark: str) -> str:
    """A Chinese mark as the language writes it, with the space that it wants."""
    return mark if _is_chinese() else LATIN[mark]


def listed(items: Iterable[str], mark: str = "、") -> str:
    """Items in a row.

    >>> listed(["数据", "系统"])
    '数据、系统'
    """
    return stop(mark).join(items)


def aside(text: str) -> str:
    """What is said in brackets, after something else."""
    return f"（{text}）" if _is_chinese() else f" ({text})"


def points(value: float | None) -> str:
    """A score as printed, one decimal.

    >>> points(47.25), points(None)
    ('47.3', '—')
    """
    return NOTHING if value is None else f"{shown(value):.1f}"


def signed(value: float | None) -> str:
    """A difference as printed, with its sign; less than nothing bears a minus, not a hyphen.

    >>> signed(0.3), signed(-20.0), signed(0.0)
    ('+0.3', '−20.0', '0.0')
    """
    if value is None:
        return NOTHING
    number = shown(value)
    return f"{number:+.1f}".replace("-", "−") if number else f"{0:.1f}"


def day(value: date | None) -> str:
    """A day as officials of the language write it: 2026年9月30日, 30 September 2026; empty where there is none."""
    return date_format(value, None if _is_chinese() else "j F Y") if value else ""


def share(value: float | None) -> str:
    """A share 0..1 in percent.

    >>> share(0.956)
    '95.6%'
    """
    return NOTHING if value is None else f"{shown(100 * value):.1f}%"


def level(value: int | None) -> str:
    return NOTHING if value is None else _("level %(level)s") % {"level": value}


def severity(value: str) -> str:
    match value:
        case "critical":
            return _("critical")
        case "major":
            return _("major")
        case "minor":
            return _("minor")
    return NOTHING


def over_cities(count: int) -> str:
    """What a report over many cities is called."""
    return ngettext("Report over %(count)d city", "Report over %(count)d cities", count) % {"count": count}


def some(codes: Sequence[str], count: int) -> str:
    """The first of `count` codes, and that there are more than are named."""
    named = listed(codes)
    return _("%(named)s and others") % {"named": named} if count > len(codes) else named


def balance(value: str | None) -> str:
    match value:
        case "balanced":
            return _("balanced")
        case "leaning":
            return _("leaning")
        case "lopsided":
            return _("lopsided")
    return NOTHING


def group(lens: str, kind: str) -> str:
    """What a lens asks by its dimensions of one kind."""
    names = {
        "transition": _("%(lens)s: from the old pole to the new"),
        "balance": _("%(lens)s: do both sides weigh the same?"),
        "plain": _("%(lens)s: score and level"),
    }
    return names[kind] % {"lens": lens}


def book(title: str) -> str:
    """A title in its marks; marks inside become single ones, as the standard (GB/T 15834) wants.

    >>> book("单志广对《意见》的解读文章")
    '《单志广对〈意见〉的解读文章》'
    """
    return f"《{title.replace('《', '〈').replace('》', '〉')}》" if _is_chinese() else f"“{title}”"


def status(value: str) -> str:
    match value:
        case "verbatim":
            return _("wording read in full")
        case "excerpt":
            return _("wording read in parts")
        case "second-hand":
            return _("known second-hand, not quoted")
        case _:
            return _("title only, not quoted")


def state(value: str) -> str:
    match value:
        case "answered":
            return _("answered")
        case "blank":
            return pgettext("answer", "blank")
        case _:
            return _("not applicable")


def basis(value: str) -> str:
    return _("verified levels first, else self-assessed") if value == "effective" else _("self-assessed levels")


def capped_level() -> str:
    return _("▼ By its score alone the level would be higher; a key criterion holds it down.")


def disclaimer() -> str:
    return _("A self-assessment for reference, not a rating by the state.")
