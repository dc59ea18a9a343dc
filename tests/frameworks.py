"""Frameworks as they may come: all that are shipped, and three odd ones."""

from functools import cache

from assessment.exchange.framework import read_framework
from assessment.outline import (
    Assessment,
    Citation,
    City,
    Criterion,
    Dimension,
    Evidence,
    Facet,
    Framework,
    Lens,
    Level,
    LevelDescriptor,
    Passage,
    Response,
    Source,
    TargetProfile,
    Text,
)
from tests.factories import make_balance, make_criteria, make_framework, make_lens, make_transition, text
from tests.test_fixtures import FILES


@cache
def every_framework() -> dict[str, Framework]:
    return {path.stem: read_framework(path) for path in FILES} | {
        "one question": one_question(),
        "ten levels": ten_levels(),
        "german": german(),
    }


def one_question() -> Framework:
    """Yes or no, once."""
    lens = make_lens("Q", make_transition("Q1", make_criteria("Q1.1", highest=1), kind="plain"))
    return make_framework(lens, code="one-question", thresholds=[50], targets={"default": 1}, name=text("一问"))


def ten_levels() -> Framework:
    """The longest scale that there may be, and three lenses of mixed kinds."""
    first = make_lens(
        "A",
        make_transition("A1", make_criteria("A1.1", "A1.2", highest=9, key=["A1.1"])),
        make_transition("A2", make_criteria("A2.1", highest=9), kind="plain"),
    )
    second = make_lens("B", make_balance("B1", *(make_criteria(f"B1.{s}1", highest=9) for s in "XY"), weights=(2, 1)))
    many = make_criteria(*(f"C1.{n}" for n in range(1, 21)), highest=9)
    third = make_lens("C", make_transition("C1", many, kind="plain"), weight=2)
    targets = {"default": 7, "key": 9}
    return make_framework(first, second, third, code="ten-levels", thresholds=range(10, 100, 10), targets=targets)


LONG = "Datenschutzfolgenabschätzungsverfahrensverantwortliche"


def german() -> Framework:
    """In a language that no page has, with words longer than a column."""
    source = Source(
        "leitfaden", de("Leitfaden für Städte"), ("Städtetag",), passages=(Passage("3", de("Kapitel 3"), "title-only"),)
    )
    dimensions = tuple(german_dimension(f"M{n}", subject) for n, subject in enumerate(("Bürgerdienste", LONG), 1))
    scale = tuple(Level(n, de(f"Stufe {n}"), 30 * n if n else None, de("Größer als zuvor")) for n in range(4))
    return Framework(
        code="stadtwerk",
        version="1",
        language="de",
        name=de("Selbsteinschätzung der Stadtverwaltung"),
        about=de("Für Städte, die sich selbst prüfen möchten."),
        scale=scale,
        sources=(source,),
        lenses=(Lens("M", de("Zwei Handlungsfelder"), dimensions),),
        targets=(TargetProfile("ziel", de("Zielbild"), {"default": 2}),),
    )


def german_dimension(code: str, subject: str) -> Dimension:
    criteria = tuple(german_criterion(f"{code}.{n}", f"{subject}, Teil {n}") for n in (1, 2))
    return Dimension(code, de(subject), "plain", (Facet(code, de(subject), criteria=criteria),))


def german_criterion(code: str, title: str) -> Criterion:
    levels = tuple(
        LevelDescriptor(
            n, de(f"{title}: auf Stufe {n} für {LONG} geregelt."), de("Akte"), de("Das Amt prüft.") if n < 3 else Text()
        )
        for n in range(4)
    )
    return Criterion(code, de(title), de(f"{title}?"), levels=levels, cites=(Citation("leitfaden", "3"),))


def de(words: str) -> Text:
    return Text({"de": words})


def answered(framework: Framework) -> Assessment:
    """All levels in turn, with a blank, something not applicable and some verified levels where there is room for them."""
    codes = list(framework.criteria)
    responses = [_response(code, number, framework.highest) for number, code in enumerate(codes)]
    if len(codes) > 5:
        responses[2], responses[4] = Response(codes[2]), Response(codes[4], not_applicable="本市无此事项")
    target = framework.targets[0].code if framework.targets else ""
    city = City("330100", "杭州市")
    return Assessment(city, "2026", framework.code, framework.version, target, responses=tuple(responses))


def _response(code: str, number: int, highest: int) -> Response:
    proof = (Evidence("台账", reference=f"{number}号"),) if number % 2 else ()
    verified = 0 if number % 7 == 3 else None
    return Response(code, number % highest, rationale="抽查属实。", evidence=proof, verified_level=verified)


# What only some frameworks speak of; of each, whether a text of the framework itself has it.
FOREIGN = ("趋势", "并重", "数字中国", "指导意见", "660", "六大", "五个并重", "全域")
PRODUCT = "城市全域数字化转型自评"  # stands on every page, and is no framework's


def foreign_words(framework: Framework) -> list[str]:
    """The words that nothing of this framework says, so that no page or report of it may say them."""
    own = str(framework)
    balances = any(dimension.kind == "balance" for dimension in framework.dimensions)
    return [word for word in FOREIGN if word not in own and not (balances and word == "并重")]
