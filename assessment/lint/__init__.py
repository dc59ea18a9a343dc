"""What is wrong with a draft of a framework, part by part: errors block publishing, warnings need a reason."""

from collections.abc import Callable, Iterable, Mapping

from assessment.lint.basis import (
    changed_golden_sets,
    forbidden_quotes,
    replaced_though_kept,
    sources_without_text,
    unchecked_quotes,
    uncited_criteria,
    uncovered_clauses,
    unknown_citations,
    unknown_replaced,
    vanished_codes,
    wrong_quotes,
)
from assessment.lint.draft import Draft, Found
from assessment.lint.finding import Finding, Place, Severity
from assessment.lint.structure import (
    idle_weights,
    levels_above_scale,
    missing_levels,
    nothing_inside,
    repeated_codes,
    targets_above_scale,
    unknown_targets,
    wrong_scale,
    wrong_sides,
    wrong_thresholds,
    wrong_weights,
)
from assessment.lint.wording import (
    alike_descriptors,
    equal_descriptors,
    missing_examples,
    missing_texts,
    repeated_names,
    untranslated,
)
from assessment.outline import Framework
from assessment.quoting import Check

RULES: tuple[tuple[str, Severity, Callable[[Draft], Found]], ...] = (
    ("nothing-inside", "error", nothing_inside),
    ("sides-wrong", "error", wrong_sides),
    ("code-repeated", "error", repeated_codes),
    ("text-missing", "error", missing_texts("text-missing")),
    ("pole-missing", "error", missing_texts("pole-missing")),
    ("scale-wrong", "error", wrong_scale),
    ("threshold-wrong", "error", wrong_thresholds),
    ("level-missing", "error", missing_levels),
    ("level-above-scale", "error", levels_above_scale),
    ("descriptor-missing", "error", missing_texts("descriptor-missing")),
    ("descriptors-equal", "error", equal_descriptors),
    ("target-above-scale", "error", targets_above_scale),
    ("target-unknown", "error", unknown_targets),
    ("citation-unknown", "error", unknown_citations),
    ("quote-forbidden", "error", forbidden_quotes),
    ("quote-differs", "error", wrong_quotes),
    ("weight-wrong", "error", wrong_weights),
    ("replaced-unknown", "error", unknown_replaced),
    ("golden-changed", "error", changed_golden_sets),
    ("name-repeated", "warning", repeated_names),
    ("descriptors-alike", "warning", alike_descriptors),
    ("criterion-uncited", "warning", uncited_criteria),
    ("clause-uncovered", "warning", uncovered_clauses),
    ("quote-unchecked", "warning", unchecked_quotes),
    ("source-unchecked", "warning", sources_without_text),
    ("weight-idle", "warning", idle_weights),
    ("code-vanished", "warning", vanished_codes),
    ("replaced-kept", "warning", replaced_though_kept),
    ("untranslated", "warning", untranslated),
    ("examples-missing", "warning", missing_examples),
)


def lint(
    framework: Framework,
    *,
    previous: Framework | None = None,
    checks: Iterable[Check] = (),
    golden: Mapping[str, int] | None = None,
) -> tuple[Finding, ...]:
    """All that is wrong, errors first, each rule at each place once.

    `previous`: the version whose answers this one takes over. `checks`: the quotations against their sources' texts.
    `golden`: by the name of a golden set, how many of its figures are not what was accepted.
    """
    draft = Draft(framework, previous, {check.passage: check for check in checks}, golden or {})
    found = (Finding(rule, severity, place, values) for rule, severity, find in RULES for place, values in find(draft))
    return tuple({finding.key: finding for finding in found}.values())


__all__ = ["RULES", "Finding", "Place", "Severity", "lint"]
