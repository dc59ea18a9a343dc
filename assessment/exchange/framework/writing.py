"""Outline → framework file, in one spelling: the same framework always gives the same bytes."""

from hashlib import sha256
from typing import Any

from assessment import outline
from assessment.exchange.writing import dump, plain_number, spell
from assessment.outline import without_empty


def write_framework(framework: outline.Framework) -> str:
    """The framework file in its one spelling: defaults left out, own language first, file order kept."""
    return dump(spell_framework(framework))


def spell_framework(framework: outline.Framework) -> dict[str, Any]:
    """The framework as the mapping that its file holds."""
    return without_empty(
        {
            "framework": framework.code,
            "version": framework.version,
            "language": framework.language,
            "name": spell(framework.name, framework.language),
            "about": spell(framework.about, framework.language),
            "scale": [_spell_level(level, framework.language) for level in framework.scale],
            "sources": [_spell_source(source, framework.language) for source in framework.sources],
            "lenses": [_spell_lens(lens, framework.language) for lens in framework.lenses],
            "targets": [_spell_target(profile, framework) for profile in framework.targets],
            "crosswalks": _sorted(framework.crosswalks),
        }
    )


def digest(framework: outline.Framework) -> str:
    """SHA-256 of the framework's file: whoever exports it can check it."""
    return sha256(write_framework(framework).encode()).hexdigest()


def _spell_level(level: outline.Level, language: str) -> dict[str, Any]:
    return without_empty(
        {
            "level": level.level,
            "name": spell(level.name, language),
            "threshold": plain_number(level.threshold),
            "meaning": spell(level.meaning, language),
        }
    )


def _spell_source(source: outline.Source, language: str) -> dict[str, Any]:
    return without_empty(
        {
            "code": source.code,
            "title": spell(source.title, language),
            "issuers": list(source.issuers),
            "number": source.number,
            "issued": source.issued,
            "url": source.url,
            "edition": spell(source.edition, language),
            "passages": [
                without_empty(
                    {
                        "id": passage.id,
                        "locator": spell(passage.locator, language),
                        "status": passage.status,
                        "quote": spell(passage.quote, language),
                        "summary": spell(passage.summary, language),
                    }
                )
                for passage in source.passages
            ],
        }
    )


def _spell_lens(lens: outline.Lens, language: str) -> dict[str, Any]:
    return without_empty(
        {
            "code": lens.code,
            "name": spell(lens.name, language),
            "weight": _weight(lens.weight),
            "dimensions": [_spell_dimension(dimension, language) for dimension in lens.dimensions],
        }
    )


def _spell_dimension(dimension: outline.Dimension, language: str) -> dict[str, Any]:
    balance = dimension.kind == "balance"
    return without_empty(
        {
            "code": dimension.code,
            "name": spell(dimension.name, language),
            "kind": dimension.kind,
            "from": spell(dimension.start, language),
            "to": spell(dimension.end, language),
            "weight": _weight(dimension.weight),
            "cites": [_spell_citation(citation) for citation in dimension.cites],
            "criteria": [] if balance else [_spell_criterion(c, language) for c in dimension.criteria],
            "facets": [_spell_facet(facet, language) for facet in dimension.facets] if balance else [],
        }
    )


def _spell_facet(facet: outline.Facet, language: str) -> dict[str, Any]:
    return without_empty(
        {
            "code": facet.code,
            "name": spell(facet.name, language),
            "weight": _weight(facet.weight),
            "criteria": [_spell_criterion(criterion, language) for criterion in facet.criteria],
        }
    )


def _spell_criterion(criterion: outline.Criterion, language: str) -> dict[str, Any]:
    return without_empty(
        {
            "code": criterion.code,
            "title": spell(criterion.title, language),
            "statement": spell(criterion.statement, language),
            "guidance": spell(criterion.guidance, language),
            "weight": _weight(criterion.weight),
            "key": criterion.key or None,
            "effort": list(criterion.effort) if isinstance(criterion.effort, tuple) else criterion.effort,
            "owner": spell(criterion.owner, language),
            "measure": spell(criterion.measure, language),
            "suffices": spell(criterion.suffices, language),
            "falls_short": spell(criterion.falls_short, language),
            "levels": [
                without_empty(
                    {
                        "level": item.level,
                        "descriptor": spell(item.descriptor, language),
                        "evidence": spell(item.evidence, language),
                        "next": spell(item.next, language),
                    }
                )
                for item in criterion.levels
            ],
            "cites": [_spell_citation(citation) for citation in criterion.cites],
            "tags": list(criterion.tags),
            "replaces": list(criterion.replaces),
            "carry": None if criterion.carry == "lowest" else criterion.carry,
        }
    )


def _spell_citation(citation: outline.Citation) -> str | dict[str, str]:
    return citation.key if citation.role == "basis" else {"passage": citation.key, "role": citation.role}


def _spell_target(profile: outline.TargetProfile, framework: outline.Framework) -> dict[str, Any]:
    order = {code: index for index, code in enumerate([*outline.RESERVED_CODES, *framework.criteria])}
    levels = {
        key: profile.levels[key] for key in sorted(profile.levels, key=lambda code: (order.get(code, len(order)), code))
    }
    return {"code": profile.code, "name": spell(profile.name, framework.language), "levels": levels}


def _weight(weight: float) -> float | None:
    return None if weight == 1 else plain_number(weight)


def _sorted(value: Any) -> Any:
    """Mappings by key, whole numbers as such: a database does not keep a JSON object's order, nor 1.0 from 1."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    return plain_number(value) if isinstance(value, float) else value
