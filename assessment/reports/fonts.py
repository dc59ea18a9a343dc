"""Open this for the report's fonts: made once at set-up, loaded once a process, embedded as far as a report used them.

Noto Sans SC comes as one variable font. ReportLab draws such a font at its default weight, Thin; so `prepare` cuts the
two weights we print into a cache folder, once. A report embeds only the characters it shows, as one composite font a
weight with two-byte codes: a line of Chinese is one string operator, whatever characters it holds.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from importlib.resources import as_file, files
from pathlib import Path
from threading import Lock
from typing import Any

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.ttfonts import TTFontFace

SOURCE = "fonts/ofl/notosanssc/NotoSansSC[wght].ttf"
SOURCE_SHA256 = "a3041811a78c361b1de50f953c805e0244951c21c5bd412f7232ef0d899af0da"
WEIGHTS = {400: "NotoSansSC-Regular", 700: "NotoSansSC-Bold"}
RECIPE = 1  # raise it when what `prepare` makes changes: old caches are then made anew
HANGUL = range(0xAC00, 0xD7B0)

Progress = Callable[[str], None]


class FontsMissing(RuntimeError):
    """The cache folder lacks a font: someone has to run `manage.py prepare_fonts`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"The report's fonts are not in {folder}. Make them once with: manage.py prepare_fonts")


class FontChangedError(RuntimeError):
    """The installed font is not the one that the reports were made and checked with."""


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
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for code in font.getBestCmap() if code not in HANGUL])
    subsetter.subset(font)
    return _saved(font)


def _instance(common: bytes, weight: int, name: str) -> bytes:
    from io import BytesIO

    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(BytesIO(common), recalcTimestamp=False)
    font = instantiateVariableFont(font, {"wght": weight}, inplace=True)
    for record in font["name"].names:
        if record.nameID == 6:
            record.string = name
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
        self.thousandths, self.scale = thousandths, size / 1000

    def __missing__(self, character: str) -> float:
        self[character] = self.thousandths[character] * self.scale
        return self[character]


class Face:
    """One weight: which characters it has, how wide they are (thousandths of an em)."""

    def __init__(self, path: Path) -> None:
        self.file = TTFontFace(str(path))
        self.lock = Lock()  # the parser keeps its place in the file, so only one report at a time may cut a subset
        self.glyphs: dict[int, int] = self.file.charToGlyph
        self.widths = {chr(code): width for code, width in self.file.charWidths.items() if code in self.glyphs}
        self.widths["\n"] = 0  # never drawn, but allowed in a text: it ends a line
        self.known = frozenset(self.widths)
        self.at = lru_cache(64)(partial(Widths, self.widths))

    @property
    def name(self) -> str:
        return self.file.name.decode()


class Fonts:
    """Both weights, as the typesetter wants them: `fonts[400]`, `fonts[700]`."""

    def __init__(self, folder: Path) -> None:
        missing = [name for name in WEIGHTS.values() if not (folder / f"{name}.ttf").is_file()]
        if missing or not (folder / "fonts.json").is_file():
            raise FontsMissing(folder)
        self.faces = {weight: Face(folder / f"{name}.ttf") for weight, name in WEIGHTS.items()}
        self.known = self.faces[400].known & self.faces[700].known

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


class Subset(dict[int, int]):
    """The characters of one face that one document uses, numbered as they come. Use as the table of `str.translate`."""

    _dynamicFont = 1  # noqa: N815  ReportLab's word for "ask me for the objects when the document is saved"

    def __init__(self, face: Face, key: str) -> None:
        super().__init__()
        self.face, self.key = face, key
        self.codes: list[int] = []
        self._number = {0: 0}

    def __missing__(self, code: int) -> int:
        """Number by glyph, in the order that `makeSubset` will lay the glyphs down."""
        glyph = self.face.glyphs[code]
        if glyph not in self._number:
            self._number[glyph] = len(self._number)
            self.codes.append(code)
        self[code] = self._number[glyph]
        return self[code]

    def hex(self, text: str) -> str:
        return text.translate(self).encode("utf-16-be").hex()

    def register(self, document: pdfdoc.PDFDocument) -> None:
        document.fontMapping[self.face.name] = "/" + self.key
        document.delayedFonts.append(self)

    def addObjects(self, document: pdfdoc.PDFDocument) -> None:  # noqa: N802  (ReportLab calls it)
        name = f"{self._tag()}+{self.face.name}"
        with self.face.lock:
            descriptor = self.face.file.addSubsetObjects(document, name, self.codes)
        unicode_map = pdfdoc.PDFStream(content=self._to_unicode(name), filters=[pdfdoc.PDFZCompress])
        descendant = pdfdoc.PDFDictionary({
            "Type": pdfdoc.PDFName("Font"), "Subtype": pdfdoc.PDFName("CIDFontType2"),
            "BaseFont": pdfdoc.PDFName(name), "CIDToGIDMap": pdfdoc.PDFName("Identity"),
            "CIDSystemInfo": pdfdoc.PDFDictionary({
                "Registry": pdfdoc.PDFString("Adobe"), "Ordering": pdfdoc.PDFString("Identity"), "Supplement": 0}),
            "FontDescriptor": descriptor, "DW": 1000, "W": self._widths(),
        })  # fmt: skip
        document.idToObject["BasicFonts"].dict[self.key] = pdfdoc.PDFDictionary({
            "Type": pdfdoc.PDFName("Font"), "Subtype": pdfdoc.PDFName("Type0"), "BaseFont": pdfdoc.PDFName(name),
            "Encoding": pdfdoc.PDFName("Identity-H"),
            "DescendantFonts": pdfdoc.PDFArray([document.Reference(descendant, f"descendant:{self.key}")]),
            "ToUnicode": document.Reference(unicode_map, f"unicode:{self.key}"),
        })  # fmt: skip

    def _tag(self) -> str:
        """Six letters that name this very subset, as the PDF standard wants before the font's name."""
        digest = hashlib.sha256(repr(self.codes).encode()).digest()
        return "".join(chr(65 + byte % 26) for byte in digest[:6])

    def _widths(self) -> pdfdoc.PDFArray:
        widths = ((number, self.face.widths[chr(code)]) for number, code in enumerate(self.codes, 1))
        narrow = [(number, width) for number, width in widths if round(width) != 1000]
        return pdfdoc.PDFArray([item for n, w in narrow for item in (n, pdfdoc.PDFArray([round(w)]))])

    def _to_unicode(self, name: str) -> bytes:
        pairs = [f"<{n:04x}> <{chr(c).encode('utf-16-be').hex()}>" for n, c in enumerate(self.codes, 1)]
        blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
        body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        return (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            f"/CMapName /{name} def /CMapType 2 def\n"
            f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{body}\n"
            "endcmap CMapName currentdict /CMap defineresource pop end end"
        ).encode("ascii")
