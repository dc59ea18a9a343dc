"""Two rounds compared, and the quality annex, in the words and pictures that the paper has too."""

from itertools import batched

from django import template
from django.urls import reverse
from django.utils.safestring import mark_safe

from assessment.reports import annex, charts
from assessment.reports.comparison import words
from assessment.reports.words import signed

register = template.Library()

register.filter("difference", signed)
register.filter("verdict_of", words.verdict)
register.filter("changed", words.changed)
register.filter("change_name", words.change)
register.filter("gap_fate", words.gap)
register.filter("levels_of", words.level)
register.filter("targets_of", words.targets)
register.filter("distance", words.distance)
register.filter("origin", words.origin)
register.filter("parts_of", words.parts)
register.filter("shifted", words.shifted)
register.filter("setting_of", words.setting)
register.filter("setting_before", words.setting_before)
register.filter("setting_after", words.setting_after)
register.filter("shares_of", words.shares)
register.filter("shifts_told", words.shifts_told)
register.filter("new_level", words.new_level)
register.filter("capped", words.capped)
register.filter("way", words.way)
register.filter("method_of", words.method)

register.filter("rule_name", annex.rule)
register.filter("why_look", annex.why)
register.filter("found", annex.found)
register.filter("mean_difference", annex.mean)
register.filter("agreement", annex.agreement)
register.simple_tag(annex.unproven, name="unproven_words")
register.simple_tag(annex.none, name="none_found")


@register.simple_tag
def changes(comparison, *names):
    """The criteria of which one of these became."""
    return comparison.of(*names)


@register.simple_tag
def gaps_that(comparison, fate):
    return comparison.gaps(fate)


@register.simple_tag
def counts(comparison):
    """How many criteria each thing became of, in the order of the lists."""
    found = ((name, len(comparison.of(name))) for name in words.CHANGES)
    return [(name, count) for name, count in found if count]


@register.simple_tag
def slope_chart(comparison, width):
    """All dimensions, on several pictures where one does not hold them."""
    ends = comparison.before.round, comparison.after.round
    figures = [
        charts.slopes(some, ends, width, 13)
        for some in batched(words.slopes(comparison), charts.ON_A_SLOPE, strict=False)
    ]
    return mark_safe("".join(map(charts.svg, figures)))  # noqa: S308 (svg escapes every text)


@register.simple_tag
def place_of(item, before, after):
    """Where the answer stands: in the later round, or in the earlier one where the criterion went; "" if not asked."""
    record = after if item.after else before
    dimension = item.last.dimension
    if not record.asks(dimension):
        return ""
    return reverse("dimension-answer", args=[record.pk, dimension]) + f"#{item.last.code}"
