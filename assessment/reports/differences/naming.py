"""What the parts, texts and values of a framework are called where their differences are told."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from assessment.comparing import Difference
from assessment.places import Place
from assessment.reports import words


def name_of(place: Place) -> str:
    """The part by its code and by what it is called now."""
    name = place.name.to(get_language())
    if place.part in ("framework", "level", "crosswalk"):
        return code_of(place)
    if place.part == "target":
        return _("The target profile “%(name)s”") % {"name": name}
    if place.part == "source":
        return words.book(name)
    if place.part == "passage":
        return name or place.code
    return _("%(code)s (%(name)s)") % {"code": place.code, "name": name} if name else place.code


def code_of(place: Place) -> str:
    """The part by its code alone: where it is said how it is called."""
    if place.part == "framework":
        return _("The framework")
    if place.part == "level":
        return words.level(int(place.code))
    if place.part == "target":
        return _("The target profile %(code)s") % {"code": place.code}
    if place.part == "crosswalk":
        return _("The crosswalk “%(name)s”") % {"name": place.code}
    return place.code


def names_of(places: Iterable[Place]) -> str:
    return listed(name_of(place) for place in places)


def listed(items: Iterable[Any]) -> str:
    return pgettext("between items", ", ").join(str(item) for item in items)


def kind_of(place: Place) -> str:
    """What sort of part it is, unless `name_of` says so."""
    names = {
        "lens": _("lens"),
        "dimension": _("dimension"),
        "facet": _("facet"),
        "criterion": _("criterion"),
        "source": _("source"),
        "passage": _("passage"),
    }
    return names.get(place.part, "")


def plural_of(part: str) -> str:
    names = {
        "level": _("levels"),
        "lens": _("lenses"),
        "dimension": _("dimensions"),
        "facet": _("facets"),
        "criterion": _("criteria"),
        "source": _("sources"),
        "passage": _("passages"),
        "target": _("target profiles"),
    }
    return names[part]


def field_of(difference: Difference) -> str:
    """The text or value, with its level and, where it is not that of the page, its language."""
    name = _fields()[difference.field]
    if difference.level is not None:
        name = _("%(field)s of level %(level)s") % {"field": name, "level": difference.level}
    if difference.language in ("", get_language()):
        return name
    return _("%(code)s (%(name)s)") % {"code": name, "name": language_name(difference.language)}


def _fields() -> dict[str, str]:
    return {
        "name": _("name"),
        "title": pgettext("wording", "title"),
        "about": _("about"),
        "meaning": _("meaning"),
        "start": _("old pole"),
        "end": _("new pole"),
        "statement": _("statement"),
        "guidance": _("guidance"),
        "owner": _("owner"),
        "measure": _("measure"),
        "suffices": _("example of evidence that suffices"),
        "falls_short": _("example of evidence that does not"),
        "descriptor": _("descriptor"),
        "evidence": _("evidence that suffices"),
        "next": _("how to reach the next level"),
        "edition": _("edition"),
        "locator": _("locator"),
        "quote": _("quotation"),
        "summary": _("summary"),
        "code": _("code"),
        "language": _("language"),
        "threshold": _("threshold"),
        "kind": _("kind"),
        "tags": _("tags"),
        "carry": _("level taken over"),
        "replaces": _("replaces"),
        "issuers": _("issuers"),
        "number": _("document number"),
        "issued": _("issued on"),
        "url": _("address"),
        "status": _("status"),
    }


def language_name(language: str) -> str:
    names = {"zh-hans": pgettext("language", "Chinese"), "en": pgettext("language", "English")}
    return names.get(language, language)


def level_name(value: int | None) -> str:
    return pgettext("level", "none") if value is None else words.level(value)


def number(value: float) -> str:
    """As short as it is exact to six digits: 2, 0.25."""
    return f"{value:g}"


def value_of(field: str, value: Any) -> str:
    """A value as the pages show it."""
    if field in ("kind", "role", "carry"):
        return _choices()[value]
    if field == "status":
        return words.status(value)
    if field == "language":
        return language_name(value)
    if isinstance(value, (tuple, list)):
        return listed(value) or words.NOTHING
    if isinstance(value, (int, float)):
        return number(value)
    return words.day(value) if field == "issued" and value else str(value or words.NOTHING)


def _choices() -> dict[str, str]:
    return {
        "transition": _("Transition"),
        "balance": _("Balance"),
        "plain": _("Plain"),
        "basis": _("Basis"),
        "assigned": _("Assigned by this tool"),
        "lowest": _("The lowest level"),
        "highest": _("The highest level"),
        "blank": _("No level: to be answered anew"),
    }
