"""Open this for the file around a Word document: its parts, what they refer to, the same bytes for the same parts."""

import hashlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from assessment.reports.docx.marks import said

OLDEST = (1980, 1, 1, 0, 0, 0)  # a ZIP knows no earlier day, and ours tells none
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = {
    "document": f"{WORD}.document.main+xml",
    "styles": f"{WORD}.styles+xml",
    "settings": f"{WORD}.settings+xml",
    "fontTable": f"{WORD}.fontTable+xml",
    "header": f"{WORD}.header+xml",
    "footer": f"{WORD}.footer+xml",
}
CORE, APP = (
    "application/vnd.openxmlformats-package.core-properties+xml",
    "application/vnd.openxmlformats-officedocument.extended-properties+xml",
)


class Package:
    """Collects parts, pictures and links; `packed` gives the file."""

    def __init__(self) -> None:
        self.parts: dict[str, str] = {}
        self.pictures: dict[str, tuple[str, bytes]] = {}
        self.relations: dict[str, tuple[str, str, str]] = {}

    def add(self, name: str, xml: str) -> str:
        """A part beside the document; gives the id by which the document refers to it."""
        self.parts[name] = xml
        return self._relation(f"{OFFICE}/{name.rstrip('0123456789')}", f"{name}.xml")

    def picture(self, data: bytes, ending: str) -> str:
        digest = hashlib.sha256(data).hexdigest()
        if digest not in self.pictures:
            self.pictures[digest] = f"media/image{len(self.pictures) + 1}.{ending}", data
        return self._relation(f"{OFFICE}/image", self.pictures[digest][0])

    def link(self, address: str) -> str:
        return self._relation(f"{OFFICE}/hyperlink", address, "External")

    def _relation(self, kind: str, target: str, mode: str = "") -> str:
        found = next((key for key, known in self.relations.items() if known == (kind, target, mode)), "")
        if not found:
            found = f"rId{len(self.relations) + 1}"
            self.relations[found] = kind, target, mode
        return found

    def packed(self, document: str, core: str) -> bytes:
        out = BytesIO()
        own = self._relations_xml(self.relations)
        pictures = {key: known for key, known in self.relations.items() if known[0].endswith("/image")}
        with ZipFile(out, "w", ZIP_DEFLATED) as file:
            _write(file, "[Content_Types].xml", self._types())
            _write(file, "_rels/.rels", self._relations_xml(_outer()))
            _write(file, "docProps/core.xml", DECLARED + core)
            _write(file, "docProps/app.xml", DECLARED + _app())
            _write(file, "word/document.xml", DECLARED + document)
            for name, xml in self.parts.items():
                _write(file, f"word/{name}.xml", DECLARED + xml)
            _write(file, "word/_rels/document.xml.rels", own)
            for name in self.parts:
                if name.startswith(("header", "footer")):
                    _write(file, f"word/_rels/{name}.xml.rels", self._relations_xml(pictures))
            for path, data in self.pictures.values():
                _write(file, f"word/{path}", data)
        return out.getvalue()

    def _types(self) -> str:
        parts = [("/docProps/core.xml", CORE), ("/docProps/app.xml", APP), ("/word/document.xml", TYPES["document"])]
        parts += [(f"/word/{name}.xml", TYPES[name.rstrip("0123456789")]) for name in self.parts]
        told = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts)
        known = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
        known |= {"png": "image/png", "svg": "image/svg+xml"}
        told = "".join(f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in known.items()) + told
        head = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        return f"{DECLARED}{head}{told}</Types>"

    @staticmethod
    def _relations_xml(relations: dict[str, tuple[str, str, str]]) -> str:
        told = "".join(
            f'<Relationship Id="{key}" Type="{kind}" Target="{said(target)}"{f' TargetMode="{mode}"' if mode else ""}/>'
            for key, (kind, target, mode) in relations.items()
        )
        return f'{DECLARED}<Relationships xmlns="{RELATIONS}">{told}</Relationships>'


def _outer() -> dict[str, tuple[str, str, str]]:
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    return {
        "rId1": (f"{OFFICE}/officeDocument", "word/document.xml", ""),
        "rId2": (core, "docProps/core.xml", ""),
        "rId3": (f"{OFFICE}/extended-properties", "docProps/app.xml", ""),
    }


def _app() -> str:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    return f'<Properties xmlns="{kind}"/>'


def _write(file: ZipFile, name: str, content: str | bytes) -> None:
    told = ZipInfo(name, OLDEST)
    told.compress_type = ZIP_STORED if name.endswith(".png") else ZIP_DEFLATED
    told.external_attr = 0o600 << 16
    told.create_system = 3
    file.writestr(told, content)
