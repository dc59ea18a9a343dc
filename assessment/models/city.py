"""Cities, by their administrative division code."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment import outline


def pinyin_of(name: str) -> str:
    """The name in pinyin and by its initials, as people type either.

    >>> pinyin_of("重庆市")
    'chongqingshi cqs'
    """
    from pypinyin import Style, lazy_pinyin  # 50 MB of dictionaries, which reports need not carry

    return f"{''.join(lazy_pinyin(name))} {''.join(lazy_pinyin(name, style=Style.FIRST_LETTER))}".lower()


class PinyinField(models.CharField):
    """Follows the field `of`: whoever saves the row saves its pinyin."""

    def __init__(self, *args, of: str = "name", **kwargs):
        self.of = of
        for name, value in {"editable": False, "blank": True, "default": "", "db_index": True}.items():
            kwargs.setdefault(name, value)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance, add):
        value = pinyin_of(getattr(model_instance, self.of))[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value


class CityQuerySet(models.QuerySet):
    def found_by(self, words: str):
        """Cities whose name, code, province or pinyin has the words.

        A city is found by 杭州, 3301, 浙江, hangzhou, hz.
        """
        words = words.strip().lower().replace(" ", "")
        return self.filter(
            Q(name__contains=words)
            | Q(code__startswith=words)
            | Q(province__contains=words)
            | Q(pinyin__startswith=words)
            | Q(pinyin__contains=f" {words}")
        )


class City(models.Model):
    class Level(models.TextChoices):
        MUNICIPALITY = "municipality", _("Municipality")
        PREFECTURE = "prefecture", _("Prefecture level")
        COUNTY = "county", _("County level")

    code = models.CharField(
        _("division code"),
        max_length=6,
        unique=True,
        validators=[RegexValidator(r"^[1-9]\d{5}\Z", _("Six digits, such as 330100."))],
        help_text=_("Six-digit administrative division code (行政区划代码)."),
    )
    name = models.CharField(_("name"), max_length=100)
    level = models.CharField(_("administrative level"), max_length=20, choices=Level, default=Level.PREFECTURE)
    province = models.CharField(_("province"), max_length=100, blank=True)
    pinyin = PinyinField(_("pinyin"), max_length=250, of="name")

    objects = CityQuerySet.as_manager()

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        ordering = ["code"]

    def __str__(self):
        return self.name

    def outline(self) -> outline.City:
        return outline.City(self.code, self.name)
