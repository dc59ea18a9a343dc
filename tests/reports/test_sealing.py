"""A report with a signature, a password, or both."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO

import pikepdf
import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from assessment.reports import pdf
from assessment.reports.pdf.sealing import Certificate, CertificateUnusable, operators_certificate, seal
from tests.reports import sample

PASSWORD = "密码 pass-1"


@cache
def report():
    return pdf.render(sample.content("empty"))


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A self-signed certificate, made for this run."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "某市数据局")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(True, True, False, False, False, True, False, False, False), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("certificate") / "own.p12"
    lock = serialization.BestAvailableEncryption(b"secret")
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"own", key, made, None, lock))
    return Certificate(file, "secret"), made


@pytest.fixture(scope="module")
def signed(own):
    return seal(report(), certificate=own[0])


def checked(data, own, password=""):
    """What pyHanko says of the file's only signature."""
    reader = PdfFileReader(BytesIO(data))
    if password:
        reader.decrypt(password)
    (signature,) = reader.embedded_signatures
    root = asn1.Certificate.load(own[1].public_bytes(serialization.Encoding.DER))
    with ThreadPoolExecutor(1) as apart:  # pyHanko starts an event loop; a browser test may have left one here
        return apart.submit(validate_pdf_signature, signature, ValidationContext(trust_roots=[root])).result()


def test_without_certificate_and_password_the_report_is_untouched():
    assert seal(report()) == report()


def test_a_signature_is_valid_and_covers_the_whole_file(signed, own):
    status = checked(signed, own)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.coverage.name == "ENTIRE_FILE"


def test_a_signature_is_a_pades_one_and_is_added_to_the_very_bytes(signed):
    assert signed.startswith(report())
    assert b"/ETSI.CAdES.detached" in signed


def test_one_altered_byte_breaks_it(signed, own):
    at = signed.index(b"/Title")
    status = checked(signed[:at] + b"/Titlf" + signed[at + 6 :], own)
    assert not status.intact
    assert not status.bottom_line


def test_a_signature_changes_nothing_that_the_report_says_of_itself(signed):
    before, after = pikepdf.open(BytesIO(report())), pikepdf.open(BytesIO(signed))
    assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
    assert dict(after.docinfo) == dict(before.docinfo)


def test_the_signatures_field_is_allowed_in_an_archive(signed):
    opened = pikepdf.open(BytesIO(signed))
    (field,) = opened.Root.AcroForm.Fields
    assert field.F == 132  # printed, locked
    assert [int(side) for side in field.Rect] == [0, 0, 0, 0]


@pytest.fixture(scope="module")
def locked():
    return seal(report(), password=PASSWORD)


def test_a_password_opens_it_and_nothing_else_does(locked):
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(BytesIO(locked), password="another")
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(BytesIO(locked))
    opened = pikepdf.open(BytesIO(locked), password=PASSWORD)
    assert (opened.encryption.R, opened.encryption.bits) == (6, 256)


def test_other_readers_open_it_too(locked):
    reader = PdfReader(BytesIO(locked))
    assert reader.is_encrypted
    reader.decrypt(PASSWORD)
    assert "杭州市" in reader.pages[0].extract_text()


def test_a_file_with_a_password_claims_no_archive(locked):
    opened = pikepdf.open(BytesIO(locked), password=PASSWORD)
    about = opened.Root.Metadata.read_bytes()
    assert b"pdfaid" not in about
    assert b"dc:title" in about
    assert "/OutputIntents" not in opened.Root
    assert not re.search(rb"pdfaid|GTS_PDFA", locked)


def test_it_stays_tagged(locked):
    assert pikepdf.open(BytesIO(locked), password=PASSWORD).Root.MarkInfo.Marked


def test_both_together_are_valid(own):
    both = seal(report(), certificate=own[0], password=PASSWORD)
    status = checked(both, own, PASSWORD)
    assert status.intact
    assert status.valid
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(BytesIO(both))


def test_a_certificate_that_cannot_be_used_is_named(tmp_path, own):
    (tmp_path / "no.p12").write_bytes(b"no certificate")
    for unusable in (
        Certificate(tmp_path / "no.p12"),
        Certificate(tmp_path / "missing.p12"),
        Certificate(own[0].path, "wrong"),
    ):
        with pytest.raises(CertificateUnusable, match=unusable.path.name):
            seal(report(), certificate=unusable)


def test_the_operators_certificate_comes_from_the_settings(settings):
    assert operators_certificate() is None
    settings.REPORT_CERTIFICATE, settings.REPORT_CERTIFICATE_PASSWORD = "/etc/own.p12", "secret"
    assert operators_certificate() == Certificate(operators_certificate().path, "secret")
    assert str(operators_certificate().path) == "/etc/own.p12"
