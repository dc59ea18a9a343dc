"""A framework taken apart into elements that can be edited, compared and put back one by one, and put together again.

An element is named `kind:code`, such as `criterion:T1.1`; the framework itself is the element `framework`. It is spelled in
plain values (no dataclasses), and lists its children by code in their order. So an edit is a mapping from elements to what
they become, None for what is taken away, and to undo it is to edit back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from assessment import outline
from assessment.outline import Text

Element = dict[str, Any]
Elements = dict[str, Element]

FRAMEWORK = "framework"
# Where each kind lists its children, and of what kind these are.
CHILDREN: dict[str, dict[str, str]] = {
    "framework": {"scale": "level", "sources": "source", "lenses": "lens", "targets": "target"},
    "source": {"passages": "passage"},
    "lens": {"dimensions": "dimension"},
    "dimension": {"facets": "facet"},
    "facet": {"criteria": "criterion"},
}
KINDS: dict[str, type] = {
    "level": outline.Level,
    "source": outline.Source,
    "passage": outline.Passage,
    "lens": outline.Lens,
    "dimension": outline.Dimension,
    "facet": outline.Facet,
    "criterion": outline.Criterion,
    "target": outline.TargetProfile,
}
# Values that are one text in several languages.
TEXTS = {"name", "about", "meaning", "title", "edition", "locator", "quote", "summary", "start", "end"}
TEXTS |= {"statement", "guidance", "owner", "measure", "suffices", "falls_short", "descriptor", "evidence", "next"}


def kind_of(name: str) -> str:
    return name.partition(":")[0]


def code_of(name: str) -> str:
    return name.partition(":")[2]


def placing(name: str) -> list[str]:
    """The values of an element that say which one it is and what stands below it."""
    kind = kind_of(name)
    own = {FRAMEWORK: [], "level": ["level"], "passage": ["id"]}.get(kind, ["code"])
    return [*own, *CHILDREN.get(kind, {})]


def members(framework: outline.Framework) -> Iterator[tuple[str, Any]]:
    """Every element's name with its outline, in framework order."""
    return _members(FRAMEWORK, "", framework)


def _members(kind: str, parent: str, item: Any) -> Iterator[tuple[str, Any]]:
    code = str(_code(kind, item))
    yield FRAMEWORK if kind == FRAMEWORK else child_name(kind, parent, code), item
    for key, child in CHILDREN.get(kind, {}).items():
        for each in getattr(item, key):
            yield from _members(child, code, each)


def take_apart(framework: outline.Framework) -> Elements:
    """Every element by its name, in framework order.

    >>> level = outline.Level(0, Text(en="Not started"))
    >>> small = outline.Framework("small", "1", "en", Text(en="Small"), (level,), ())
    >>> list(take_apart(small)), take_apart(small)["level:0"]["name"]
    (['framework', 'level:0'], {'en': 'Not started'})
    """
    return {name: _spelled(kind_of(name), item) for name, item in members(framework)}


def _spelled(kind: str, item: Any) -> Element:
    listed = CHILDREN.get(kind, {})
    element = {f.name: _plain(getattr(item, f.name)) for f in fields(item) if f.name not in listed}
    return element | {key: [_code(child, each) for each in getattr(item, key)] for key, child in listed.items()}


def _code(kind: str, item: Any) -> Any:
    return item.level if kind == "level" else item.id if kind == "passage" else item.code


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (outline.LevelDescriptor, outline.Citation)):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    return value


def put_together(elements: Mapping[str, Element]) -> outline.Framework:
    """The framework that `take_apart` took apart. Raises KeyError with the name of an element that is listed and missing."""
    return _built("framework", "", elements[FRAMEWORK], elements)


def _built(kind: str, code: str, element: Element, elements: Mapping[str, Element]) -> Any:
    language = elements[FRAMEWORK]["language"]
    given = {key: _value(key, value, language) for key, value in element.items()}
    for key, child in CHILDREN.get(kind, {}).items():
        names = [child_name(child, code, each) for each in element[key]]
        given[key] = tuple(_built(child, code_of(name), elements[name], elements) for name in names)
    return outline.Framework(**given) if kind == FRAMEWORK else KINDS[kind](**given)


def child_name(kind: str, parent: str, code: Any) -> str:
    """The name of the element that its parent lists by this code.

    >>> child_name("passage", "ndrc", "五"), child_name("criterion", "T1", "T1.1")
    ('passage:ndrc#五', 'criterion:T1.1')
    """
    return f"{kind}:{parent}#{code}" if kind == "passage" else f"{kind}:{code}"


def _value(key: str, value: Any, language: str) -> Any:
    if key in TEXTS:
        return Text({name: value[name] for name in sorted(value, key=lambda name: (name != language, name))})
    if key == "levels" and isinstance(value, list):
        return tuple(outline.LevelDescriptor(**{k: _value(k, v, language) for k, v in each.items()}) for each in value)
    if key == "cites":
        return tuple(outline.Citation(**each) for each in value)
    if key == "issued":
        return date.fromisoformat(value) if value else None
    return tuple(value) if isinstance(value, list) else value


# Three versions of one element


def flattened(element: Element) -> dict[str, Any]:
    """The element's single values by path: texts by language, descriptors by level; lists stay whole.

    >>> flattened({"weight": 1, "title": {"en": "One"}, "levels": [{"level": 0, "next": {"en": "Go"}}]})
    {'weight': 1, 'title.en': 'One', 'levels.0.next.en': 'Go'}
    """
    found: dict[str, Any] = {}
    for key, value in element.items():
        if key in TEXTS:
            found |= {f"{key}.{language}": words for language, words in value.items() if words}
        elif key == "levels" and isinstance(value, list):
            for each in value:
                inner = {name: words for name, words in each.items() if name != "level"}
                found |= {f"levels.{each['level']}.{path}": words for path, words in flattened(inner).items()}
        else:
            found[key] = value
    return found


def with_values(element: Element, values: Mapping[str, Any]) -> Element:
    """The element with these values, by path; an empty text takes its language away.

    >>> with_values({"title": {"en": "One"}}, {"title.en": "Two", "title.fr": "Deux"})
    {'title': {'en': 'Two', 'fr': 'Deux'}}
    """
    new = {key: _copied(value) for key, value in element.items()}
    for path, value in values.items():
        key, _, rest = path.partition(".")
        if key in TEXTS:
            _set_words(new[key], rest, value)
        elif key == "levels" and rest:
            level, name, language = rest.split(".", 2)
            _set_words(_descriptor(new["levels"], int(level))[name], language, value)
        else:
            new[key] = value
    return new


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list) else value


def _set_words(text: dict[str, str], language: str, words: str) -> None:
    if words:
        text[language] = words
    else:
        text.pop(language, None)


def _descriptor(levels: list[Element], level: int) -> Element:
    """The descriptor of this level, made where there is none."""
    found = next((each for each in levels if each["level"] == level), None)
    if found is None:
        found = {"level": level, "descriptor": {}, "evidence": {}, "next": {}}
        levels.append(found)
        levels.sort(key=lambda each: each["level"])
    return found


def merge(base: Element, mine: Element, theirs: Element) -> tuple[Element, tuple[str, ...]]:
    """Theirs with everything that only mine changed; and the paths that both changed, each in another way.

    >>> merge({"weight": 1, "key": False}, {"weight": 2, "key": True}, {"weight": 3, "key": False})
    ({'weight': 3, 'key': True}, ('weight',))
    """
    old, new, other = flattened(base), flattened(mine), flattened(theirs)
    changed = [path for path in {**old, **new} if new.get(path) != old.get(path) and new.get(path) != other.get(path)]
    conflicts = tuple(path for path in changed if other.get(path) != old.get(path))
    wanted = {path: new.get(path) for path in changed if path not in conflicts}
    return with_values(theirs, wanted), conflicts


# Edits of the structure: each gives the elements that change


def parent_of(elements: Mapping[str, Element], name: str) -> tuple[str, str]:
    """The element that lists this one, and under which key. Raises KeyError for an element that nobody lists."""
    for parent, element in elements.items():
        for key, kind in CHILDREN.get(kind_of(parent), {}).items():
            if kind == kind_of(name) and name in (child_name(kind, code_of(parent), each) for each in element[key]):
                return parent, key
    raise KeyError(name)


def below(elements: Mapping[str, Element], name: str) -> list[str]:
    """The element and everything under it."""
    found = [name]
    for key, kind in CHILDREN.get(kind_of(name), {}).items():
        for code in elements[name][key]:
            found += below(elements, child_name(kind, code_of(name), code))
    return found


def adding(
    elements: Mapping[str, Element], parent: str, name: str, element: Element, place: int | None = None
) -> Elements:
    """The edit that puts a new element under its parent, last or at a place among its siblings."""
    key = next(key for key, kind in CHILDREN[kind_of(parent)].items() if kind == kind_of(name))
    codes = list(elements[parent][key])
    codes.insert(len(codes) if place is None else place, _listed(name))
    return {name: element, parent: elements[parent] | {key: codes}}


def removing(elements: Mapping[str, Element], name: str) -> dict[str, Element | None]:
    """The edit that takes an element away with everything under it, and every citation of a passage that goes with it."""
    parent, key = parent_of(elements, name)
    gone = set(below(elements, name))
    codes = [each for each in elements[parent][key] if child_name(kind_of(name), code_of(parent), each) != name]
    edit: dict[str, Element | None] = {parent: elements[parent] | {key: codes}} | dict.fromkeys(gone)
    cited = {code_of(each) for each in gone if kind_of(each) == "passage"}
    for other, element in elements.items():
        if other not in gone and any(_key(cite) in cited for cite in element.get("cites", ())):
            edit[other] = element | {"cites": [cite for cite in element["cites"] if _key(cite) not in cited]}
    asked = {code_of(each) for each in gone if kind_of(each) == "criterion"}
    return edit | _without_targets(elements, asked)


def _without_targets(elements: Mapping[str, Element], codes: set[str]) -> dict[str, Element]:
    """Target profiles no longer name criteria that are gone."""
    return {
        name: element | {"levels": {code: level for code, level in element["levels"].items() if code not in codes}}
        for name, element in elements.items()
        if kind_of(name) == "target" and codes & element["levels"].keys()
    }


def moving(elements: Mapping[str, Element], name: str, parent: str, place: int) -> dict[str, Element]:
    """The edit that puts an element at a place under a parent, its own or another one of the same kind."""
    old, key = parent_of(elements, name)
    code = _listed(name)
    left = elements[old] | {key: [each for each in elements[old][key] if each != code]}
    into = left if parent == old else elements[parent]
    codes = list(into[key])
    codes.insert(max(0, min(place, len(codes))), code)
    return {old: left} | {parent: into | {key: codes}}


def replacing(
    elements: Mapping[str, Element], old: Sequence[str], new: Mapping[str, Element]
) -> dict[str, Element | None]:
    """The edit by which new criteria stand where the first old one stood: a split, a merge, or another code.

    The new ones say in `replaces` whose answers they take over: the old ones', or what these replaced themselves where
    they are not published yet.
    """
    parent, key = parent_of(elements, old[0])
    gone = {code_of(name) for name in old}
    codes = [code for code in elements[parent][key] if code not in gone]
    place = sum(code not in gone for code in elements[parent][key][: elements[parent][key].index(code_of(old[0]))])
    codes[place:place] = [code_of(name) for name in new]
    edit: dict[str, Element | None] = {parent: elements[parent] | {key: codes}}
    for name in old[1:]:
        other, its_key = parent_of(elements, name)
        if other != parent:
            left = edit.get(other) or elements[other]
            edit[other] = left | {its_key: [each for each in left[its_key] if each not in gone]}
    edit |= dict.fromkeys(name for name in old if name not in new)
    return edit | dict(new) | _with_heirs_in_targets(elements, gone, [code_of(name) for name in new])


def _with_heirs_in_targets(elements: Mapping[str, Element], gone: set[str], heirs: list[str]) -> dict[str, Element]:
    """A level that a target profile sets for an old criterion is set for those that stand in its place; the highest."""
    edit = {}
    for name, element in elements.items():
        if kind_of(name) == "target" and (named := gone & element["levels"].keys()):
            level = max(element["levels"][code] for code in named)
            left = {code: given for code, given in element["levels"].items() if code not in gone}
            edit[name] = element | {"levels": left | dict.fromkeys(heirs, level)}
    return edit


def raising(elements: Mapping[str, Element], level: Element) -> Elements:
    """The edit that puts one more level on top of the scale; a criterion's efforts by step get the last one once more."""
    edit = {
        name: element | {"effort": [*element["effort"], element["effort"][-1]]}
        for name, element in elements.items()
        if isinstance(element.get("effort"), list)
    }
    number = len(elements[FRAMEWORK]["scale"])
    return edit | adding(elements, FRAMEWORK, f"level:{number}", level | {"level": number})


def lowering(elements: Mapping[str, Element]) -> dict[str, Element | None]:
    """The edit that takes the highest level away with its descriptors; target profiles come down to the next one."""
    *left, highest = elements[FRAMEWORK]["scale"]
    edit: dict[str, Element | None] = {}
    for name, element in elements.items():
        if kind_of(name) == "criterion":
            levels = [each for each in element["levels"] if each["level"] < highest]
            effort = element["effort"]
            edit[name] = element | {"levels": levels, "effort": effort[:-1] if isinstance(effort, list) else effort}
        if kind_of(name) == "target":
            edit[name] = element | {"levels": {code: min(level, left[-1]) for code, level in element["levels"].items()}}
    return edit | {f"level:{highest}": None, FRAMEWORK: elements[FRAMEWORK] | {"scale": left}}


def _listed(name: str) -> Any:
    code = code_of(name)
    if kind_of(name) == "level":
        return int(code)
    return code.partition("#")[2] if kind_of(name) == "passage" else code


def _key(cite: Mapping[str, str]) -> str:
    return f"{cite['source']}#{cite['passage']}"


def applied(elements: Mapping[str, Element], edit: Mapping[str, Element | None]) -> Elements:
    """The elements after the edit."""
    left = {name: element for name, element in elements.items() if edit.get(name, element) is not None}
    return left | {name: element for name, element in edit.items() if element is not None}


def with_only_facets(edit: Mapping[str, Element | None], elements: Mapping[str, Element]) -> dict[str, Element | None]:
    """The edit, and what follows from it: a dimension with one side lends it its name."""
    whole, more = applied(elements, edit), {}
    for name in edit:
        dimension, facet = whole.get(name), f"facet:{code_of(name)}"
        if kind_of(name) == "dimension" and dimension and dimension["kind"] != "balance" and facet in whole:
            more[facet] = whole[facet] | {"name": dimension["name"], "weight": 1}
    return {**edit, **more}


def blank(kind: str, code: str, highest: int = 5, /, **given: Any) -> Element:
    """A new element that says nothing yet: a criterion has its empty descriptors, a transition or plain dimension its only
    facet's name of the same code.

    >>> blank("facet", "P1.A")["criteria"], len(blank("criterion", "T1.1", 3)["levels"])
    ([], 4)
    """
    empty = {
        "level": {"level": int(code) if kind == "level" else 0, "name": {}, "threshold": None, "meaning": {}},
        "source": {"code": code, "title": {}, "issuers": [], "number": "", "issued": None, "url": "", "edition": {}},
        "passage": {"id": code.partition("#")[2], "locator": {}, "status": "title-only", "quote": {}, "summary": {}},
        "lens": {"code": code, "name": {}, "weight": 1, "dimensions": []},
        "dimension": {"code": code, "name": {}, "kind": "plain", "start": {}, "end": {}, "weight": 1, "cites": []},
        "facet": {"code": code, "name": {}, "weight": 1, "criteria": []},
        "criterion": _plain(_criterion(code, highest)),
        "target": {"code": code, "name": {}, "levels": {}},
    }[kind]
    empty |= {key: [] for key in CHILDREN.get(kind, {})}
    return empty | given


def _criterion(code: str, highest: int) -> dict[str, Any]:
    levels = tuple(outline.LevelDescriptor(level, Text()) for level in range(highest + 1))
    criterion = outline.Criterion(code, Text(), Text(), levels=levels)
    return {f.name: getattr(criterion, f.name) for f in fields(criterion)}
