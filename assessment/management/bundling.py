"""What `report_bundle` and `verify_bundle` share: which files a bundle holds, and what each of them must say."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from assessment import gaps, outline
from assessment.design import Design
from assessment.exchange import bundle
from assessment.exchange.added import read_added
from assessment.exchange.answers import answers_of, write_answers
from assessment.exchange.framework import read_framework_file, write_framework
from assessment.exchange.parsing import parsed
from assessment.outline import Basis
from assessment.remark import Remarks
from assessment.reports import added, content, document, pdf
from assessment.reports.content.facts import Content
from assessment.reports.manifest import manifest_of


@dataclass(frozen=True)
class Origin:
    """The files that a report is made from, and the choices beside them: all that its content depends on."""

    framework: bytes
    answers: bytes
    added: bytes
    basis: Basis = "effective"
    language: str = "zh-hans"
    draft: bool = True

    @classmethod
    def of(
        cls,
        framework: outline.Framework,
        assessment: outline.Assessment,
        remarks: Remarks = Remarks(),
        design: Design = Design(),
        **choices: Any,
    ) -> "Origin":
        evaluation = gaps.evaluate(framework, assessment, choices.get("basis", "effective"))
        printed = remarks.within({d.code for d in framework.dimensions}, {gap.criterion for gap in evaluation.gaps})
        files = write_framework(framework).encode(), write_answers(assessment).encode(), added.write(printed, design)
        return cls(*files, **choices)

    def recomputed(self) -> tuple[dict[str, Any], Content]:
        """The score document and the content, from the files' bytes alone. Raises FileError with all that is wrong."""
        framework = read_framework_file("framework.yaml", self.framework)
        answers = parsed("answers.yaml", self.answers)
        assessment = answers_of(answers, framework)
        answers.check()
        remarks, design = read_added("remarks.json", self.added)
        built = content.build(
            framework,
            assessment,
            self.basis,
            language=self.language,
            draft=self.draft,
            digest=sha256(self.framework),
            answers_digest=sha256(self.answers),
            remarks=remarks,
            design=design,
        )
        return gaps.evaluate(framework, assessment, self.basis).document(), built


def make_bundle(origin: Origin) -> tuple[bytes, Content]:
    """The ZIP, and the content of its report. Raises `fonts.FontsMissing`."""
    scores, report = origin.recomputed()
    files = {
        "framework.yaml": origin.framework,
        "answers.yaml": origin.answers,
        "remarks.json": origin.added,
        "score.json": document.spell(scores),
        "content.json": document.render(report),
        "report.pdf": pdf.render(report),
    }
    manifest = manifest_of(report) | {"files": listed(files)}
    return bundle.pack(files | {bundle.MANIFEST: document.spell(manifest)}), report


def listed(files: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    """Size and SHA-256 of each file but the manifest."""
    names = (name for name in bundle.FILES if name != bundle.MANIFEST)
    return {name: {"size": len(files[name]), "sha256": sha256(files[name])} for name in names}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def plain(value: Any) -> Any:
    """As JSON gives it back."""
    return json.loads(json.dumps(value))
