"""Begin a framework, copy a version, name a draft."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment import actions, outline
from assessment.forms.account import buttons
from assessment.forms.plain import PlainCharField
from assessment.models import Framework
from assessment.models.framework import CODE
from assessment.outline import Text

MOST_LEVELS, FEWEST_LEVELS = 10, 2
CODE_WRONG = {"invalid": _("Use letters without accents, digits and hyphens only, such as city-digital.")}


class FrameworkForm(forms.Form):
    """The little that a framework cannot do without."""

    name = PlainCharField(label=_("Name"), max_length=200)
    code = forms.SlugField(
        label=_("Code"),
        max_length=50,
        help_text=_("Lower-case letters, digits and hyphens; it never changes."),
        error_messages=CODE_WRONG,
    )
    version = PlainCharField(label=_("Version"), max_length=50, validators=[CODE], initial="1.0")
    language = forms.RegexField(
        label=_("Language"), regex=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20, initial="zh-hans",
        help_text=_("The language in which every text is there, such as zh-hans or en."),
        error_messages={"invalid": _("Expected a language tag such as zh-hans or en.")},
    )  # fmt: skip
    levels = forms.IntegerField(
        label=_("Levels"), min_value=FEWEST_LEVELS, max_value=MOST_LEVELS, initial=6,
        help_text=_("How many levels the scale has, level 0 included: 2 to 10."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        buttons(self, _("Begin the draft"))

    def clean_code(self):
        return self.cleaned_data["code"].lower()

    def clean_language(self):
        return self.cleaned_data["language"].lower()

    def clean(self):
        super().clean()
        values = self.cleaned_data
        given = {name: values.get(name) for name in ("code", "version")}
        if all(given.values()) and Framework.objects.filter(**given).exists():
            self.add_error("version", _("%(code)s %(version)s exists already; choose another version") % given)
        must_be_higher(self, values.get("code", ""))
        return values

    def framework(self) -> outline.Framework:
        """Thresholds stand halfway between the scores of neighbouring levels."""
        values, language = self.cleaned_data, self.cleaned_data["language"]
        highest = values["levels"] - 1
        scale = tuple(
            outline.Level(
                level, Text({language: str(level)}), round(100 * (level - 0.5) / highest, 1) if level else None
            )
            for level in range(highest + 1)
        )
        return outline.Framework(
            values["code"], values["version"], language, Text({language: values["name"]}), scale, ()
        )


class CopyForm(forms.Form):
    version = PlainCharField(
        label=_("Version"),
        max_length=50,
        validators=[CODE],
        help_text=_(
            "Higher than the one it is copied from; letters behind a number make it lower: 1.0a comes before 1.0."
        ),
    )

    def __init__(self, *args, record: Framework, **kwargs):
        self.record = record
        super().__init__(*args, **kwargs)
        last = actions.latest_published(record)
        latest = last.version if last and actions.is_higher(last.version, record.version) else record.version
        self.initial["version"] = following(latest)
        buttons(self, _("Copy as a draft"))

    def clean_version(self):
        version, old = self.cleaned_data["version"], self.record.version
        if not actions.is_higher(version, old):
            raise forms.ValidationError(
                _("The version must be higher than %(old)s, from which it is copied."), params={"old": old}
            )
        return version

    def clean(self):
        super().clean()
        must_be_higher(self, self.record.code)
        return self.cleaned_data


class IdentityForm(forms.ModelForm):
    class Meta:
        model = Framework
        fields = ["code", "version", "four_eyes"]
        help_texts = {"four_eyes": _("Who edited the draft cannot publish it: somebody else does.")}
        error_messages = {"code": CODE_WRONG}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.previous_id:
            self.fields["code"].disabled = True
        if last := actions.latest_published(self.instance):
            self.fields["version"].help_text = _("Higher than %(last)s, the last one published.") % {
                "last": last.version
            }
        buttons(self, _("Save"))

    def clean(self):
        super().clean()
        if {"code", "version"} & {*self.changed_data}:
            must_be_higher(self, self.cleaned_data.get("code", ""))
        return self.cleaned_data


def must_be_higher(form: forms.BaseForm, code: str) -> None:
    """Says at the version's field what the gate would say when the draft is published."""
    last, version = actions.latest_published(Framework(code=code)), form.cleaned_data.get("version")
    if version and last and not actions.is_higher(version, last.version):
        form.add_error(
            "version", _("The version must be higher than %(last)s, the last one published.") % {"last": last.version}
        )


def following(version: str) -> str:
    """The version that most likely comes next: its last number, or its year, one higher.

    >>> following("2024.1"), following("1.0"), following("v")
    ('2025.1', '1.1', 'v.1')
    """
    first, dot, last = version.rpartition(".")
    if first.isdigit() and len(first) == 4:
        return f"{int(first) + 1}.1"
    return f"{first}{dot}{int(last) + 1}" if last.isdigit() else f"{version}.1"
