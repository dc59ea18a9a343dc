"""Pictures and numbers as pages show them; the report's own words and number formats."""

from django import template
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from assessment import access
from assessment.reports import charts, prose, words
from assessment.reports.charts import Figure

register = template.Library()

PHONE = 350
WIDE = 720

register.filter("points", words.points)
register.filter("signed", words.signed)
register.filter("share", words.share)
register.filter("severity", words.severity)
register.filter("no_gaps", prose.no_gaps)


@register.filter
def number(level: int | None) -> str:
    """
    >>> number(0), number(None)
    ('0', '—')
    """
    return words.NOTHING if level is None else str(level)


@register.filter
def text(value) -> str:
    """A framework's text in the page's language."""
    return value.to(get_language()) if value else ""


@register.filter
def may(seat, verb):
    """Whether a person in this seat may do it (see `access.RIGHTS`)."""
    return seat.may(verb)


@register.simple_tag(takes_context=True)
def here(context, *views):
    """Marks the link that leads to the page at hand; the first view is that page, the others lie within it."""
    match = context["request"].resolver_match
    if not match or match.url_name not in views:
        return ""
    return mark_safe(f' aria-current="{"page" if match.url_name == views[0] else "true"}"')  # noqa: S308 (no input)


@register.filter
def duties(user):
    """What the person finds in the main menu beside what everybody does."""
    return access.duties(user)


@register.filter
def item(mapping, key):
    return mapping.get(key)


@register.simple_tag
def picture(section):
    """The picture of a dimension's kind."""
    if section.journey:
        return _picture(charts.journey(section.journey, PHONE, 13))
    if section.balance:
        return _picture(charts.balance(section.balance, PHONE, 13))
    return _picture(charts.ruler(section.ruler, PHONE, 13))


@register.simple_tag
def group_title(group):
    return words.group(group.lens.name, group.kind)


@register.simple_tag
def overview(report):
    """All dimensions' scores at once."""
    axes = report.overall.axes
    draw = charts.radar if len(axes) in charts.ON_A_WHEEL else charts.bars
    return _picture(draw(axes, 380, 11))


@register.simple_tag
def heat_map(report, assessment, width=WIDE):
    homes = {answer.code: answer.dimension for answer in report.answers}

    def address(key: str) -> str:
        kind, _mark, code = key.partition(":")
        if kind == "criterion":
            return reverse("dimension-answer", args=[assessment.pk, homes[code]]) + f"#{code}"
        return reverse("dimension-answer", args=[assessment.pk, code])

    return _picture(charts.heat_map(report.overall.heat, width, 13, highest=report.method.highest), address)


def _picture(figure: Figure, address=None) -> str:
    return mark_safe(charts.svg(figure, address))  # noqa: S308 (svg escapes every text)


register.filter("verdict", words.balance)
register.filter("status", words.status)


@register.simple_tag
def level_name(report, level):
    return report.level_name(level)


@register.simple_tag
def progress_of(section):
    """How many of a dimension's criteria are answered or not applicable."""
    return sum(answer.state != "blank" for answer in section.answers)


@register.simple_tag
def facet_heading(dimension, criterion):
    """The side's name above its first card."""
    return next((text(facet.name) for facet in dimension.facets if facet.criteria[:1] == (criterion,)), "")


@register.simple_tag
def level_choice(form, value, scale):
    """One radio button of a card: its id, name, and whether it is the chosen one."""
    name = scale[value].name.to(get_language()) if isinstance(value, int) else ""
    chosen = form["level"].value() or ""
    return {"id": f"id_{form.prefix}-level-{value}", "name": name, "checked": str(chosen) == str(value)}


@register.filter
def change(difference):
    """A difference of scores with its sign; none where there is no difference.

    >>> change(-4.0), change(0.0), change(None)
    ('−4.0', '0.0', '—')
    """
    return words.signed(difference) if difference or difference is None else "0.0"


@register.filter
def steps(difference):
    """A difference of levels with its sign.

    >>> steps(2), steps(-1), steps(0)
    ('+2', '−1', '0')
    """
    return f"{difference:+d}".replace("-", "−") if difference else "0"


@register.filter
def tone(level, framework):
    """Which shade a level bears on the framework's scale: a class of the style sheet's."""
    return f"tone-{charts.tone(level, framework.highest)}"


@register.simple_tag
def scale_step(framework, level):
    """The step of a framework's scale."""
    return framework.scale[level]
