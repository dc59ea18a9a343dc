"""Open this for the report's fonts: made once at set-up, loaded once a process, embedded as far as a report used them.

Noto Sans SC comes as one variable font. ReportLab draws such a font at its default weight, Thin; so `prepare` cuts the
two weights we print into a cache folder, once. A report embeds only the characters it shows, as one composite font a
weight with two-byte codes: a line of Chinese is one string operator, whatever characters it holds.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from importlib.resources import as_file, files
from pathlib import Path
from threading import Lock
from typing import Any

from django.utils.translation import gettext as _
from reportlab.pdfbase.ttfonts import TTFontFace

from assessment.reports.truetype import Glyphs

SOURCE = "fonts/ofl/notosanssc/NotoSansSC[wght].ttf"
SOURCE_SHA256 = "a3041811a78c361b1de50f953c805e0244951c21c5bd412f7232ef0d899af0da"
WEIGHTS = {400: "NotoSansSC-Regular", 700: "NotoSansSC-Bold"}
RECIPE = 2  # raise it when what `prepare` makes changes: old caches are then made anew
# Marks that Chinese and Latin share, but for their width. The font has both; the narrow ones are kept at private places.
NARROW = {ord(mark): 0xE000 + number for number, mark in enumerate("‘’“”…")}
MARKS = {private: mark for mark, private in NARROW.items()}
SOFT_HYPHEN = 0xAD
LAST, FAR = 0xFFFF, 0xE100  # of four hexadecimal digits; from where on those beyond have their private numbers
EM = 1000
HANGUL = range(0xAC00, 0xD7B0)

Progress = Callable[[str], None]


class FontsMissing(RuntimeError):
    """The cache folder lacks a font, or has a damaged one: someone has to run `manage.py prepare_fonts`.

    It speaks the language of who is told, not of the report in whose making it is raised.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder

    def __str__(self) -> str:
        text = _(
            "The report's fonts in %(folder)s are missing or damaged. An administrator makes them once with: manage.py "
            "prepare_fonts"
        )
        return text % {"folder": self.folder}


class FontChangedError(RuntimeError):
    """The installed font is not the one that the reports were made and checked with."""


class ComposedGlyphs(RuntimeError):
    """The font builds glyphs out of others, which `truetype` does not follow."""


def prepare(folder: Path, progress: Progress = lambda message: None) -> bool:
    """Make both weights in `folder` unless they are there already; true when something was made (about a minute)."""
    folder = Path(folder)
    if _is_ready(folder):
        return False
    folder.mkdir(parents=True, exist_ok=True)
    with as_file(files("justmytype_intl_cjk") / SOURCE) as source:
        _check_source(source)
        progress("subset")
        common = _subset(source)
    made = {}
    for weight, name in WEIGHTS.items():
        progress(name)
        made[name] = _write(folder / f"{name}.ttf", _instance(common, weight, name))
    _write(folder / "fonts.json", json.dumps(_stamp() | {"sha256": made}, indent=1).encode())
    return True


def _stamp() -> dict[str, Any]:
    return {"source": SOURCE_SHA256, "recipe": RECIPE}


def _is_ready(folder: Path) -> bool:
    """Whether both weights are there, made by this recipe, with the bytes whose hashes were noted then."""
    try:
        stamp = json.loads((folder / "fonts.json").read_bytes())
        made = {n: _sha256((folder / f"{n}.ttf").read_bytes()) for n in WEIGHTS.values()}
    except (OSError, ValueError):
        return False
    return stamp == _stamp() | {"sha256": made}


def _check_source(source: Path) -> None:
    found = _sha256(source.read_bytes())
    if found != SOURCE_SHA256:
        raise FontChangedError(f"{source.name}: SHA-256 is {found}, expected {SOURCE_SHA256}")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> str:
    """Write whole or not at all: a set-up that is interrupted leaves no half font behind."""
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)
    return _sha256(content)


def _subset(source: Path) -> bytes:
    """The variable font without Korean syllables, layout tables and hints: all that our Chinese needs."""
    from fontTools.subset import Options, Subsetter, load_font

    options = Options(layout_features=[], hinting=False, notdef_outline=True, recalc_timestamp=False)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "DSIG"]
    font = load_font(str(source), options)
    _keep_narrow(font)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for code in font.getBestCmap() if code not in HANGUL])
    subsetter.subset(font)
    return _saved(font)


def _keep_narrow(font: Any) -> None:
    """Give the narrow marks, which only the layout feature `pwid` names, characters of their own."""
    table, names = font["GSUB"].table, font.getBestCmap()
    lookups = {k for r in table.FeatureList.FeatureRecord if r.FeatureTag == "pwid" for k in r.Feature.LookupListIndex}
    subtables = (getattr(s, "ExtSubTable", s) for k in lookups for s in table.LookupList.Lookup[k].SubTable)
    narrow = {wide: slim for subtable in subtables for wide, slim in subtable.mapping.items()}
    for part in font["cmap"].tables:
        if part.isUnicode() and part.format != 14:
            part.cmap |= {private: narrow[names[mark]] for mark, private in NARROW.items()}


def _instance(common: bytes, weight: int, name: str) -> bytes:
    from io import BytesIO

    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(BytesIO(common), recalcTimestamp=False)
    font = instantiateVariableFont(font, {"wght": weight}, inplace=True)
    for record in font["name"].names:
        if record.nameID == 6:
            record.string = name
    if any(font["glyf"][glyph].isComposite() for glyph in font.getGlyphOrder()):
        raise ComposedGlyphs(name)
    return _saved(font)


def _saved(font: Any) -> bytes:
    from io import BytesIO

    buffer = BytesIO()
    font.save(buffer)
    return buffer.getvalue()


class Widths(dict[str, float]):
    """How wide characters are at one size, in points; filled as they are asked for. Characters must be known ones."""

    def __init__(self, thousandths: Mapping[str, float], size: float) -> None:
        super().__init__()
        self.thousandths, self.size = thousandths, size

    def __missing__(self, character: str) -> float:
        self[character] = self.thousandths.get(character, EM) * self.size / EM
        return self[character]


class Face:
    """One weight: its measures (thousandths of an em), which characters it has, and the `widths` that are no em."""

    def __init__(self, path: Path) -> None:
        file = TTFontFace(str(path))  # large, so that we keep of it what we use
        self.name: str = file.name.decode()
        self.box: Sequence[float] = file.bbox
        self.ascent, self.descent, self.capital, self.stem = file.ascent, file.descent, file.capHeight, file.stemV
        self.glyphs: dict[int, int] = file.charToGlyph
        self.outlines = Glyphs(path, file)
        self.widths = {chr(c): width for c, width in file.charWidths.items() if c in self.glyphs and width != EM}
        self.widths["\n"] = 0  # never drawn, but allowed in a text: it ends a line
        self.at = lru_cache(64)(partial(Widths, self.widths))
        beyond = sorted(code for code in self.glyphs if code > LAST)
        self.far = {code: number for number, code in enumerate(beyond, FAR)}

    def coded(self, text: str) -> str:
        """A text as a document knows it: hexadecimal, four digits a character, which are its code point.

        So a text is drawn alike in every document. Characters beyond four digits have private numbers.
        """
        codes = text.encode("utf-16-be")
        if len(codes) > 2 * len(text):
            codes = text.translate(self.far).encode("utf-16-be")
        return codes.hex()

    def cut(self, codes: Iterable[int]) -> bytes:
        """The font's file with the glyphs of these characters alone, in this order, after the one for none."""
        return self.outlines.cut([0, *map(self.glyphs.__getitem__, codes)])


class Fonts:
    """Both weights, as the typesetter wants them: `fonts[400]`, `fonts[700]`."""

    def __init__(self, folder: Path) -> None:
        if not _is_ready(folder):
            raise FontsMissing(folder)
        self.faces = {weight: Face(folder / f"{name}.ttf") for weight, name in WEIGHTS.items()}
        shared = set.intersection(*(set(face.glyphs) for face in self.faces.values()))
        for face in self.faces.values():  # weights of one font have the same glyphs: the table is there once
            face.glyphs = self.faces[400].glyphs if face.glyphs == self.faces[400].glyphs else face.glyphs
        # A soft hyphen is a place to break, not a character to print; the cleaner drops it.
        self.known = frozenset(("\n", *map(chr, shared - MARKS.keys() - {SOFT_HYPHEN})))

    def __getitem__(self, weight: int) -> Face:
        return self.faces[weight]

    def lacks(self, text: Iterable[str]) -> set[str]:
        """The characters of `text` that cannot be shown."""
        return set(text) - self.known


_loaded: dict[Path, Fonts] = {}
_loading = Lock()


def load(folder: Path) -> Fonts:
    """The fonts of this folder, parsed once a process. Raises `FontsMissing`."""
    folder = Path(folder)
    with _loading:
        if folder not in _loaded:
            _loaded[folder] = Fonts(folder)
        return _loaded[folder]


class Subset:
    """The texts that one document draws in one face, called `key` there."""

    def __init__(self, face: Face, key: str) -> None:
        self.face, self.key = face, key
        self.texts: set[str] = set()

    @property
    def characters(self) -> dict[int, int]:
        """Those drawn: each one's number in the document, in order, and its code point.

        Where a line is broken a space is drawn, even for a line feed.
        """
        drawn = map(ord, set("".join(self.texts)) - {"\n"} | {" "})
        return dict(sorted((self.face.far.get(code, code), code) for code in drawn))
