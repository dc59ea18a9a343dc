"""Imports go downwards only: read from the syntax tree, so hidden and relative imports count too."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

APP = settings.BASE_DIR / "assessment"
STOREYS = [
    {"outline", "quoting", "wording", "design", "remark", "undated"},
    {"answers", "merging", "elements", "lint", "lineage", "places"},
    {"scoring"},
    {"gaps", "comparing", "bench", "undoing", "dangling"},
    {"migrating"},
    {"models"},
    {"access"},
    {"actions"},
    {"exchange", "reports"},
    {"forms"},
    {"tasks"},  # views put them into the queue
    {"views", "templatetags", "middleware"},
    {"urls", "admin", "management", "apps"},
]
FLOOR = {room: number for number, rooms in enumerate(STOREYS) for room in rooms}
GROUND = frozenset().union(*STOREYS[:5])
# Set-up that every storey may ask for; it imports nothing of the house.
OUTSIDE = {"settings", "wsgi", "migrations"}
MODULES = sorted(path for path in APP.rglob("*.py") if "migrations" not in path.parts)


def imported(path: Path) -> set[str]:
    """Dotted names that a module imports, anywhere in it; relative ones made absolute."""
    package = list(path.relative_to(settings.BASE_DIR).with_suffix("").parts[:-1])
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            names |= {f"{module}.{alias.name}" for alias in node.names}
    return names


def room_of(path: Path) -> str:
    return path.relative_to(APP).with_suffix("").parts[0]


def rooms_imported(path: Path) -> set[str]:
    found = {name.split(".")[1] for name in imported(path) if name.startswith("assessment.")}
    return {name for name in found if (APP / name).exists() or (APP / f"{name}.py").exists()}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(APP).as_posix())
def test_imports_go_downwards_only(path):
    room = room_of(path)
    if room in OUTSIDE | {"__init__"}:
        assert rooms_imported(path) == set()
        return
    above = {other for other in rooms_imported(path) - {room} if FLOOR[other] >= FLOOR[room]}
    assert above == set(), f"{room} must not import {above}"


@pytest.mark.parametrize("room", sorted(GROUND))
def test_the_ground_floor_knows_no_framework(room):
    modules = [path for path in MODULES if room_of(path) == room]
    heads = {name.split(".")[0] for path in modules for name in imported(path)}
    assert heads
    assert heads.isdisjoint({"django", "reportlab", "yaml"})


def test_every_room_has_its_storey():
    rooms = {room_of(path) for path in MODULES} - OUTSIDE - {"__init__"}
    assert rooms <= set(FLOOR)


def test_only_views_and_forms_know_the_request():
    below = {"models", "access", "actions", "exchange", "reports", *GROUND}
    guilty = [
        path.relative_to(APP).as_posix()
        for path in MODULES
        if room_of(path) in below
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.arg) and node.arg == "request"
    ]
    # allauth asks its adapter with the request at hand.
    assert set(guilty) == {"access/people.py"}


def test_names_that_say_nothing_are_not_used():
    empty = {"utils", "helpers", "common", "core", "services", "manager", "handler", "data", "info"}
    assert [path for path in MODULES if path.stem in empty] == []


def test_a_relative_import_upwards_is_seen(tmp_path, monkeypatch):
    path = APP / "models" / "city.py"
    source = path.read_text(encoding="utf-8") + "\ndef late():\n    from ..views import assessment\n"
    monkeypatch.setattr(Path, "read_text", lambda self, **kwargs: source)
    assert "views" in rooms_imported(path)
