"""A text by language: one box a language, side by side."""

from django import forms
from django.conf import settings


class TextWidget(forms.MultiWidget):
    def __init__(self, attrs=None):
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            code: forms.Textarea(attrs={"rows": 3, "cols": 60, "placeholder": name, "lang": code})
            for code, name in settings.LANGUAGES
        }
        super().__init__(boxes, attrs)

    def decompress(self, value):
        return [(value or {}).get(code, "") for code, _name in settings.LANGUAGES]


class TextFormField(forms.MultiValueField):
    """Gives a dict by language, without languages left empty."""

    widget = TextWidget

    def __init__(self, *, encoder=None, decoder=None, max_length=None, **kwargs):
        kwargs["show_hidden_initial"] = False  # a hidden box could hold only one text
        fields = [forms.CharField(required=False, max_length=20_000) for _language in settings.LANGUAGES]
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, values):
        languages = [code for code, _name in settings.LANGUAGES]
        return {code: text for code, text in zip(languages, values, strict=False) if text}
