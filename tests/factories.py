"""Small frameworks and assessments for tests, with as little to say as the test needs to say."""

from collections.abc import Iterable, Mapping
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from assessment.outline import (
    Assessment,
    City,
    Criterion,
    Dimension,
    Facet,
    Framework,
    Kind,
    Lens,
    Level,
    LevelDescriptor,
    Response,
    TargetProfile,
    Text,
)

THRESHOLDS = (10, 30, 50, 70, 90)
NA = {"not_applicable": "本市无此事项"}

# The answers of the worked examples (docs/scoring.md), to the framework that make_framework() makes.
EXAMPLE_TWO = {"T1.1": 1, "T1.2": 5, "T1.3": 4, "P1.A1": 3, "P1.A2": 3, "P1.B1": 0, "P1.B2": 0}
EXAMPLE_THREE = {"T1.1": 3, "T1.2": {"level": 3, "verified_level": 2}, "T1.3": NA, "P1.A1": 0, "P1.A2": 1}

# A loaded machine is slow, not wrong.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def text(words: str) -> Text:
    return Text({"zh-hans": words})


def make_scale(thresholds: Iterable[float] = THRESHOLDS) -> tuple[Level, ...]:
    """Level 0 and one level for each threshold."""
    return Level(0, text("等级0")), *(Level(n, text(f"等级{n}"), t) for n, t in enumerate(thresholds, start=1))


def make_criteria(
    *codes: str, weights: Iterable[float] | None = None, key: Iterable[str] = (), highest: int = 5
) -> tuple[Criterion, ...]:
    """Criteria of weight 1 or of the given weights; `key` names the key ones."""
    levels = tuple(LevelDescriptor(level, text(f"等级{level}的表现")) for level in range(highest + 1))
    keys = set(key)
    return tuple(
        Criterion(code, text(f"评估项{code}"), text(f"{code}判断什么"), weight=weight, key=code in keys, levels=levels)
        for code, weight in zip(codes, weights or [1] * len(codes), strict=True)
    )


def make_transition(
    code: str, criteria: Iterable[Criterion], weight: float = 1, kind: Kind = "transition"
) -> Dimension:
    """A dimension with one facet, which bears its code; `kind="plain"` for one without poles."""
    start, end = (Text(), Text()) if kind == "plain" else (text("旧"), text("新"))
    facet = Facet(code, text(f"维度{code}"), criteria=tuple(criteria))
    return Dimension(code, facet.name, kind, (facet,), start, end, weight)


def make_balance(
    code: str,
    first: Iterable[Criterion],
    second: Iterable[Criterion],
    weights: tuple[float, float] = (1, 1),
    weight: float = 1,
) -> Dimension:
    """A balance of two facets, CODE.A and CODE.B, that weigh `weights`."""
    facets = tuple(
        Facet(f"{code}.{side}", text(f"侧面{side}"), facet_weight, tuple(criteria))
        for side, facet_weight, criteria in zip("AB", weights, (first, second), strict=True)
    )
    return Dimension(code, text(f"维度{code}"), "balance", facets, weight=weight)


def make_lens(code: str, *dimensions: Dimension, weight: float = 1) -> Lens:
    return Lens(code, text(f"视角{code}"), dimensions, weight)


def make_framework(
    *lenses: Lens, targets: Mapping[str, int] | None = None, thresholds: Iterable[float] = THRESHOLDS, **fields: Any
) -> Framework:
    """A framework of these lenses, or the one of the worked example Two: T1 (T1.1 is key) and P1 (two sides of two).

    `targets`: the levels of its only target profile, 2027; by default 3, and 4 for key criteria.
    """
    profile = TargetProfile("2027", text("2027目标"), {"default": 3, "key": 4} if targets is None else targets)
    fields = {"code": "small-city", "version": "2024.1", "language": "zh-hans", "name": text("小框架")} | fields
    return Framework(scale=make_scale(thresholds), lenses=lenses or small_lenses(), targets=(profile,), **fields)


def small_lenses() -> tuple[Lens, Lens]:
    t1 = make_transition("T1", make_criteria("T1.1", "T1.2", "T1.3", key=["T1.1"]))
    p1 = make_balance("P1", make_criteria("P1.A1", "P1.A2"), make_criteria("P1.B1", "P1.B2"))
    return make_lens("T", t1), make_lens("P", p1)


def make_assessment(answers: Mapping[str, int | Mapping[str, Any]], target: str = "2027", **fields: Any) -> Assessment:
    """An assessment of the framework that `make_framework` makes.

    Each answer is a level, or the fields of a response:
    `{"T1.1": 3, "T1.2": {"level": 3, "verified_level": 2}, "T1.3": NA}`.
    """
    responses = tuple(
        Response(code, **({"level": answer} if isinstance(answer, int) else answer)) for code, answer in answers.items()
    )
    fields = {"round": "2026", "framework": "small-city", "version": "2024.1"} | fields
    return Assessment(city=City("330100", "杭州市"), target=target, responses=responses, **fields)


# Random frameworks and answers, for property tests


WEIGHTS = st.sampled_from([0.25, 0.5, 1, 2, 3, 10])
LEVELS = st.integers(0, 5)
BASES = st.sampled_from(["self", "effective"])
ANSWERS = st.one_of(
    LEVELS.map(lambda level: {"level": level}),
    st.builds(lambda level, verified: {"level": level, "verified_level": verified}, LEVELS, LEVELS),
    LEVELS.map(lambda verified: {"verified_level": verified}),
    LEVELS.map(lambda verified: NA | {"verified_level": verified}),
    st.sampled_from([{}, NA]),
)


@st.composite
def some_criteria(draw, prefix, highest):
    codes = [f"{prefix}{n}" for n in range(draw(st.integers(1, 3)))]
    keys = [code for code in codes if draw(st.booleans())]
    return make_criteria(*codes, weights=[draw(WEIGHTS) for _ in codes], key=keys, highest=highest)


@st.composite
def some_dimensions(draw, code, highest):
    kind = draw(st.sampled_from(["transition", "balance", "plain"]))
    first = draw(some_criteria(f"{code}.A", highest))
    if kind != "balance":
        return make_transition(code, first, draw(WEIGHTS), kind)
    second, weights = draw(some_criteria(f"{code}.B", highest)), (draw(WEIGHTS), draw(WEIGHTS))
    return make_balance(code, first, second, weights, draw(WEIGHTS))


@st.composite
def some_frameworks(draw, highest=5):
    thresholds = THRESHOLDS if highest == 5 else [90 * level / highest for level in range(1, highest + 1)]
    lenses = (
        make_lens(
            lens,
            *(draw(some_dimensions(f"{lens}{n}", highest)) for n in range(draw(st.integers(1, 3)))),
            weight=draw(WEIGHTS),
        )
        for lens in "XYZ"[: draw(st.integers(1, 3))]
    )
    targets = None if highest == 5 else {"default": draw(st.integers(0, highest))}
    return make_framework(*lenses, thresholds=thresholds, targets=targets)


@st.composite
def cases(draw):
    """A framework of all kinds of dimensions, and answers of all kinds."""
    framework = draw(some_frameworks())
    return framework, {code: draw(ANSWERS) for code in framework.criteria}


@st.composite
def cases_on_any_scale(draw):
    """A framework of two to ten levels, and some answers."""
    framework = draw(some_frameworks(draw(st.integers(1, 9))))
    levels = st.one_of(st.integers(0, framework.highest), st.sampled_from([{}, NA]))
    return framework, {code: draw(levels) for code in framework.criteria}
