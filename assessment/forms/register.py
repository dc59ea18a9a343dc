"""A file that somebody wants to know about: is it one of our reports?"""

import hashlib
import json

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.exchange import bundle
from assessment.exchange.document import FileError
from assessment.exchange.upload import LARGEST, plain_name
from assessment.reports.manifest import LONGEST, embedded, own_hash


class ReportCheckForm(forms.Form):
    """After it is valid: `name`, `sha256`, `claims`, the hashes of contents that the file says are its own, and whether
    it `is_whole`: a PDF whose bytes are those whose hash it bears."""

    file = forms.FileField(
        label=_("Report or bundle"),
        allow_empty_file=True,  # said in our own words
        help_text=_(
            "PDF, Word, a workbook, JSON or a bundle (ZIP); at most 20 MB. The file is looked at and not kept."
        ),
        error_messages={"required": _("Choose a file."), "missing": _("Choose a file.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("", _("Check the file")))

    def clean_file(self):
        sent = self.cleaned_data["file"]
        data = sent.read(LARGEST + 1)
        if not data:
            raise forms.ValidationError(_("The file is empty."))
        if len(data) > LARGEST:
            raise forms.ValidationError(_("The file is larger than 20 MB; no report is."))
        self.name = plain_name(sent.name)
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.claims = _claims(data)
        own = own_hash(data)
        self.is_whole = own is not None and own.end == len(data)
        return sent


def _claims(data: bytes) -> list[str]:
    manifests = embedded(data) if data.startswith(b"%PDF-") else _of_a_bundle(data)
    hashes = (manifest.get("content_sha256") for manifest in manifests)
    return [given for given in hashes if isinstance(given, str) and len(given) == 64 and given.isascii()]


def _of_a_bundle(data: bytes) -> list[dict]:
    if not data.startswith(b"PK"):
        return []
    try:
        manifest = bundle.unpack("", data)[bundle.MANIFEST]
        found = json.loads(manifest.decode()) if len(manifest) <= LONGEST else None
    except (FileError, ValueError, RecursionError):
        return []
    return [found] if isinstance(found, dict) else []
