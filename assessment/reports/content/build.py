"""Open this for how an assessment becomes the content of its report: nothing is calculated here, only gathered."""

from collections import Counter
from dataclasses import replace
from functools import cached_property

from assessment import gaps, scoring
from assessment.answers import level_of
from assessment.design import Design
from assessment.lint.draft import has, translatable
from assessment.outline import Assessment, Basis, Criterion, Dimension, Framework, LevelDescriptor, Response, Text
from assessment.remark import Place, Remarks
from assessment.reports import added
from assessment.reports.content.annex import annex
from assessment.reports.content.citing import References, rests_on_reading_alone
from assessment.reports.content.coverage import thinly_covered
from assessment.reports.content.example import worked_example
from assessment.reports.content.facts import (
    Action,
    Answer,
    Assigned,
    AtLevel,
    Axis,
    Balance,
    Cap,
    Cell,
    Content,
    Cover,
    GapItem,
    HeatRow,
    Journey,
    LensResult,
    Method,
    Overall,
    Ruler,
    Section,
    Side,
    Standing,
    State,
    Step,
    Strength,
    Summary,
    Words,
)
from assessment.reports.markup import blocks

SHOWN = 3  # strengths and gaps in the summary


def build(
    framework: Framework,
    assessment: Assessment,
    basis: Basis = "effective",
    *,
    language: str = "zh-hans",
    draft: bool = True,
    digest: str = "",
    answers_digest: str = "",
    remarks: Remarks = Remarks(),
    design: Design = Design(),
) -> Content:
    """All that the report says about this assessment, in this basis and language.

    `digest` is of the framework's file, `answers_digest` of the answers'; `remarks` are what people added; `design` is how it looks.
    """
    return _Builder(framework, assessment, basis, language, (digest, answers_digest), remarks).content(draft, design)


class _Builder:
    def __init__(
        self,
        framework: Framework,
        assessment: Assessment,
        basis: Basis,
        language: str,
        digests: tuple[str, str],
        remarks: Remarks,
    ) -> None:
        self.framework, self.assessment, self.basis, self.language = framework, assessment, basis, language
        self.digest, self.answers_digest = digests
        self.evaluation = gaps.evaluate(framework, assessment, basis)
        self.scores = self.evaluation.scores
        self.references = References(framework, language)
        self.profile = framework.target(assessment.target)
        self.responses = {code: Response(code) for code in framework.criteria}
        self.responses |= {r.criterion: r for r in assessment.responses if r.criterion in self.responses}
        self.gap_of = {gap.criterion: gap for gap in self.evaluation.gaps}
        self.remarks = remarks.within({dimension.code for dimension in framework.dimensions}, self.gap_of)

    def content(self, draft: bool, design: Design) -> Content:
        """Put together in reading order, which is the order of the references' numbers."""
        items = {gap.criterion: self._gap(gap) for gap in self.evaluation.gaps[:SHOWN]}
        sections = tuple(self._section(dimension, items) for dimension in self.framework.dimensions)
        return Content(
            language=self.language,
            basis=self.basis,
            draft=draft,
            cover=self._cover(),
            summary=self._summary(sections, tuple(items[gap.criterion] for gap in self.evaluation.gaps[:SHOWN])),
            method=self._method(added.digest(self.remarks, design)),
            overall=self._overall(sections),
            sections=sections,
            improvements=tuple(items[gap.criterion] for gap in self.evaluation.gaps),
            references=self.references.all(),
            matrix=self.references.matrix(),
            annex=annex(sections, self.responses, self.assessment.as_of, self.framework.highest),
            scores=self.evaluation.document(),
            design=design,
        )

    def _words(self, place: Place, code: str = "") -> Words | None:
        remark = self.remarks.at(place, code)
        return Words(blocks(remark.text), remark.by, remark.on) if remark else None

    def _assigned(self, criterion: str) -> Assigned | None:
        improvement = self.remarks.improvement(criterion)
        return Assigned(improvement.owner, improvement.due_on) if improvement else None

    def _cover(self) -> Cover:
        a = self.assessment
        return Cover(
            city=a.city.name,
            city_code=a.city.code,
            round=a.round,
            title=a.title,
            framework=self.framework.name.to(self.language),
            version=self.framework.version,
            target=self.profile.name.to(self.language) if self.profile else "",
            as_of=a.as_of,
        )

    # Criteria

    def _answer(self, criterion: Criterion, dimension: Dimension) -> Answer:
        response, gap = self.responses[criterion.code], self.gap_of.get(criterion.code)
        level = level_of(response, self.basis)
        state: State = "answered" if level is not None else "na" if response.not_applicable else "blank"
        return Answer(
            code=criterion.code,
            title=criterion.title.to(self.language),
            key=criterion.key,
            dimension=dimension.code,
            state=state,
            self_level=level_of(response, "self"),
            verified_level=response.verified_level,
            level=level,
            target=gaps.target_for(criterion, response, self.profile),
            severity=gap.severity if gap else "",
            rationale=response.rationale,
            evidence=response.evidence,
            not_applicable=response.not_applicable,
            cites=self.references.cite(criterion.cites),
            proof=next((step.evidence.to(self.language) for step in criterion.levels if step.level == level), ""),
            owner=criterion.owner.to(self.language),
        )

    def _gap(self, gap: gaps.Gap) -> GapItem:
        criterion, dimension = self.framework.criteria[gap.criterion], self.framework.home[gap.criterion]
        response = self.responses[gap.criterion]
        levels = {step.level: step for step in criterion.levels}
        levels = {k: levels.get(k, LevelDescriptor(k, Text())) for k in range(gap.level, gap.target + 1)}
        to = self.language
        return GapItem(
            **{name: getattr(gap, name) for name in ("level", "target", "gap", "gain", "severity", "rank")},
            code=criterion.code,
            title=criterion.title.to(to),
            statement=criterion.statement.to(to),
            key=criterion.key,
            dimension=dimension.code,
            dimension_name=dimension.name.to(to),
            self_level=level_of(response, "self"),
            verified_level=response.verified_level,
            now=levels[gap.level].descriptor.to(to),
            then=levels[gap.target].descriptor.to(to),
            proof=levels[gap.target].evidence.to(to),
            actions=tuple(Action(k, k + 1, levels[k].next.to(to)) for k in range(gap.level, gap.target)),
            owner=criterion.owner.to(to),
            measure=criterion.measure.to(to),
            rationale=response.rationale,
            evidence=response.evidence,
            cites=self.references.cite(criterion.cites),
            reworded=self._words("reworded", criterion.code),
            added=self._words("added", criterion.code),
            assigned=self._assigned(criterion.code),
        )

    # Dimensions

    def _section(self, dimension: Dimension, items: dict[str, GapItem]) -> Section:
        score = self.scores.dimensions[dimension.code]
        cites = self.references.cite(dimension.cites)
        answers = tuple(self._answer(criterion, dimension) for criterion in dimension.criteria)
        for criterion in dimension.criteria:
            if criterion.code in self.gap_of and criterion.code not in items:
                items[criterion.code] = self._gap(self.gap_of[criterion.code])
        return Section(
            code=dimension.code,
            name=dimension.name.to(self.language),
            kind=dimension.kind,
            lens=next(lens.code for lens in self.framework.lenses if dimension in lens.dimensions),
            standing=_standing(score),
            level_by_score=score.level_by_score,
            cap=self._cap(dimension, score),
            at_target=self._at_target.dimensions[dimension.code].score,
            journey=self._journey(dimension, score),
            balance=self._balance(dimension, score),
            ruler=self._ruler(dimension, score),
            cites=cites,
            answers=answers,
            gaps=tuple(items[c.code] for c in dimension.criteria if c.code in self.gap_of),
            commentary=self._words("dimension", dimension.code),
        )

    @cached_property
    def _at_target(self) -> scoring.Scores:
        """The scores with every gap closed."""
        raised = {
            code: replace(self.responses[code], level=gap.target, verified_level=None, not_applicable="")
            for code, gap in self.gap_of.items()
        }
        responses = tuple((self.responses | raised).values())
        return scoring.score(self.framework, replace(self.assessment, responses=responses), self.basis)

    def _cap(self, dimension: Dimension, score: scoring.DimensionScore) -> Cap | None:
        if not score.capped_by or score.level is None or score.level_by_score is None:
            return None
        by = tuple(self._key_level(code) for code in score.capped_by)
        return Cap(dimension.code, dimension.name.to(self.language), score.level_by_score, score.level, by)

    def _key_level(self, code: str) -> AtLevel:
        level = level_of(self.responses[code], self.basis)
        return AtLevel(code, self.framework.criteria[code].title.to(self.language), level)

    def _journey(self, dimension: Dimension, score: scoring.DimensionScore) -> Journey | None:
        if dimension.kind != "transition":
            return None
        to, target = self.language, self._at_target.dimensions[dimension.code].score
        start, end = dimension.start.to(to), dimension.end.to(to)
        place = (score.score, score.low, score.high, target)
        return Journey(dimension.code, dimension.name.to(to), start, end, *place, self.framework.highest)

    def _balance(self, dimension: Dimension, score: scoring.DimensionScore) -> Balance | None:
        if dimension.kind != "balance" or score.facets is None:
            return None
        first, second = (Side(f.code, f.name.to(self.language), score.facets[f.code]) for f in dimension.facets)
        name = dimension.name.to(self.language)
        return Balance(dimension.code, name, (first, second), score.score, score.tilt, score.balance)

    def _ruler(self, dimension: Dimension, score: scoring.DimensionScore) -> Ruler | None:
        if dimension.kind != "plain":
            return None
        place = (score.score, score.low, score.high, self._at_target.dimensions[dimension.code].score)
        return Ruler(dimension.code, dimension.name.to(self.language), *place, self._scale)

    # The whole

    def _summary(self, sections: tuple[Section, ...], worst: tuple[GapItem, ...]) -> Summary:
        overall = self.scores.overall
        answers = [answer for section in sections for answer in section.answers]
        states = Counter(answer.state for answer in answers)
        return Summary(
            overall=_standing(overall),
            at_target=self.evaluation.at_target,
            evidence=overall.evidence,
            lenses=tuple(
                LensResult(lens.code, lens.name.to(self.language), _standing(self.scores.lenses[lens.code]))
                for lens in self.framework.lenses
            ),
            caps=tuple(section.cap for section in sections if section.cap),
            strengths=tuple(_strengths(sections)),
            gaps=worst,
            counts=dict(Counter(gap.severity for gap in self.evaluation.gaps)),
            answered=states["answered"],
            blank=states["blank"],
            na=states["na"],
            verified=sum(a.verified_level is not None for a in answers),
            differing=sum(
                None not in (a.verified_level, a.self_level) and a.verified_level != a.self_level for a in answers
            ),
            words=self._words("summary"),
        )

    @cached_property
    def _scale(self) -> tuple[Step, ...]:
        to = self.language
        return tuple(Step(s.level, s.name.to(to), s.threshold, s.meaning.to(to)) for s in self.framework.scale)

    def _method(self, added_digest: str) -> Method:
        framework, to = self.framework, self.language
        texts = [text for _place, text in translatable(framework)]
        return Method(
            about=framework.about.to(to),
            scale=self._scale,
            highest=framework.highest,
            shift=1 / (4 * framework.highest),
            criteria=len(framework.criteria),
            dimensions=len(framework.dimensions),
            has_balances=any(dimension.kind == "balance" for dimension in framework.dimensions),
            has_keys=any(criterion.key for criterion in framework.criteria.values()),
            example=worked_example(framework, self.responses, self.scores, to),
            reading_only=tuple(c.code for c in framework.criteria.values() if rests_on_reading_alone(c, framework)),
            thin=thinly_covered(framework, to),
            language=framework.language,
            texts=len(texts),
            untranslated=sum(not has(text, to) for text in texts),
            digest=self.digest,
            answers_digest=self.answers_digest,
            added_digest=added_digest,
        )

    def _overall(self, sections: tuple[Section, ...]) -> Overall:
        return Overall(
            axes=tuple(Axis(s.code, s.name, s.standing.score, s.at_target) for s in sections),
            heat=tuple(map(self._heat_row, self.framework.dimensions, sections)),
        )

    @staticmethod
    def _heat_row(dimension: Dimension, section: Section) -> HeatRow:
        cells = {a.code: Cell(a.code, a.title, a.state, a.level, a.target, a.severity) for a in section.answers}
        groups = tuple(tuple(cells[c.code] for c in facet.criteria) for facet in dimension.facets)
        return HeatRow(section.code, section.name, groups)


def _standing(score: scoring.OverallScore | scoring.LensScore | scoring.DimensionScore) -> Standing:
    return Standing(score.score, score.low, score.high, score.strict, score.level, score.coverage, score.na)


def _strengths(sections: tuple[Section, ...]) -> list[Strength]:
    """The dimensions of the highest levels above 0, then scores, each with its best criteria."""
    rated = [s for s in sections if s.standing.score is not None and s.standing.level]
    best = sorted(rated, key=lambda s: (-(s.standing.level or 0), -(s.standing.score or 0)))[:SHOWN]
    return [Strength(s.code, s.name, s.standing.score or 0, s.standing.level or 0, _best(s)) for s in best]


def _best(section: Section) -> tuple[AtLevel, ...]:
    top = max((a.level for a in section.answers if a.level is not None), default=None)
    return tuple(AtLevel(a.code, a.title, a.level) for a in section.answers if a.level == top)[:2]
