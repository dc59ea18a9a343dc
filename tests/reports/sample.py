"""The shipped framework and invented cities' answers to it, for the tests and benchmarks of the report."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw

from assessment.design import Approval, Design, Mark
from assessment.exchange.framework import read_framework
from assessment.gaps import evaluate
from assessment.outline import Assessment, City, Criterion, Evidence, Framework, Response
from assessment.remark import Improvement, Place, Remark, Remarks
from assessment.reports.content import Content, build

FRAMEWORKS = Path(__file__).parents[2] / "fixtures/frameworks"
SHIPPED = FRAMEWORKS / "cn-city-digital-2024.1.yaml"
LEVELS = (0, 1, 1, 2, 2, 2, 3, 3, 4)
HOSTILE = (
    '<img src="/etc/passwd">',
    "成本 < 5 万 & <b>",
    "𠮷野家 🏙️ \x00\x1b[31m\u202e红\u0000",
    "，，，，）））" * 40,
    "https://example.com/" + "a" * 400,
)


@cache
def framework() -> Framework:
    return read_framework(SHIPPED)


def assessment(seed: int = 7, responses: Sequence[Response] | None = None) -> Assessment:
    """A city that has answered everything, with evidence and some verified levels, unless `responses` say else."""
    draw = Random(seed)
    if responses is None:
        responses = [
            response(criterion, number, draw) for number, criterion in enumerate(framework().criteria.values())
        ]
    city = City("330100", "杭州市")
    shipped = framework()
    return Assessment(
        city, "2026", shipped.code, shipped.version, "2027", "年度自评", date(2026, 9, 30), tuple(responses)
    )


def response(criterion: Criterion, number: int, draw: Random) -> Response:
    level = draw.choice(LEVELS)
    proof = tuple(
        Evidence(
            f"{criterion.title}工作台账（{k}）", f"https://www.example.gov.cn/{number}", f"数据办〔2026〕{number}号"
        )
        for k in range(draw.choice((0, 1, 2)))
    )
    found = f"抽查两个部门，{criterion.title}的台账完整率为{60 + number % 30}%，有2件超过时限未办结。"
    verified = max(0, level - 1) if number % 9 == 0 else None
    return Response(
        criterion.code, level, rationale=found if number % 3 else "", evidence=proof, verified_level=verified
    )


def partial() -> Assessment:
    """Blanks, what is not applicable, and what a reviewer overruled."""
    full = list(assessment().responses)
    for place in (3, 14, 25, 36):
        full[place] = Response(full[place].criterion)
    for place in (5, 22):
        full[place] = Response(full[place].criterion, not_applicable="本市没有此类事项，省里也未下达任务。")
    full[44] = Response(full[44].criterion, not_applicable="无港口", verified_level=1)
    return assessment(responses=full)


def hostile() -> Assessment:
    """Everything that a user could type to break a report."""
    full = [
        replace(
            r, level=1, rationale=text, evidence=(Evidence(text, "javascript:alert(1)", text), Evidence("附件", text))
        )
        for r, text in zip(assessment().responses, [*HOSTILE, "长" * 20_000] * 10, strict=True)
    ]
    return replace(assessment(responses=full), city=City("330100", HOSTILE[0]), title=HOSTILE[2], as_of=None)


@cache
def content(kind: str = "full") -> Content:
    made = {
        "full": assessment,
        "partial": partial,
        "hostile": hostile,
        "empty": lambda: assessment(responses=[]),
        "lowest": lambda: same(0),
        "highest": lambda: same(5),
        "capped": capped,
    }
    if kind == "dressed":
        return build(framework(), assessment(), remarks=remarks(), design=design())
    return build(framework(), made[kind]())


def remarks() -> Remarks:
    """What a consultant adds, to the worst gap and elsewhere."""
    today = date(2026, 10, 12)
    gaps = evaluate(framework(), assessment()).gaps
    said = "数据底座已有基础，**制度与考核**仍是短板。\n\n1. 先定规则，再建平台；\n2. 由市政府办公室牵头，按季通报。\n\n见[公报](https://www.example.gov.cn/1)。"
    texts: list[tuple[Place, str, str]] = [
        ("summary", "", said),
        ("dimension", "T1", "统筹机制运转平稳，裁定多靠个案协调。\n\n- 会商台账不全\n- 未裁定的事项没有时限"),
        ("reworded", gaps[0].criterion, "两个月内由市数据局印发办法，**先试点两区**。"),
        ("added", gaps[1].criterion, "与省级平台同步改造。"),
    ]
    improvements = [
        Improvement(gaps[0].criterion, "市数据局", date(2027, 3, 31)),
        Improvement(gaps[1].criterion, "", today),
    ]
    return Remarks(tuple(Remark(*given, "宋知远", today) for given in texts), tuple(improvements))


def design() -> Design:
    return Design(
        city=Mark("杭州市数据资源管理局", logo("#0d5f8a")),
        consultant=Mark("某某城市规划咨询有限公司", logo("#8a4b0d")),
        deep="#3b2a5a",
        accent="#7a3f6d",
        classification="内部资料 注意保存",
        document_number="杭数评〔2026〕7号",
        watermark=True,
        approvals=(Approval("编制", "宋知远", date(2026, 10, 12)), Approval("审核"), Approval("批准")),
    )


def logo(colour: str) -> bytes:
    picture, stream = Image.new("RGB", (300, 90), "#ffffff"), BytesIO()
    ImageDraw.Draw(picture).ellipse((10, 5, 90, 85), fill=colour)
    picture.save(stream, "PNG")
    return stream.getvalue()


def same(level: int) -> Assessment:
    return assessment(responses=[Response(code, level) for code in framework().criteria])


def capped() -> Assessment:
    """Every dimension held down by its key criteria."""
    return assessment(responses=[Response(c.code, 0 if c.key else 4) for c in framework().criteria.values()])


@cache
def english() -> Content:
    """The English framework, answered in English: some gaps, a blank, something not applicable, verified levels."""
    given = read_framework(FRAMEWORKS / "ssc-maturity-lite-1.0.yaml")
    found = "We reviewed the register in two departments; it is complete in most cases, yet 2 of 30 items were late."
    proof = (Evidence("Register of services and its yearly review", "https://www.example.org/1", "No. 12/2026"),)
    full = [
        Response(code, number % 5, rationale=found, evidence=proof, verified_level=0 if number % 7 == 3 else None)
        for number, code in enumerate(given.criteria)
    ]
    full[2] = Response(full[2].criterion)
    full[4] = Response(full[4].criterion, not_applicable="There is no such matter in this city.")
    city, target = City("ES-B", "Barcelona"), given.targets[0].code
    answered = Assessment(
        city, "2026", given.code, given.version, target, "Yearly self-assessment", date(2026, 9, 30), tuple(full)
    )
    return build(given, answered, language="en")
