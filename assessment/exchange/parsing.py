"""From a file's bytes to plain values: YAML or JSON, with everything refused that misleads or blows up.

Refused: more than 5 MiB, other encodings than UTF-8, anchors, aliases and tags, duplicate keys, deep nesting.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessment.exchange.document import Document, FileError, Problem, join
from assessment.exchange.faults import reason

MAX_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 40
LONGEST_NUMBER = 100
STRING = "tag:yaml.org,2002:str"
# By how PyYAML's own words begin.
REASONS = {
    "did not find expected ',' or ']'": gettext_noop("a comma or the closing square bracket is missing"),
    "did not find expected ',' or '}'": gettext_noop("a comma or the closing brace is missing"),
    "did not find expected key": gettext_noop("a key is expected; look at the indentation and the quotation marks"),
    "did not find expected '-'": gettext_noop("a hyphen is expected; look at the indentation of the list"),
    "did not find expected node": gettext_noop("a value is expected"),
    "could not find expected ':'": gettext_noop("a colon is missing behind the key"),
    "mapping values are not allowed": gettext_noop(
        "a second colon; put a text with a colon in quotation marks, or look at the indentation"
    ),
    "block sequence entries are not allowed": gettext_noop("a list cannot begin here; look at the indentation"),
    "found character that cannot start": gettext_noop(
        "no value can begin with this character; put the text in quotation marks, and indent with spaces, not tabs"
    ),
    "found a tab character": gettext_noop("indent with spaces, not tabs"),
    "found unexpected end of stream": gettext_noop("the closing quotation mark is missing"),
    "found unknown escape character": gettext_noop(
        "an unknown escape behind a backslash; use single quotation marks, or two backslashes"
    ),
    "did not find expected <document start>": gettext_noop("more stands behind the end of the value"),
    "control characters": gettext_noop("there is a control character"),
}


def read(path: str | Path) -> Document:
    """The document in the file. Raises FileError when it cannot be read at all; lesser problems wait in the document."""
    return parsed(str(path), contents(path))


def parsed(file: str, data: bytes) -> Document:
    """The document in a file's bytes, as `read` gives it."""
    document = Document(file)
    text = _decoded(document, data)
    document.check()
    if not parse(document, text):
        raise FileError(document.problems)
    return document


def parse(document: Document, text: str) -> bool:
    """Gives the document its value; False where it is none that could be looked at further."""
    if text.lstrip().startswith("{"):
        sound = parse_json(document, text)
        if sound is not None:
            return sound
    return _parse_yaml(document, text)


def contents(path: str | Path) -> bytes:
    """The file's bytes, as far as the limit and one more. Raises FileError."""
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except IsADirectoryError:
        message = _("expected a file, this is a folder")
    except FileNotFoundError:
        message = _("no such file")
    except (OSError, ValueError) as error:
        message = _("cannot be read: %(reason)s") % {"reason": reason(error)}
    raise FileError([Problem(str(path), 0, "", message)])


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


class _Object(dict[str, Any]):
    """A JSON object that remembers which keys it was given twice."""

    def __init__(self, items: list[tuple[str, Any]]):
        super().__init__(items)
        keys = [key for key, _value in items] if len(self) < len(items) else []
        self.twice = sorted({key for key in keys if keys.count(key) > 1})


def parse_json(document: Document, text: str) -> bool | None:
    """None where the text is no JSON at all: then it may still be YAML in braces."""
    try:
        document.value = json.loads(text, object_pairs_hook=_Object)
    except RecursionError:
        return _too_deep(document)
    except ValueError:
        return None
    layer = [("", document.value)]
    for _depth in range(MAX_DEPTH):
        layer = [child for path, value in layer for child in _children(document, path, value)]
    return _too_deep(document) if any(isinstance(value, (dict, list)) for _path, value in layer) else True


def _children(document: Document, path: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, list):
        return [(f"{path}[{index}]", item) for index, item in enumerate(value)]
    if not isinstance(value, _Object):
        return []
    for key in value.twice:
        document.refuse(join(path, key), _("duplicate key “%(key)s”") % {"key": key})
    return [(join(path, key), item) for key, item in value.items()]


def _too_deep(document: Document, line: int = 0) -> bool:
    document.refuse("", _("nested more than %(depth)d deep") % {"depth": MAX_DEPTH}, line)
    return False


def _parse_yaml(document: Document, text: str) -> bool:
    builder = _Builder(document)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if not builder.take(event):
                return False
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        column = mark.column + 1 if mark else 1
        document.refuse("", _invalid(error.problem, column), mark.line + 1 if mark else 0)
        return False
    except yaml.reader.ReaderError as error:
        line, column = _place(text, error.position)
        document.refuse("", _invalid(error.reason, column), line)
        return False
    return not builder.aliased


def _invalid(problem: str | None, column: int) -> str:
    """Where PyYAML's reason is none that is known, the place alone."""
    reason = next((said for begins, said in REASONS.items() if (problem or "").startswith(begins)), None)
    if reason is None:
        return _("is not valid YAML or JSON from column %(column)d on") % {"column": column}
    return _("is not valid YAML or JSON at column %(column)d: %(reason)s") % {"column": column, "reason": _(reason)}


def _place(text: str, position: int) -> tuple[int, int]:
    """Line and column, from 1, behind so many bytes of the text."""
    before = text.encode()[:position].decode(errors="ignore")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


@dataclass
class _Open:
    """A collection that is being filled; `key` is the next value's, None where that value has no place."""

    value: Any
    path: str
    key: str | None = None
    at_key: bool = True


class _Builder:
    """Builds values from the parser's events: flat, so that nothing recurses; aliases are refused, never followed."""

    def __init__(self, document: Document):
        self.document = document
        self.open: list[_Open] = []
        self.documents = 0
        self.aliased = False
        self.resolve = yaml.resolver.Resolver().resolve

    def take(self, event: yaml.Event) -> bool:
        """False where it is no use to go on."""
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.CollectionEndEvent):
            self.open.pop()
        elif isinstance(event, yaml.NodeEvent):
            return self._node(event, line)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.document.refuse("", _("expected one document, a second begins here"), line)
                return False
        return True

    def _node(self, event: yaml.NodeEvent, line: int) -> bool:
        parent = self.open[-1] if self.open else None
        if parent and isinstance(parent.value, dict) and parent.at_key:
            value: Any = self._key(parent, event, line)
            path = parent.path
        else:
            path = self._path(parent)
            self.document.lines.setdefault(path, line)
            value = self._value(event, path)
            self._put(parent, value)
        self._refuse_specials(event, path, line)
        if isinstance(event, yaml.CollectionStartEvent):
            self.open.append(_Open(value, path))
        return _too_deep(self.document, line) if len(self.open) > MAX_DEPTH else True

    def _key(self, parent: _Open, event: yaml.NodeEvent, line: int) -> Any:
        parent.at_key, parent.key = False, None
        text = event.value if isinstance(event, yaml.ScalarEvent) else "?"
        if not isinstance(event, yaml.ScalarEvent) or self._tag(event) != STRING:
            message = _("the key %(key)s is not a string; quote it") % {"key": text}
            self.document.refuse(parent.path, message, line)
        elif text in parent.value:
            self.document.refuse(join(parent.path, text), _("duplicate key “%(key)s”") % {"key": text}, line)
        else:
            parent.key = text
            self.document.lines[join(parent.path, text)] = line
        return {} if isinstance(event, yaml.MappingStartEvent) else []

    @staticmethod
    def _path(parent: _Open | None) -> str:
        if parent is None:
            return ""
        if isinstance(parent.value, list):
            return f"{parent.path}[{len(parent.value)}]"
        return parent.path if parent.key is None else join(parent.path, parent.key)

    def _value(self, event: yaml.NodeEvent, path: str) -> Any:
        if isinstance(event, yaml.MappingStartEvent):
            return {}
        if isinstance(event, yaml.SequenceStartEvent):
            return []
        return self._scalar(event, path) if isinstance(event, yaml.ScalarEvent) else None

    def _put(self, parent: _Open | None, value: Any) -> None:
        if parent is None:
            self.document.value = value
        elif isinstance(parent.value, list):
            parent.value.append(value)
        else:
            parent.at_key = True
            if parent.key is not None:
                parent.value[parent.key] = value

    def _tag(self, event: yaml.ScalarEvent) -> str:
        return self.resolve(yaml.ScalarNode, event.value, event.implicit)

    def _scalar(self, event: yaml.ScalarEvent, path: str) -> Any:
        tag = self._tag(event)
        if tag == STRING or event.tag:
            return event.value
        self.document.written[path] = event.value
        if len(event.value) > LONGEST_NUMBER:  # 1:1:1:… is a number too, and takes hours
            message = _("a number of more than %(count)d characters") % {"count": LONGEST_NUMBER}
            self.document.refuse(path, message)
            return event.value
        try:
            return yaml.constructor.SafeConstructor().construct_object(yaml.ScalarNode(tag, event.value))
        except ValueError:  # 2026-02-30 looks like a date and is none
            return event.value

    def _refuse_specials(self, event: yaml.NodeEvent, path: str, line: int) -> None:
        tag = getattr(event, "tag", None)
        if event.anchor:
            self.aliased = self.aliased or isinstance(event, yaml.AliasEvent)
            message = _("anchors and aliases are not allowed; write the value out")
            self.document.refuse(path, message, line)
        if tag:
            self.document.refuse(path, _("tags such as %(tag)s are not allowed") % {"tag": tag}, line)
