"""Frozen results: the list of a round's revisions, each as it was approved, and its stored bytes."""

import json

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessment import access, actions, gaps
from assessment.exchange.answers import answers_of
from assessment.exchange.document import Document
from assessment.exchange.parsing import parse
from assessment.models import Event
from assessment.reports import content

DOCUMENTS = {"answers", "score"}


@require_safe
def freeze_list(request, pk):
    assessment, seat = access.enter(request.user, pk)
    freezes = assessment.freezes.select_related("approved_by")
    return render(request, "freeze/list.html", {"assessment": assessment, "seat": seat, "freezes": freezes})


@require_safe
def freeze_detail(request, pk, number):
    assessment, seat, freeze = _enter(request.user, pk, number)
    framework = assessment.framework.outline()
    answers = _frozen_answers(freeze, framework)
    context = {
        "assessment": assessment,
        "seat": seat,
        "freeze": freeze,
        "report": content.build(framework, answers, draft=False),
        "tracks": content.tracks(framework, answers),
        "checks": _checks(freeze, framework, answers),
    }
    return render(request, "freeze/detail.html", context)


@require_safe
def freeze_download(request, pk, number, document):
    assessment, _seat, freeze = _enter(request.user, pk, number)
    if document not in DOCUMENTS:
        raise Http404
    response = HttpResponse(getattr(freeze, document).encode(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{document}-{assessment.pk}-{freeze.revision}.json"'
    target = f"{document}.json · {freeze.revision}"
    Event.objects.record(Event.Verb.EXPORTED, by=request.user, assessment=assessment, target=target)
    return response


def _enter(user, pk, number):
    assessment, seat = access.enter(user, pk)
    freezes = assessment.freezes.select_related("approved_by")
    return assessment, seat, get_object_or_404(freezes, revision=number)


def _frozen_answers(freeze, framework):
    """The stored answers, read as a file of answers is read."""
    document = Document("answers.json")
    parse(document, freeze.answers)
    answers = answers_of(document, framework)
    document.check()
    return answers


def _checks(freeze, framework, answers) -> dict[str, bool]:
    """Whether the stored documents still have their SHA-256, and the answers still give the stored scores."""
    recomputed = gaps.evaluate(framework, answers, "effective").document()
    return {
        "answers": actions.digest(freeze.answers) == freeze.answers_sha256,
        "score": actions.digest(freeze.score) == freeze.score_sha256,
        "recomputed": json.loads(freeze.score) == json.loads(json.dumps(recomputed)),
    }
