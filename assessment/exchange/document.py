"""Read a YAML or JSON file into plain values, remembering on which line each one stands, and refusing what misleads.

Refused: more than 5 MiB, other encodings than UTF-8, anchors, aliases and tags, duplicate keys, deep nesting.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

MAX_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 40
LONGEST_NUMBER = 100
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, where; `line` is 0 where the loader does not know it, `path` empty for the file as a whole."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        place = _("%(file)s, line %(line)d") if self.line else "%(file)s"
        place %= {"file": self.file, "line": self.line}
        line = _("%(place)s: %(what)s") % {"place": f"{place} {self.path}".rstrip(), "what": self.message}
        return UNPRINTABLE.sub("�", " ".join(line.split()))


class FileError(Exception):
    """All problems of one or several files; printed one a line."""

    def __init__(self, problems: list[Problem]):
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass
class Document:
    """A file's plain value, the line of each path in it, and the problems met so far."""

    file: str
    value: Any = None
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, path: str) -> int:
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get(path, 0)

    def refuse(self, path: str, message: str, line: int | None = None) -> None:
        self.problems.append(Problem(self.file, self.line_of(path) if line is None else line, path, message))

    def problems_at(self, path: str, key: str) -> bool:
        return any(problem.path == join(path, key) for problem in self.problems)

    def check(self) -> None:
        """Raises FileError when anything was refused."""
        if self.problems:
            raise FileError(self.problems)


def read(path: str | Path) -> Document:
    """The document in the file. Raises FileError when it cannot be read at all."""
    document = Document(str(path))
    text = _text(document, Path(path))
    document.check()
    parse(document, text)
    document.check()
    return document


def parse(document: Document, text: str) -> None:
    if text.lstrip().startswith("{") and _parse_json(document, text):
        return
    _parse_yaml(document, text)


def _text(document: Document, path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except IsADirectoryError:
        document.refuse("", _("expected a file, this is a folder"))
    except FileNotFoundError:
        document.refuse("", _("no such file"))
    except (OSError, ValueError) as error:
        document.refuse("", _("cannot be read: %(reason)s") % {"reason": getattr(error, "strerror", None) or error})
    else:
        return _decoded(document, data)
    return ""


def _decoded(document: Document, data: bytes) -> str:
    if len(data) > MAX_BYTES:
        document.refuse("", _("larger than the limit of 5 MiB"))
        return ""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        document.refuse("", _("expected UTF-8 text; save the file with that encoding"), line)
        return ""


def _parse_json(document: Document, text: str) -> bool:
    """False where the text is no JSON at all: then it may still be YAML in braces."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(items)
        if len(value) < len(items):
            keys = [key for key, _value in items]
            twice = sorted({key for key in keys if keys.count(key) > 1})
            document.refuse("", _("duplicate key “%(key)s”") % {"key": "”, “".join(twice)})
        return value

    try:
        document.value = json.loads(text, object_pairs_hook=pairs)
    except RecursionError:
        document.refuse("", _("nested more than %(depth)d deep") % {"depth": MAX_DEPTH})
    except ValueError:
        document.problems.clear()
        return False
    if _deeper_than(document.value, MAX_DEPTH):
        document.refuse("", _("nested more than %(depth)d deep") % {"depth": MAX_DEPTH})
    return True


def _deeper_than(value: Any, depth: int) -> bool:
    layer = [value]
    for _layer in range(depth + 1):
        collections = [item for item in layer if isinstance(item, (dict, list))]
        layer = [child for item in collections for child in (item.values() if isinstance(item, dict) else item)]
    return bool(collections)


def _parse_yaml(document: Document, text: str) -> None:
    try:
        _refuse_events(document, text)
        if document.problems:
            return
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        if node is not None:
            document.value = _construct(document, node, "")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        document.refuse(
            "", _("is not valid YAML: %(reason)s") % {"reason": error.problem}, mark.line + 1 if mark else 0
        )
    except yaml.YAMLError as error:
        document.refuse("", _("is not valid YAML: %(reason)s") % {"reason": error})


def _refuse_events(document: Document, text: str) -> None:
    """One flat pass before anything is built: what is refused here can neither blow up nor recurse."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        tag = getattr(event, "tag", None)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            document.refuse("", _("anchors and aliases are not allowed; write the value out"), line)
        elif tag:
            document.refuse("", _("tags such as %(tag)s are not allowed") % {"tag": tag}, line)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            document.refuse("", _("nested more than %(depth)d deep") % {"depth": MAX_DEPTH}, line)
        if documents > 1:
            document.refuse("", _("expected one document, a second begins here"), line)
        if document.problems:
            return


def _construct(document: Document, node: yaml.Node, path: str) -> Any:
    document.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _construct_mapping(document, node, path)
    if isinstance(node, yaml.SequenceNode):
        return [_construct(document, item, f"{path}[{index}]") for index, item in enumerate(node.value)]
    if node.tag == "tag:yaml.org,2002:str":
        return node.value
    if len(node.value) > LONGEST_NUMBER:  # 1:1:1:… is a number too, and takes hours
        document.refuse(path, _("a number of more than %(count)d characters") % {"count": LONGEST_NUMBER})
        return node.value
    try:
        return yaml.constructor.SafeConstructor().construct_object(node)
    except ValueError:  # 2026-02-30 looks like a date and is none
        return node.value


def _construct_mapping(document: Document, node: yaml.MappingNode, path: str) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode) or key_node.tag != "tag:yaml.org,2002:str":
            shown = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
            document.refuse(path, _("the key %(key)s is not a string; quote it") % {"key": shown}, line)
            continue
        key = key_node.value
        if key in value:
            document.refuse(join(path, key), _("duplicate key “%(key)s”") % {"key": key}, line)
        document.lines[join(path, key)] = line
        value[key] = _construct(document, value_node, join(path, key))
    return value


def join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
