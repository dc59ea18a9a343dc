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
def passages_of(source, cited) -> dict[str, list]:
    """The source's passages, those that are cited apart from the others."""
    chosen = [passage for passage in source.passages if key_of(source, passage) in cited]
    return {"chosen": chosen, "others": [passage for passage in source.passages if passage not in chosen]}
