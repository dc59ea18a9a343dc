"""Open this for how kept pages become the bytes of a PDF: fonts, links, outline, structure, metadata, and no clock."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from assessment.reports.pdf import archive, tags
from assessment.reports.pdf.archive import Facts
from assessment.reports.pdf.book import Book, Entry, Link, Page
from assessment.reports.pdf.embedding import embed, embed_image
from assessment.reports.pdf.objects import Objects, name_tree, references, string

LONGEST_WORDS = 200  # of what a link says
ABOVE = 8  # points of air above the place that a link leads to


def write(book: Book, facts: Facts) -> bytes:
    """The finished document: PDF/A-2b, and tagged."""
    objects = Objects("1.4" if facts.conformance.startswith("1") else "1.7")
    catalog = objects.take()
    links = _live_links(book)
    pages = _pages(book, objects, links)
    intent, about = archive.output_intent(objects), archive.metadata(objects, facts)
    structure = tags.write(objects, book.tags, book.pages, links)
    places = {key: _destination(book, place) for key, place in book.places.items()}
    objects.fill(
        catalog,
        f"<< /Type /Catalog /Pages {pages} 0 R /Metadata {about} 0 R /OutputIntents [{intent} 0 R] "
        f"/MarkInfo << /Marked true >> /StructTreeRoot {structure} 0 R /Lang {string(facts.language)} "
        f"/ViewerPreferences << /DisplayDocTitle true >> /PageMode /UseOutlines {_outline(book, objects)} "
        f"/PageLabels {_labels(book)} /Names << /Dests {name_tree(objects, places)} >> >>",
    )
    return objects.file(catalog, archive.information(objects, facts))


def _pages(book: Book, objects: Objects, links: Sequence[Link]) -> int:
    top = objects.take()
    for page in book.pages:
        page.number = objects.take()
    for link in links:
        link.number = objects.take()
    fonts = " ".join(f"/{s.key} {embed(objects, s)} 0 R" for s in book.subsets.values() if s.texts)
    images = " ".join(f"/{called} {embed_image(objects, png)} 0 R" for png, called in book.images.items())
    resources = objects.add(f"<< /Font << {fonts} >> {f'/XObject << {images} >>' if images else ''} >>")
    for place, page in enumerate(book.pages):
        _page(objects, page, place, top, resources)
    box = f"/MediaBox [0 0 {book.sheet.width:.2f} {book.sheet.height:.2f}]"
    kids = references(page.number for page in book.pages)
    return objects.fill(top, f"<< /Type /Pages /Count {len(book.pages)} /Kids [{kids}] {box} >>")


def _page(objects: Objects, page: Page, place: int, top: int, resources: int) -> None:
    content = objects.stream("\n".join(page.code).encode("ascii"))
    page.code.clear()  # a large report is in memory once
    entries = f"/Type /Page /Parent {top} 0 R /Resources {resources} 0 R /Contents {content} 0 R /StructParents {place}"
    if page.links:
        entries += f" /Annots [{references(link.number for link in page.links)}]"
        for link in page.links:
            objects.fill(link.number, _link(link))
    objects.fill(page.number, f"<< {entries} /Tabs /S >>")


def _live_links(book: Book) -> list[Link]:
    """Links that lead nowhere become plain text; the others learn the way back to their elements."""
    links: list[Link] = []
    for page in book.pages:
        for link in page.links:
            if link.key.startswith("http") or link.key in book.places:
                link.way = len(book.pages) + len(links)
                links.append(link)
            else:
                link.element.kind = "Span"
                link.element.kids.remove(link)
        page.links = [link for link in page.links if link.way]
    return links


def _link(link: Link) -> str:
    corners = " ".join(f"{corner:.2f}" for corner in link.box)
    target = f"/A << /S /URI /URI {string(link.key)} >>" if link.key.startswith("http") else f"/Dest {string(link.key)}"
    words = string((link.words or link.key)[:LONGEST_WORDS])
    return (
        f"<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect[{corners}]{target}/Contents{words}"
        f"/StructParent {link.way}>>"
    )


def _destination(book: Book, place: tuple[int, float]) -> str:
    page, y = place
    return f"[{book.pages[page - 1].number} 0 R /XYZ 0 {y + ABOVE:.0f} 0]"


def _labels(book: Book) -> str:
    """Pages are called what is printed on them: their number; what bears none, such as a cover, by no number."""
    bare = next((place for place, page in enumerate(book.pages) if not page.bare), 0)
    cover = string(_("Cover"))
    before = f"0 << /P {cover} >> " if bare else ""
    return f"<< /Nums [{before}{bare} << /S /D /St {bare + 1} >>] >>"


def _outline(book: Book, objects: Objects) -> str:
    """The entries as a tree: what has a higher level lies in what stands before it."""
    if not book.entries:
        return ""
    root = objects.take()
    numbers = [objects.take() for _item in book.entries]
    items = list(zip(numbers, book.entries, strict=True))
    first, last = _branch(book, objects, items, root)
    count = sum(entry.level == min(e.level for e in book.entries) for entry in book.entries)
    return f"/Outlines {objects.fill(root, f'<< /Type /Outlines /First {first} 0 R /Last {last} 0 R /Count {count} >>')} 0 R"


def _branch(book: Book, objects: Objects, items: Sequence[tuple[int, Entry]], parent: int) -> tuple[int, int]:
    level = min(entry.level for _place, entry in items)
    heads = [place for place, (_item, entry) in enumerate(items) if entry.level == level] + [len(items)]
    numbers = [items[place][0] for place in heads[:-1]]
    for k, place in enumerate(heads[:-1]):
        number, entry = items[place]
        dest = _destination(book, book.places[entry.key])
        body = f"/Title {string(entry.title)} /Parent {parent} 0 R /Dest {dest}"
        body += f" /Prev {numbers[k - 1]} 0 R" if k else ""
        body += f" /Next {numbers[k + 1]} 0 R" if k + 1 < len(numbers) else ""
        if inner := items[place + 1 : heads[k + 1]]:
            first, last = _branch(book, objects, inner, number)
            body += f" /First {first} 0 R /Last {last} 0 R /Count -{len(inner)}"
        objects.fill(number, f"<< {body} >>")
    return numbers[0], numbers[-1]
