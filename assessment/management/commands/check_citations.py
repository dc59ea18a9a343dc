"""Check every quotation of framework files against the sources' own texts, quote by quote."""

import sys
from pathlib import Path

import yaml
from django.conf import settings
from django.utils.translation import gettext as _

from assessment import quoting
from assessment.actions import Refused
from assessment.exchange.framework import read_framework
from assessment.management.files import FileCommand

SHIPPED = settings.BASE_DIR / "fixtures" / "frameworks"


class Command(FileCommand):
    help = "Report for every quotation whether it stands in its source, word for word, within one line."

    def add_arguments(self, parser):
        parser.add_argument(
            "--sources", required=True, metavar="FOLDER", help="CODE.yaml (passages: id, text) or CODE.txt"
        )
        parser.add_argument("files", nargs="*", metavar="FILE", help="framework files; default: those shipped")

    def run(self, *, sources, files, **options):
        texts = read_texts(Path(sources))
        wrong = 0
        for file in files or sorted(SHIPPED.glob("*.yaml")):
            for source in read_framework(file).sources:
                for passage in source.passages:
                    if passage.quote:
                        wrong += not self.stands(source.code, passage, texts)
        if wrong:
            self.stderr.write(_("%(count)d quotations do not stand in their source") % {"count": wrong})
            sys.exit(1)

    def stands(self, code, passage, texts):
        """False where the text is at hand and the quotation is not in it."""
        text = texts.get((code, passage.id), texts.get((code, None)))
        quote = str(passage.quote)
        found = text is not None and any(quoting.stands(quote, line) for line in text.splitlines())
        verdict = _("no text at hand") if text is None else _("verified") if found else _("not in the source")
        self.stdout.write(f"{verdict}\t{code}#{passage.id}\t{quote}")
        return found or text is None


def read_texts(folder: Path) -> dict[tuple[str, str | None], str]:
    """The texts by source and passage; a plain text file is one text for all passages of its source."""
    if not folder.is_dir():
        raise Refused(_("%(folder)s is not a folder") % {"folder": folder})
    texts: dict[tuple[str, str | None], str] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix == ".txt":
            texts[path.stem, None] = _read(path)
        elif path.suffix in (".yaml", ".yml"):
            texts |= _passages(path)
    return texts


def _passages(path: Path) -> dict[tuple[str, str | None], str]:
    try:
        content = yaml.load(_read(path), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise Refused(_("%(file)s is not valid YAML") % {"file": path}) from error
    documents = content if isinstance(content, list) else [content]
    return {
        (document["document"], passage["id"]): passage["text"]
        for document in documents
        if isinstance(document, dict) and "document" in document
        for passage in document.get("passages", ())
        if isinstance(passage, dict) and {"id", "text"} <= passage.keys()
    }


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(_("%(file)s cannot be read: %(reason)s") % {"file": path, "reason": error}) from error
