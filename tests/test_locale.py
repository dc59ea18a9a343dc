"""The Chinese catalogue is whole, compiled, and nothing on a page is left in English."""

import ast
import gettext
import re

import pytest
from django.conf import settings
from django.utils.text import Truncator
from django.utils.translation import override

from assessment.models import Framework, Source, User
from assessment.reports import prose
from tests.demo import addresses, load_demo
from tests.views.pages import opened, visitor

FOLDER = settings.LOCALE_PATHS[0] / "zh_Hans" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd.\df]|%[sd]|\{\w*\}")
# What is copied, or may be any words, stands apart: addresses, paths and options of a command; names.
APART = re.compile(r"%\((?:address|email|file|folder|formats|key|names?|password|path|port|tag|to|what)\)s|--\w+")
GAP = re.compile(r"[一-鿿] [A-Za-z0-9.#%{]|[A-Za-z0-9%}] [一-鿿]")
ADDRESS = re.compile(r"https?://\S+|\b[0-9a-f]{64}\b")  # and digests
# What is called so in Chinese too: names of formats, standards and systems.
SAME_IN_CHINESE = {
    "Alt",
    "PDF",
    "OFD",
    "AES",
    "DOCX",
    "English",
    "Excel",
    "Word",
    "XMP",
    "ZIP",
    "XLSX",
    "Office",
    "JSON",
    "sha",
    "sum",
    "Windows",
    "Linux",
    "hashfile",
    "certutil",
    "SHA",
    "YAML",
    "CSV",
    "http",
    "https",
    "API",
    "DCMM",
    "ITU",
    "Django",
    "python",
    "manage",
    "WPS",
    "xlsx",
    "docx",
    "txt",
    "PNG",
    "JPEG",
}
IN_THE_ADMIN = {"True", "False", "Search", "English"}  # Django's words for its icons; the box for English texts


class Message:
    """One entry of a .po file: context, singular, plural, translations."""

    def __init__(self, block: str):
        self.is_fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in block.splitlines())
        parts = re.findall(r'^(msg\w+(?:\[\d+\])?) ((?:".*"\n?)+)', block, re.MULTILINE)
        self.parts = {key: "".join(ast.literal_eval(line) for line in text.splitlines()) for key, text in parts}
        self.id = self.parts.get("msgid", "")
        self.context = self.parts.get("msgctxt")
        self.plural = self.parts.get("msgid_plural")
        self.translations = [text for key, text in self.parts.items() if key.startswith("msgstr")]


def messages():
    blocks = (FOLDER / "django.po").read_text().split("\n\n")
    found = [Message("\n".join(line for line in block.splitlines() if not line.startswith("#~"))) for block in blocks]
    return [message for message in found if message.id]


@pytest.fixture(scope="module")
def catalogue():
    with (FOLDER / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_every_message_is_translated_and_none_is_guessed():
    assert len(messages()) > 300
    assert [message.id for message in messages() if not all(message.translations) or not message.translations] == []
    assert [message.id for message in messages() if message.is_fuzzy] == []


def test_every_message_stands_there_once():
    keys = [(message.context, message.id) for message in messages()]
    assert len(keys) == len(set(keys))


def test_the_compiled_catalogue_is_the_written_one(catalogue):
    written = {}
    for message in messages():
        name = f"{message.context}\x04{message.id}" if message.context else message.id
        written[(name, 0) if message.plural else name] = message.translations[0]
    compiled = {name: text for name, text in catalogue._catalog.items() if name}
    assert compiled == written


def test_placeholders_are_the_same_on_both_sides():
    for message in messages():
        wanted = set(PLACEHOLDER.findall(message.id)) | set(PLACEHOLDER.findall(message.plural or ""))
        for translation in message.translations:
            assert set(PLACEHOLDER.findall(translation)) <= wanted, message.id
            assert wanted - set(PLACEHOLDER.findall(translation)) <= plural_number(message), message.id


def plural_number(message):
    """A count may go unsaid where the plural says it."""
    return set(PLACEHOLDER.findall(message.plural or "")) - set(PLACEHOLDER.findall(message.id))


def test_translations_use_full_width_punctuation():
    half = re.compile(r"[\u4e00-\u9fff][,;:?!](?!//)|[,;:?!][\u4e00-\u9fff]")
    assert [(m.id, text) for m in messages() for text in m.translations if half.search(PLACEHOLDER.sub("", text))] == []


def test_translations_leave_the_space_beside_numbers_to_whoever_sets_them():
    assert [text for m in messages() for text in m.translations if GAP.search(APART.sub("‹›", text))] == []


def test_a_code_is_called_what_the_pages_call_it():
    """行政区划代码 and 语言代码 alone are called so; criteria, dimensions, levels and drafts have a 编号."""
    others = re.compile("(?<!行政区划)(?<!语言)代码")
    assert [(m.id, text) for m in messages() for text in m.translations if others.search(text)] == []


@pytest.fixture
def chinese_pages(db):
    load_demo()
    people = {user.username: user for user in User.objects.all()}
    return {name: opened(visitor(people.get(who)), there) for name, (who, there) in addresses().items()}


def test_no_english_is_left_on_any_page(chinese_pages):
    codes = " ".join(code for model in (Framework, Source) for code in model.objects.values_list("code", flat=True))
    data = {"criteria", "admin", *re.findall(r"\w+", codes), *User.objects.values_list("username", flat=True)}
    for name, page in chinese_pages.items():
        if name.endswith("in English"):
            continue
        filled_in = re.findall(r"[A-Za-z]+", " ".join(map(str, page.form.values())))
        allowed = SAME_IN_CHINESE | data | {*filled_in} | (IN_THE_ADMIN if name.startswith("admin") else set())
        words = {
            word for text in (page.text, *page.spoken) for word in re.findall(r"[A-Za-z]{3,}", ADDRESS.sub("", text))
        }
        assert words - allowed == set(), name


def test_what_is_cut_ends_in_an_ellipsis_not_in_full_stops():
    with override("zh-hans"):
        assert Truncator("长" * 20).chars(5) == "长长长长…"


def test_the_words_about_the_matrix_hold_for_a_list_too():
    with override("zh-hans"):
        assert "表头" not in prose.matrix_words() and "文号" not in prose.matrix_words()
