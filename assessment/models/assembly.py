"""Put a framework together from its rows: the one place where records become an outline."""

from typing import TYPE_CHECKING, cast

from assessment import outline
from assessment.outline import Text

if TYPE_CHECKING:
    from assessment.models.framework import Criterion, Dimension, Framework, Lens, Source


def assemble(record: "Framework") -> outline.Framework:
    """The whole version from its rows, which are best fetched with `.whole()`."""
    return outline.Framework(
        code=record.code,
        version=record.version,
        language=record.language,
        name=record.text(record.name),
        about=record.text(record.about),
        scale=tuple(
            outline.Level(level.level, record.text(level.name), level.threshold, record.text(level.meaning))
            for level in record.levels.all()
        ),
        sources=tuple(_source(source, record.text) for source in record.sources.all()),
        lenses=tuple(_lens(lens, record.text) for lens in record.lenses.all()),
        targets=tuple(
            outline.TargetProfile(target.code, record.text(target.name), target.levels)
            for target in record.targets.all()
        ),
        crosswalks=record.crosswalks,
    )


def _source(source: "Source", text) -> outline.Source:
    return outline.Source(
        code=source.code,
        title=text(source.title),
        issuers=tuple(source.issuers),
        number=source.number,
        issued=source.issued,
        url=source.url,
        edition=text(source.edition),
        passages=tuple(
            outline.Passage(
                p.locator_id, text(p.locator), cast(outline.Status, p.status), text(p.quote), text(p.summary)
            )
            for p in source.passages.all()
        ),
    )


def _lens(lens: "Lens", text) -> outline.Lens:
    dimensions = tuple(_dimension(dimension, text) for dimension in lens.dimensions.all())
    return outline.Lens(lens.code, text(lens.name), dimensions, lens.weight)


def _dimension(dimension: "Dimension", text) -> outline.Dimension:
    return outline.Dimension(
        code=dimension.code,
        name=text(dimension.name),
        kind=cast(outline.Kind, dimension.kind),
        facets=tuple(
            outline.Facet(f.code, text(f.name), f.weight, tuple(_criterion(c, text) for c in f.criteria.all()))
            for f in dimension.facets.all()
        ),
        start=text(dimension.start),
        end=text(dimension.end),
        weight=dimension.weight,
        cites=_citations(dimension),
    )


def _criterion(criterion: "Criterion", text) -> outline.Criterion:
    return outline.Criterion(
        code=criterion.code,
        title=text(criterion.title),
        statement=text(criterion.statement),
        guidance=text(criterion.guidance),
        weight=criterion.weight,
        key=criterion.key,
        effort=tuple(criterion.effort) if isinstance(criterion.effort, list) else criterion.effort,
        owner=text(criterion.owner),
        measure=text(criterion.measure),
        levels=tuple(
            outline.LevelDescriptor(d.level, text(d.descriptor), text(d.evidence), text(d.next))
            for d in criterion.descriptors.all()
        ),
        cites=_citations(criterion),
        tags=tuple(criterion.tags),
        suffices=text(criterion.suffices),
        falls_short=text(criterion.falls_short),
        replaces=tuple(criterion.replaces),
        carry=cast(outline.Carry, criterion.carry),
    )


def _citations(owner: "Dimension | Criterion") -> tuple[outline.Citation, ...]:
    return tuple(
        outline.Citation(c.passage.source.code, c.passage.locator_id, cast(outline.Role, c.role))
        for c in owner.citations.all()
    )


def in_own_language(value: dict[str, str], language: str) -> Text:
    """A database does not keep the order of a JSON object: own language first, then by name."""
    return Text({name: value[name] for name in sorted(value, key=lambda name: (name != language, name))})
