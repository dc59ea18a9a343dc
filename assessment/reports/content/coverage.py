"""Open this for what the criteria hardly touch of the documents that the framework's crosswalks compare it with."""

from collections import Counter
from collections.abc import Iterable

from assessment.outline import Framework
from assessment.reports.content.facts import Thin

HARDLY = 1 / 3  # of what the items of the same document get on average


def thinly_covered(framework: Framework, language: str) -> tuple[Thin, ...]:
    """A crosswalk names another document's items, and where they stand; criteria bear them as tags `CROSSWALK:ITEM`."""
    tags = Counter(tag for criterion in framework.criteria.values() for tag in criterion.tags)
    found = []
    for name, places in framework.crosswalks.items():
        if isinstance(places, dict) and places:
            counts = {item: tags[f"{name}:{item}"] for item in places}
            few = sum(counts.values()) / len(counts) * HARDLY
            thin = sorted(((item, n) for item, n in counts.items() if n <= few), key=lambda pair: pair[1])
            found.append(Thin(_title(framework, name, places.values(), language), tuple(thin)))
    return tuple(thin for thin in found if thin.items)


def _title(framework: Framework, name: str, places: Iterable[object], language: str) -> str:
    """The document's title if all items stand in one, else what the framework calls the crosswalk."""
    known = (framework.passages.get(place) for place in places if isinstance(place, str))
    titles = {found[0].title.to(language) for found in known if found}
    return titles.pop() if len(titles) == 1 else name
