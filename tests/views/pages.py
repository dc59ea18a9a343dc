"""Read a page as a person does: its words, its links, and its form as a browser would send it."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.test import Client
from django.urls import reverse

UNSEEN = {"script", "style", "template"}
EMPTY = {"input", "meta", "link", "img", "br", "hr", "area", "base", "col", "source"}
SPOKEN = {"aria-label", "title", "alt", "placeholder"}


def visitor(user=None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def opened(client: Client, view: str, *args, **query) -> "Page":
    """The page of this URL name, or at this address."""
    address = view if view.startswith("/") else reverse(view, args=args)
    return read(client.get(address, query, follow=True), address)


def sent(client: Client, page: "Page", changes: dict | None = None) -> "Page":
    """The page's form sent with what the person changed; the answer after its redirects."""
    return read(client.post(page.address, page.form | (changes or {}), follow=True), page.address)


def read(response, address: str) -> "Page":
    reader = Reader(convert_charrefs=True)
    html = response.content.decode()
    reader.feed(html)
    text = " ".join(" ".join(reader.words).split())
    return Page(address, response.status_code, html, text, reader, response)


@dataclass
class Page:
    address: str
    status: int
    html: str
    text: str
    reader: "Reader" = field(repr=False)
    response: object = field(repr=False)

    @property
    def form(self) -> dict[str, str]:
        return self.reader.fields

    @property
    def links(self) -> list[str]:
        return self.reader.links

    @property
    def rows(self) -> list[list[str]]:
        """Every table row, cell by cell."""
        return [[" ".join("".join(cell).split()) for cell in row] for row in self.reader.rows]

    @property
    def spoken(self) -> list[str]:
        """What a screen reader adds to the text."""
        return [value for _tag, given in self.reader.tags for name, value in given.items() if name in SPOKEN and value]

    def row(self, first: str) -> list[str]:
        return next(row for row in self.rows if any(cell.startswith(first) for cell in row))


class Reader(HTMLParser):
    """Collects words, links, rows and all tags; the fields of what lies in <main>, without disabled ones."""

    def __init__(self, **options):
        super().__init__(**options)
        self.words, self.links, self.tags, self.rows = [], [], [], []
        self.fields: dict[str, str] = {}
        self.open: list[tuple[str, dict]] = []
        self.textarea = self.select = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag not in EMPTY:
            self.open.append((tag, given))
        if self._is_unseen():
            return
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append([])
        if self._is_sent(given):
            self._field(tag, given)

    def _field(self, tag, given):
        name = given.get("name")
        if tag == "input" and name and given.get("type") in ("radio", "checkbox"):
            if "checked" in given:
                self._tick(name, given.get("value", "on"))
        elif tag == "input" and name and given.get("type") != "submit":
            self.fields[name] = given.get("value") or ""
        elif tag == "textarea" and name:
            self.textarea, self.fields[name] = name, ""
        elif tag == "select" and name:
            self.select, self.fields[name] = name, ""
        elif tag == "option" and self.select and "selected" in given:
            self.fields[self.select] = given.get("value", "")

    def _tick(self, name, value):
        """Several boxes of one name are sent together."""
        before = self.fields.get(name)
        self.fields[name] = value if before is None else [*(before if isinstance(before, list) else [before]), value]

    def _is_sent(self, given):
        tags = [tag for tag, _given in self.open]
        return "main" in tags and not any("disabled" in outer for tag, outer in self.open if tag == "fieldset")

    def _is_unseen(self):
        return any(tag in UNSEEN for tag, _given in self.open)

    def handle_endtag(self, tag):
        if tag in EMPTY or tag not in [name for name, _given in self.open]:
            return
        while self.open.pop()[0] != tag:
            pass
        if tag == "textarea":  # as browsers send them
            if self.textarea:
                text = self.fields[self.textarea].removeprefix("\n")
                self.fields[self.textarea] = re.sub("\r?\n", "\r\n", text)
            self.textarea = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data):
        if self._is_unseen():
            return
        if self.textarea:
            self.fields[self.textarea] += data
        self.words.append(data)
        if self.rows and self.rows[-1] and any(tag in ("td", "th") for tag, _given in self.open):
            self.rows[-1][-1].append(data)
