"""Open this for how references get their numbers: in the order in which a reader first meets them."""

import re
from collections import defaultdict
from collections.abc import Iterable

from assessment.outline import Citation, Criterion, Framework, Passage, Source
from assessment.reports import words
from assessment.reports.content.facts import Cite, CiteKind, Column, Matrix, MatrixRow, Reference

# 二、（一）, Part II (1): a clause's place without its title.
NUMBERED = re.compile("[^（()）]*[（(][^（()）]{1,4}[）)]")
APART = re.compile("·|：|: ")  # in a place that has no such number, before what it is called


def kind_of(source: Source) -> CiteKind:
    """A source that interprets (解读) is never printed as the guidance itself."""
    title = " ".join(source.title.values()).lower()
    return "reading" if "解读" in title or "interpretation" in title else "clause"


def rests_on_reading_alone(criterion: Criterion, framework: Framework) -> bool:
    """Whether no clause carries this criterion; one that is merely filed under a clause (本工具归入) counts here."""
    basis = [framework.passages[c.key][0] for c in criterion.cites if c.role == "basis"]
    return bool(basis) and all(kind_of(source) == "reading" for source in basis)


class References:
    """Gives numbers while the report is put together; `all()` at its end."""

    def __init__(self, framework: Framework, language: str) -> None:
        self.framework, self.language = framework, language
        self._numbers: dict[str, int] = {}
        self._kinds = {source.code: kind_of(source) for source in framework.sources}

    def cite(self, citations: Iterable[Citation]) -> tuple[Cite, ...]:
        """Clauses first, readings after them, each in the framework's order."""
        cites = [self._cite(citation) for citation in sorted(citations, key=self._is_reading)]
        return tuple(cites)

    def _is_reading(self, citation: Citation) -> bool:
        return self._kinds[citation.source] == "reading"

    def _cite(self, citation: Citation) -> Cite:
        source, passage = self.framework.passages[citation.key]
        number = self._numbers.setdefault(citation.key, len(self._numbers) + 1)
        quote = passage.quote.to(self.language) if passage.quotable and citation.role == "basis" else ""
        return Cite(number, self._kinds[source.code], citation.role, self._place(source, passage), quote)

    def _place(self, source: Source, passage: Passage) -> str:
        locator = passage.locator.to(self.language)
        if self._kinds[source.code] == "reading":
            return locator
        return f"{source.number or words.book(source.title.to(self.language))} {locator}"

    def all(self) -> tuple[Reference, ...]:
        citing = defaultdict(list)
        for item, citation in self.framework.citations():
            citing[citation.key].append((item.code, citation.role))
        return tuple(self._reference(number, key, citing[key]) for key, number in self._numbers.items())

    def _reference(self, number: int, key: str, citing: Iterable[tuple[str, str]]) -> Reference:
        source, passage = self.framework.passages[key]
        cited_by = tuple(code for code, role in citing if role == "basis")
        return Reference(
            number=number,
            key=key,
            kind=self._kinds[source.code],
            title=source.title.to(self.language),
            document_number=source.number,
            issuers=source.issuers,
            issued=source.issued,
            edition=source.edition.to(self.language),
            url=source.url,
            locator=passage.locator.to(self.language),
            status=passage.status,
            quote=passage.quote.to(self.language) if passage.quotable and cited_by else "",
            summary=passage.summary.to(self.language),
            cited_by=cited_by,
            assigned_by=tuple(code for code, role in citing if role == "assigned"),
        )

    def matrix(self) -> Matrix:
        """Every passage of every source that a criterion cites, itself cited or not, against every criterion."""
        framework = self.framework
        used = {citation.source for c in framework.criteria.values() for citation in c.cites}
        columns = tuple(
            Column(f"{s.code}#{p.id}", self._short(s, p), s.code, self._numbers.get(f"{s.code}#{p.id}"))
            for s in framework.sources
            if s.code in used
            for p in s.passages
        )
        rows = tuple(
            MatrixRow(c.code, c.title.to(self.language), self._marks(c, columns)) for c in framework.criteria.values()
        )
        return Matrix(columns, rows)

    def _short(self, source: Source, passage: Passage) -> str:
        """What fits at the head of a narrow column: the clause's place, or the heading that a reading stands under."""
        place = passage.locator.to(self.language)
        numbered = NUMBERED.match(place)
        return numbered[0] if numbered and self._kinds[source.code] == "clause" else APART.split(place)[-1]

    @staticmethod
    def _marks(criterion: Criterion, columns: Iterable[Column]) -> tuple[str, ...]:
        roles = {citation.key: citation.role for citation in criterion.cites}
        return tuple(roles.get(column.key, "") for column in columns)
