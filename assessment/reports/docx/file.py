"""Open this for the file around a Word document: python-docx's own one, emptied; pictures and links; the same bytes."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO

import docx
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import CONTENT_TYPES_URI, PACKAGE_URI, PackURI
from docx.opc.part import Part
from docx.opc.pkgwriter import _ContentTypesItem
from docx.oxml import parse_xml
from docx.parts.document import DocumentPart

from assessment.reports.docx.marks import elements
from assessment.reports.docx.styles import font_table, style
from assessment.reports.plain import readable
from assessment.undated import NO_DAY, Undated

LONGEST_FACT = 255  # of what a file says of itself
SVG = "image/svg+xml"
# What the library's template brings along and a report has no use for.
OF_THE_TEMPLATE = {
    RELATIONSHIP_TYPE.THUMBNAIL,
    RELATIONSHIP_TYPE.EXTENDED_PROPERTIES,
    RELATIONSHIP_TYPE.CUSTOM_XML,
    RELATIONSHIP_TYPE.NUMBERING,
    RELATIONSHIP_TYPE.WEB_SETTINGS,
    RELATIONSHIP_TYPE.FONT_TABLE,
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
}
# Chinese punctuation hangs not; a line that somebody broke is not stretched; the layout is that of Word since 2013.
SETTINGS = (
    '<w:zoom w:percent="100"/><w:characterSpacingControl w:val="compressPunctuation"/>'
    '<w:compat><w:doNotExpandShiftReturn/><w:compatSetting w:name="compatibilityMode"'
    ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
)


@dataclass
class File:
    """A document and what it refers to. `links`, `drawings`: what is there already, by address and by picture."""

    document: Document
    links: dict[str, str] = field(default_factory=dict)
    drawings: int = 0

    @property
    def part(self) -> DocumentPart:
        return self.document.part

    def link(self, address: str) -> str:
        if address not in self.links:
            self.links[address] = self.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return self.links[address]

    def drawing(self, svg: bytes) -> str:
        """An SVG, which the library has no name for: a part of its own."""
        self.drawings += 1
        part = Part(PackURI(f"/word/media/drawing{self.drawings}.svg"), SVG, svg, self.part.package)
        return self.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)

    def fill(self, xml: str) -> None:
        """The body, last of all: as text, because to move parsed elements takes as long again as to parse them."""
        self.part._element = parse_xml(self.part.blob.replace(b"<w:sectPr", xml.encode() + b"<w:sectPr", 1))

    def tell(self, title: str, subject: str, author: str, language: str, day: date | None) -> None:
        """What the file says of itself. Its day is the report's; the clock has no part in it."""
        facts = self.document.core_properties
        facts.title, facts.subject, facts.author = (readable(t)[:LONGEST_FACT] for t in (title, subject, author))
        facts.language, facts.comments, facts.last_modified_by = language, "", ""
        facts.created = facts.modified = datetime(day.year, day.month, day.day) if day else NO_DAY

    def packed(self) -> bytes:
        """Not by the library's `save`, which would date the parts and pack the pictures once more."""
        out, package = BytesIO(), self.part.package
        parts = package.parts
        with Undated(out, self.document.core_properties.modified or NO_DAY) as file:
            file.writestr(CONTENT_TYPES_URI.membername, _ContentTypesItem.from_parts(parts).blob)
            file.writestr(PACKAGE_URI.rels_uri.membername, package.rels.xml)
            for part in parts:
                file.writestr(part.partname.membername, part.blob)
                if part.rels:
                    file.writestr(part.partname.rels_uri.membername, part.rels.xml)
        return out.getvalue()


def empty(language: str, deep: str, accent: str) -> File:
    return File(docx.Document(BytesIO(_styled(language, deep, accent))))


@lru_cache(maxsize=32)
def _styled(language: str, deep: str, accent: str) -> bytes:
    """A file without content that has its styles: to make them takes as long as a third of the content does."""
    document = docx.Document()
    package = document.part.package
    for relations in (package.rels, document.part.rels):
        for key in [key for key, relation in relations.items() if relation.reltype in OF_THE_TEMPLATE]:
            del relations[key]
    document.settings.element[:] = elements(SETTINGS)
    fonts = Part(PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, font_table().encode(), package)
    document.part.relate_to(fonts, RELATIONSHIP_TYPE.FONT_TABLE)
    style(document, language, deep, accent)
    written = BytesIO()
    document.save(written)
    return written.getvalue()
