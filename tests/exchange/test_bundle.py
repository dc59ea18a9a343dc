"""Bundles as files: the same bytes for the same files, and nothing taken that is not exactly one."""

import struct
import zipfile
from io import BytesIO

import pytest

from assessment.exchange import bundle
from assessment.exchange.document import FileError
from tests.files import archive

FILES = {name: f"what {name} holds".encode() for name in bundle.FILES}


def zipped(files=FILES, change=lambda entry: None, **options):
    """A ZIP that another program made, entry by entry."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", **options) as packed:
        for name, data in files if isinstance(files, list) else files.items():
            entry = zipfile.ZipInfo(name, bundle.DAY)
            entry.external_attr = bundle.PLAIN_FILE << 16
            change(entry)
            packed.writestr(entry, data)
    return made.getvalue()


def refusal(data):
    with pytest.raises(FileError) as caught:
        bundle.unpack("x.zip", data)
    return str(caught.value)


def test_packs_the_same_files_to_the_same_bytes_whatever_their_order():
    assert bundle.pack(FILES) == bundle.pack(dict(reversed(FILES.items())))


def test_unpacks_what_it_packed():
    data = bundle.pack(FILES)
    assert bundle.unpack("x.zip", data) == FILES
    assert bundle.packing_fault("x.zip", data, FILES) is None


def test_has_no_date_and_no_owner():
    with zipfile.ZipFile(BytesIO(bundle.pack(FILES))) as packed:
        assert [entry.filename for entry in packed.infolist()] == list(bundle.FILES)
        assert {entry.date_time for entry in packed.infolist()} == {bundle.DAY}
        assert {entry.compress_type for entry in packed.infolist()} == {zipfile.ZIP_STORED}


@pytest.mark.parametrize("data", [b"", b"PK", b"%PDF-1.7", b"PK\x05\x06" + b"\0" * 18, b"\0" * 1000])
def test_what_is_no_zip_is_refused(data):
    assert "x.zip" in refusal(data)


def test_a_file_that_is_missing_is_named():
    assert "score.json" in refusal(zipped({name: data for name, data in FILES.items() if name != "score.json"}))


@pytest.mark.parametrize(
    "name",
    [
        "../answers.yaml",
        "/etc/passwd",
        "C:\\x",
        "extra.txt",
        "Answers.yaml",
        "answers.yaml ",
        "",
        "a\u202eb",
        "x" * 9999,
    ],
)
def test_an_unknown_file_is_refused_by_its_name(name):
    said = refusal(zipped(FILES | {name: b"x"}))
    assert "不属于数据包" in said
    assert "\u202e" not in said
    assert len(said) < 1000


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused():
    assert "answers.yaml" in refusal(zipped([*FILES.items(), ("answers.yaml", b"another")]))


def test_a_link_is_refused():
    def link(entry):
        entry.external_attr = 0o120777 << 16

    assert "不是普通文件" in refusal(zipped(FILES, link))


def test_a_zip_bomb_is_refused_without_being_unpacked():
    said = refusal(zipped(FILES | {"content.json": b"0" * 50_000_000}, lambda e: setattr(e, "compress_type", 8)))
    assert "重新打包" in said


def test_entries_that_lie_over_each_other_are_refused():
    data = bytearray(bundle.pack(FILES))
    start = 0
    for _name in bundle.FILES:  # each directory entry claims the whole file
        start = data.index(b"PK\1\2", start + 1)
        data[start + 20 : start + 28] = struct.pack("<II", len(data), len(data))
    assert "ZIP" in refusal(bytes(data))


def test_a_directory_without_end_is_refused_before_it_is_read():
    many = bundle.pack(FILES) + b"PK\1\2" * 200_000
    assert "远多于" in refusal(many)


def test_a_password_is_refused():
    data = bytearray(bundle.pack(FILES))
    data[data.index(b"PK\1\2") + 8] |= 1
    assert "密码" in refusal(bytes(data))


def test_what_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(bundle, "LARGEST", 100)
    assert "上限" in refusal(bundle.pack(FILES))


def test_an_office_file_is_no_bundle():
    assert "不属于数据包" in refusal(archive({"word/document.xml": "<x/>"}))


@pytest.mark.parametrize("before", [b"MZ hidden before", b""])
def test_what_is_hidden_around_the_files_is_seen(before):
    data = before + bundle.pack(FILES) + (b"" if before else b"hidden behind")
    try:
        files = bundle.unpack("x.zip", data)
    except FileError:
        return
    assert bundle.packing_fault("x.zip", data, files) is not None


def test_every_byte_of_the_zip_counts():
    data = bundle.pack(FILES)
    for place in range(len(data)):
        altered = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        try:
            files = bundle.unpack("x.zip", altered)
        except FileError:
            continue
        assert files != FILES or bundle.packing_fault("x.zip", altered, files) is not None, place
