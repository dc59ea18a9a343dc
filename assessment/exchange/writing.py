"""Write YAML in one spelling, so that the same content always gives the same bytes."""

from typing import Any

import yaml

from assessment.outline import Text

EXACT = 2**53  # up to here a database's numbers come back as they went in


class Dumper(yaml.CSafeDumper):
    """No aliases, texts of several lines as blocks."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _string(dumper: Dumper, value: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


Dumper.add_representer(str, _string)


def dump(value: dict[str, Any]) -> str:
    return yaml.dump(value, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=2**31 - 1)


def spell(text: Text, language: str) -> str | dict[str, str]:
    """A text in the framework's own language alone is a plain string, else a map by language."""
    return text.get(language, "") if set(text) <= {language} else dict(text)


def plain_number(number: float | None) -> float | None:
    """A whole number as such: 1, not 1.0."""
    return int(number) if number is not None and number == int(number) and number < EXACT else number
