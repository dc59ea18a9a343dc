"""Text as people paste it, made plain."""

from django import forms
from django.utils.translation import gettext_noop, ngettext_lazy, pgettext_lazy

from assessment.exchange.document import LINE_END, UNPRINTABLE

# Django's own words, for which we have better Chinese.
SAID_BETTER = (
    gettext_noop("This field is required."),
    gettext_noop("Enter a valid email address."),
    pgettext_lazy("String to return when truncating text", "%(truncated_text)s…"),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy(
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
)


class PlainCharField(forms.CharField):
    """Takes out the control characters that come along from other programs; lines of a text box end in one character,
    a field of one line has a space there.

    >>> PlainCharField(widget=forms.Textarea).clean("第一行\\r\\n第二行\\x0b\\u2029第三行")
    '第一行\\n第二行\\n第三行'
    >>> PlainCharField().clean("one\\r\\nline\\u2028only")
    'one line only'
    """

    def to_python(self, value):
        line_end = "\n" if isinstance(self.widget, forms.Textarea) else " "
        return UNPRINTABLE.sub("", LINE_END.sub(line_end, super().to_python(value) or "")).strip()
