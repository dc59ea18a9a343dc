"""Rules of the words: texts that are missing or untranslated, levels that cannot be told apart, examples."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

from assessment.lint.draft import Draft, Found, Need, at, has, is_there, translatable
from assessment.lint.finding import Place
from assessment.outline import Criterion, Text

# Words that say how much and name nothing that could be looked at: two levels told apart by them alone are chosen by
# taste. By the first part of the language's name; texts in other languages are not compared.
DEGREES = {
    "zh": """初步 基本 大体 大致 总体 整体 较 较为 比较 相对 一定 一般 有所 稍 略 尚 很 非常 十分 特别 极 极为 极其 最 更 更加
        更为 进一步 充分 全面 全方位 有效 高效 显著 明显 突出 深入 深度 深刻 广泛 普遍 逐步 持续 不断 完全 彻底 高度 大力 切实
        扎实 稳步 积极 主动 良好 优秀 优异 较好 很好 较高 很高 较强 很强 较大 很大 部分 大部分 绝大部分 多数 大多数 绝大多数
        少数 少量 大量 若干 个别""",
    "en": """mainly mostly largely broadly generally basically essentially somewhat rather quite fairly relatively
        partly partially slightly roughly fully entirely completely totally thoroughly comprehensively extensively
        widely commonly highly very extremely strongly significantly substantially considerably markedly notably
        clearly effectively efficiently actively well better best good excellent strong further more most much some
        many few several initially gradually steadily continuously constantly increasingly deeply a an""",
}
# What two descriptors may differ in and still say the same: space, and marks that are not part of a number.
MARKS = re.compile(r"[\s，。、；：！？;!?“”‘’\"'（）()《》]|[.,:](?!\d)")


def _degree(language: str, words: str) -> re.Pattern[str]:
    longest_first = "|".join(sorted(words.split(), key=len, reverse=True))
    return re.compile(longest_first if language == "zh" else rf"\b(?:{longest_first})\b")


DEGREE = {language: _degree(language, words) for language, words in DEGREES.items()}


def missing_texts(rule: Need) -> Callable[[Draft], Found]:
    """Texts that lack the framework's own language; one that may be absent only where it has another."""

    def find(draft: Draft) -> Found:
        own = draft.framework.language
        for place, text, need in draft.texts:
            is_wanted = need == rule or (rule == "text-missing" and not need and is_there(text))
            if is_wanted and not has(text, own):
                yield Place(place.part, place.name, place.field, own), {}

    return find


def repeated_names(draft: Draft) -> Found:
    """A part that bears the name of a sibling in a language; said once, however many languages."""
    for siblings in _named_siblings(draft):
        first: dict[tuple[str, str], str] = {}
        for place, code, name in siblings:
            taken = {language: first.setdefault((language, _plain(words)), code) for language, words in name.items()}
            language = next((each for each in taken if has(name, each) and taken[each] != code), None)
            if language is not None:
                yield Place(place.part, place.name, place.field, language), {"other": taken[language]}


def _plain(words: str) -> str:
    return MARKS.sub("", str(words)).casefold()


def _named_siblings(draft: Draft) -> Iterator[Iterator[tuple[Place, str, Text]]]:
    def named(kind, parts):
        field = "title" if kind == "criterion" else "name"
        return ((at(kind, part, field), part.code, getattr(part, field)) for part in parts)

    framework = draft.framework
    yield ((Place(f"level:{s.level}", s.name, "name"), str(s.level), s.name) for s in framework.scale)
    yield named("lens", framework.lenses)
    yield named("target", framework.targets)
    yield from (named("dimension", lens.dimensions) for lens in framework.lenses)
    for dimension in framework.dimensions:
        if dimension.kind == "balance":
            yield named("facet", dimension.facets)
        yield from (named("criterion", facet.criteria) for facet in dimension.facets)


def equal_descriptors(draft: Draft) -> Found:
    for place, described in _described(draft):
        first: dict[str, int] = {}
        for level, words in described:
            other = first.setdefault(MARKS.sub("", words), level)
            if other != level:
                yield _at_level(place, level), {"level": level, "other": other}


def alike_descriptors(draft: Draft) -> Found:
    """Neighbours that are the same when the words of degree are taken out."""
    for place, described in _described(draft):
        degree = DEGREE.get(place.language.partition("-")[0].lower())
        if degree is None:
            continue
        for (lower, one), (upper, other) in pairwise(described):
            is_equal = MARKS.sub("", one) == MARKS.sub("", other)
            if not is_equal and MARKS.sub("", degree.sub("", one)) == MARKS.sub("", degree.sub("", other)):
                yield _at_level(place, upper), {"level": upper, "other": lower}


def _described(draft: Draft) -> Iterator[tuple[Place, list[tuple[int, str]]]]:
    """By criterion and language the levels that are described, from the lowest."""
    for criterion in draft.criteria:
        steps = sorted(criterion.levels, key=lambda step: step.level)
        for language in dict.fromkeys(language for step in steps for language in step.descriptor):
            found = [(s.level, s.descriptor[language].casefold()) for s in steps if has(s.descriptor, language)]
            yield at("criterion", criterion, language=language), found


def _at_level(place: Place, level: int) -> Place:
    return Place(place.part, place.name, f"levels.{level}.descriptor", place.language)


def untranslated(draft: Draft) -> Found:
    """Texts without a language that the framework's name has: part by part where at least half of all have it."""
    texts = translatable(draft.framework)
    for language in sorted(draft.framework.name.keys() - {draft.framework.language}):
        lacking: dict[str, list[Place]] = defaultdict(list)
        for place, text in texts:
            if not has(text, language):
                lacking[place.part].append(place)
        count = sum(map(len, lacking.values()))
        if 2 * count > len(texts):
            yield draft.place(language=language), {"count": count, "of": len(texts)}
        else:
            for first, *more in lacking.values():
                yield Place(first.part, first.name, first.field, language), {"count": 1 + len(more)}


def missing_examples(draft: Draft) -> Found:
    """One for a dimension in which criteria lack an example; one for all where no criterion has any."""
    if len(draft.criteria) > 1 and not any(is_there(c.suffices) or is_there(c.falls_short) for c in draft.criteria):
        yield draft.place("examples"), {"count": len(draft.criteria)}
        return
    for dimension in draft.framework.dimensions:
        count = sum(map(_lacks_example, dimension.criteria))
        if count:
            yield at("dimension", dimension, "examples"), {"count": count}


def _lacks_example(criterion: Criterion) -> bool:
    return not (is_there(criterion.suffices) and is_there(criterion.falls_short))
