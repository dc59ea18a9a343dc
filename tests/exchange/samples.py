"""A small framework file and an answers file to it, to be spoilt line by line; and random ones."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from hypothesis import strategies as st

from assessment.exchange.document import UNPRINTABLE, FileError
from assessment.outline import Citation, Evidence, Passage, Response, Source, Text
from tests.factories import LEVELS, make_assessment, some_frameworks

FRAMEWORK = """\
framework: small
version: "1"
language: zh-hans
name: {zh-hans: 小框架, en: Small}
scale:
- {level: 0, name: 零}
- {level: 1, name: 一, threshold: 10}
- {level: 2, name: 二, threshold: 50}
sources:
- code: doc
  title: 文件
  issued: 2024-05-14
  issuers: [甲]
  passages:
  - {id: "1", locator: 第一条, status: verbatim, quote: 原文}
  - {id: "2", locator: 第二条, status: title-only}
lenses:
- code: T
  name: 趋势
  dimensions:
  - code: T1
    name: 统筹
    kind: transition
    from: 旧
    to: 新
    cites: [doc#1]
    criteria:
    - code: T1.1
      title: 甲
      statement: 判断甲
      weight: 2
      key: true
      effort: [1, 2]
      levels:
      - {level: 0, descriptor: 无}
      - {level: 1, descriptor: 有, evidence: 文号, next: 再做}
      - {level: 2, descriptor: 好}
      cites: [doc#1, {passage: "doc#2", role: assigned}]
      tags: [a:b]
- code: P
  name: 并重
  dimensions:
  - code: P1
    name: 两侧
    kind: balance
    facets:
    - code: P1.A
      name: 左
      criteria:
      - {code: A1, title: 乙, statement: 丙, levels: [{level: 0, descriptor: 一}, {level: 1, descriptor: 二}, {level: 2, descriptor: 三}]}
    - code: P1.B
      name: 右
      criteria:
      - {code: B1, title: 丁, statement: 戊, levels: [{level: 0, descriptor: 四}, {level: 1, descriptor: 五}, {level: 2, descriptor: 六}]}
targets:
- {code: "2027", name: 目标, levels: {default: 1, key: 2, T1.1: 1}}
crosswalks:
  a: {b: doc#1}
"""

ANSWERS = """\
assessment:
  city: {code: "330100", name: 杭州市}
  round: "2026"
  framework: small
  version: "1"
  target: "2027"
  title: 第一轮
  as_of: 2026-09-30
responses:
- criterion: T1.1
  level: 1
  target: 2
  rationale: 有文件
  evidence:
  - {title: 办法, url: https://example.org/, reference: 1号, as_of: 2026-06-30}
- criterion: A1
  not_applicable: 本市无此事项
  verified_level: 2
"""


def spoilt(sample: str, old: str, new: str) -> str:
    """The sample with one place changed."""
    assert sample.count(old) == 1, f"{old!r} is not in the sample once"
    return sample.replace(old, new)


def write(folder: Path, content: str | bytes, name: str = "file.yaml") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def places(error: FileError) -> list[tuple[str, int]]:
    return [(problem.path, problem.line) for problem in error.problems]


# Random outlines whose texts are what YAML most easily gets wrong

TRICKY = [
    "yes",
    "no",
    "null",
    "~",
    "true",
    ".nan",
    ".inf",
    "010100",
    "2024.1",
    "1e5",
    "1_000",
    "0x1F",
    "1:30",
    "2026-01-01",
    "=",
    "<<",
    "?",
    "-",
    ":",
    "#",
    "a #b",
    "a: b",
    "a:",
    "- a",
    "'q'",
    '"q"\n 前导空格',
    "尾部空格 ",
    "  ",
    "{a}",
    "[a]",
    "&a",
    "*a",
    "!t",
    "%d",
    "@x",
    "`x`",
    "---",
    "...",
    "a,b",
    "\\",
    "\\n",
    ">",
    "a\tb",
    "\ttab",
    "😀",
    "é",
    "\u2028",
    "\x85",
    "\x80",
    "\ufeff",
    "\u3000全角",
]
TRICKY += [
    "|",
    "a|b",
    "行一\n行二",
    "\n首行空",
    "尾行空\n",
    "尾行空\n\n\n",
    " 缩进\n  更深\n",
    "a\r\nb",
    "\r",
    "\n",
    "# a\n- b",
    "---\na",
    "\tx\n y",
]
ANY_TEXT = st.one_of(
    st.sampled_from(TRICKY), st.text(max_size=30), st.text(" \n\t:-#'\"ab一\\|>%", max_size=12)
).filter(lambda text: not UNPRINTABLE.search(text))
WORDS = ANY_TEXT.filter(str.strip)
SHORT = WORDS.map(lambda text: " ".join(text.splitlines())[:50]).filter(str.strip)
DAYS = st.none() | st.dates(date(1900, 1, 1))


@st.composite
def texts(draw, words=WORDS):
    """In Chinese, and sometimes in other languages too."""
    others = draw(st.lists(st.sampled_from(["en", "fr", "ar"]), unique=True, max_size=2))
    return Text({"zh-hans": draw(words)} | {language: draw(WORDS) for language in sorted(others)})


OPTIONAL_TEXTS = st.just(Text()) | texts()
NUMBERS = st.floats(5e-324, 1e300) | st.integers(1, 10)
CROSSWALKS = st.dictionaries(
    ANY_TEXT,
    st.recursive(
        ANY_TEXT | st.booleans() | st.integers() | st.floats(-1e15, 1e15) | st.none(),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(ANY_TEXT, inner, max_size=2),
        max_leaves=4,
    ),
    max_size=2,
)


@st.composite
def passages(draw, number):
    status = draw(st.sampled_from(["verbatim", "excerpt", "second-hand", "title-only"]))
    quote = draw(OPTIONAL_TEXTS) if status in ("verbatim", "excerpt") else Text()
    return Passage(f"{draw(SHORT)}#{number}", draw(texts()), status, quote, draw(OPTIONAL_TEXTS))


@st.composite
def sources(draw):
    found = tuple(draw(passages(number)) for number in range(draw(st.integers(1, 2))))
    issuers = tuple(draw(st.lists(SHORT, max_size=2)))
    return Source("s-1", draw(texts()), issuers, draw(SHORT), draw(DAYS), draw(SHORT), draw(OPTIONAL_TEXTS), found)


@st.composite
def frameworks(draw):
    """Random in shape by `some_frameworks`; its texts, numbers and citations are made random here."""
    framework, source = draw(some_frameworks()), draw(sources())
    cites = st.lists(
        st.builds(
            lambda passage, role: Citation("s-1", passage.id, role),
            st.sampled_from(source.passages),
            st.sampled_from(["basis", "assigned"]),
        ),
        unique_by=lambda citation: citation.passage,
    ).map(tuple)
    texted = draw(texts()), draw(OPTIONAL_TEXTS), draw(texts(WORDS)), draw(NUMBERS)
    chosen = draw(cites)

    def criterion(old):
        level = replace(old.levels[1], descriptor=texted[0], evidence=texted[1], next=texted[2])
        levels = (old.levels[0], level, *old.levels[2:])
        words = {"title": texted[2], "statement": texted[0], "guidance": texted[1], "measure": texted[2]}
        words |= {"suffices": texted[1], "falls_short": texted[0]}
        effort = (1, 2, 3, 4, 5) if old.key else 4
        taken = {"replaces": tuple(dict.fromkeys(source.issuers)), "carry": "highest" if old.key else "lowest"}
        taken |= {"cites": chosen, "tags": tuple(source.issuers)}
        return replace(old, **words, **taken, weight=texted[3], effort=effort, levels=levels)

    def dimension(old):
        facets = tuple(replace(f, criteria=tuple(map(criterion, f.criteria))) for f in old.facets)
        if old.kind != "balance":
            facets = (replace(facets[0], name=texted[0]),)
        return replace(old, name=texted[0], facets=facets, cites=chosen, weight=texted[3])

    lenses = tuple(
        replace(lens, name=texted[2], dimensions=tuple(map(dimension, lens.dimensions))) for lens in framework.lenses
    )
    about, crosswalks = draw(OPTIONAL_TEXTS), draw(CROSSWALKS)
    return replace(framework, name=texted[0], about=about, lenses=lenses, sources=(source,), crosswalks=crosswalks)


EVIDENCE = st.builds(Evidence, SHORT, st.just("") | SHORT, st.just("") | SHORT, DAYS)
OPTIONAL_LEVELS = st.none() | LEVELS


@st.composite
def assessments(draw, framework):
    codes = draw(st.sets(st.sampled_from(list(framework.criteria))))
    responses = []
    for code in [code for code in framework.criteria if code in codes]:
        answer = draw(
            st.builds(lambda level: {"level": level}, LEVELS) | st.builds(lambda why: {"not_applicable": why}, WORDS)
        )
        response = Response(
            code,
            target=draw(OPTIONAL_LEVELS),
            rationale=draw(ANY_TEXT),
            evidence=tuple(draw(st.lists(EVIDENCE, max_size=2))),
            verified_level=draw(OPTIONAL_LEVELS),
            **answer,
        )
        responses.append(response)
    whole = make_assessment({}, round=draw(SHORT), title=draw(st.just("") | SHORT), as_of=draw(DAYS))
    return replace(whole, responses=tuple(responses))
