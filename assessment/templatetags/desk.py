"""Small things that the editor's templates ask of sources and passages."""

from django import template

from assessment.reports import findings

register = template.Library()
register.filter("language", findings.language)


@register.simple_tag
def key_of(source, passage) -> str:
    """`SOURCE#PASSAGE`, as citations name it."""
    return f"{source.code}#{passage.id}"


@register.simple_tag
def passages_of(source, cited, covered) -> dict:
    """The source's passages, those that are cited apart from the others; on how many of these no criterion rests."""
    chosen = [passage for passage in source.passages if key_of(source, passage) in cited]
    others = [passage for passage in source.passages if passage not in chosen]
    uncited = sum(key_of(source, passage) not in covered for passage in others)
    return {"chosen": chosen, "others": others, "uncited": uncited}


@register.simple_tag
def told_at(told, path):
    """What is said at this field, if anything."""
    return told.get(path) if told else None
