"""Open this for what may be put on a finished report: the operator's signature (PAdES), a password (AES-256).

Neither is part of `pdf.render`, whose bytes stay the same for the same content: a signature holds the moment at which it
was made, a password a random salt. A file with a password is no archive file; it then claims none.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

FIELD = "Signature"
CLAIM = re.compile(rb'<rdf:Description rdf:about="" xmlns:pdfaid=.*?</rdf:Description>\n?', re.DOTALL)


@dataclass(frozen=True)
class Certificate:
    """A key with its certificate, in a PKCS#12 file."""

    path: Path
    password: str = ""


class CertificateUnusable(RuntimeError):
    """The file is missing, is no PKCS#12, or its password is another."""

    def __init__(self, path: Path) -> None:
        text = _("The certificate %(path)s cannot be used: is it a PKCS#12 file, and its password the right one?")
        super().__init__(text % {"path": path})


def operators_certificate() -> Certificate | None:
    """The one that the settings name, if any."""
    if not settings.REPORT_CERTIFICATE:
        return None
    return Certificate(Path(settings.REPORT_CERTIFICATE), settings.REPORT_CERTIFICATE_PASSWORD)


def first_unsafe(password: str) -> int:
    """The number of the first character that readers of PDF may take for another one, or not take at all; else 0.

    ISO 32000-2 wants passwords prepared with SASLprep (RFC 4013); not every reader does it. What it leaves as it is opens
    everywhere.

    >>> first_unsafe("数据-2026"), first_unsafe("data－2026"), first_unsafe("data\\u200b")
    (0, 5, 5)
    """
    return next((end for end in range(1, len(password) + 1) if not _stays(password[:end])), 0)


def _stays(password: str) -> bool:
    from pyhanko.pdf_utils.crypt._saslprep import saslprep

    try:
        return saslprep(password) == password
    except (ValueError, IndexError):  # forbidden; nothing left
        return False


def seal(data: bytes, *, certificate: Certificate | None = None, password: str = "") -> bytes:
    """The report with a password, a signature, or both: the signature last, over the file as it is then.

    A password is one in which `first_unsafe` finds nothing.
    Raises `CertificateUnusable`.
    """
    if password:
        data = _locked(data, password)
    return _signed(data, certificate, password) if certificate else data


def _locked(data: bytes, password: str) -> bytes:
    import pikepdf

    locked = BytesIO()
    with pikepdf.open(BytesIO(data)) as file:
        about = file.Root.Metadata
        about.write(CLAIM.sub(b"", about.read_bytes()))
        about.stream_dict.Type, about.stream_dict.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        del file.Root.OutputIntents
        file.save(locked, encryption=pikepdf.Encryption(owner=password, user=password, R=6))
    return locked.getvalue()


def _signed(data: bytes, certificate: Certificate, password: str) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    class Writer(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            """Leave the facts about the report as they are: pyHanko's own would differ in their two places."""

    writer = Writer(BytesIO(data))
    if password:
        writer.encrypt(password)
    facts = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    signer = _signer(certificate)
    with ThreadPoolExecutor(1) as apart:  # pyHanko starts an event loop, and our thread may have one already
        signed: BytesIO = apart.submit(signers.sign_pdf, writer, facts, signer=signer).result()
    return signed.getvalue()


def _signer(certificate: Certificate) -> Any:
    from pyhanko.sign import signers

    try:
        signer = signers.SimpleSigner.load_pkcs12(str(certificate.path), passphrase=certificate.password.encode())
    except (OSError, ValueError) as error:
        raise CertificateUnusable(certificate.path) from error
    if signer is None:
        raise CertificateUnusable(certificate.path)
    return signer
