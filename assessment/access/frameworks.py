"""Frameworks: who may read, edit, import and publish them."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from assessment.models import (
    Criterion,
    Dimension,
    Framework,
    GoldenSet,
    OfficialText,
    User,
)
from assessment.outline import Source


def must_import_frameworks(user: User) -> None:
    """404 for all but those who may add frameworks and change them."""
    if not user.has_perms(["assessment.add_framework", "assessment.change_framework"]):
        raise Http404


def framework(user: User, code: str, version: str) -> Framework:
    """A published or retired version for everybody; a draft for those who edit frameworks."""
    return get_object_or_404(frameworks(user), code=code, version=version)


def frameworks(user: User):
    """The versions that the user may see: drafts for those who edit frameworks."""
    versions = Framework.objects.all()
    return versions if may_edit_frameworks(user) else versions.exclude(state=Framework.State.DRAFT)


def code_as_spelled(user: User, typed: str) -> str:
    """The code of a dimension or criterion as the frameworks that the user may see spell it; empty where none has it."""
    found = {
        code
        for part in (Dimension, Criterion)
        for code in part.objects.filter(framework__in=frameworks(user), code__iexact=typed).values_list(
            "code", flat=True
        )
    }
    return typed if typed in found else min(found, default="")


def may_edit_frameworks(user: User) -> bool:
    return user.has_perm("assessment.change_framework")


def published(user: User, code: str, version: str) -> Framework:
    """A version that is or was published, for those who edit frameworks or read the log: how it came about."""
    if not (may_edit_frameworks(user) or user.has_perm("assessment.view_event")):
        raise Http404
    versions = Framework.objects.exclude(state=Framework.State.DRAFT)
    return get_object_or_404(
        versions.select_related("previous", "created_by", "published_by", "retired_by"), code=code, version=version
    )


def edited(user: User, code: str, version: str) -> Framework:
    """A version whose edits the user may read: a draft for who may edit it, a published one as `published`."""
    is_draft = Framework.objects.filter(code=code, version=version, state=Framework.State.DRAFT).exists()
    return draft(user, code, version) if is_draft else published(user, code, version)


def draft(user: User, code: str, version: str) -> Framework:
    """A draft, if the user may edit it. 404 for what is published: it is read elsewhere."""
    return get_object_or_404(editable_frameworks(user), code=code, version=version, state=Framework.State.DRAFT)


def editable_frameworks(user: User):
    """All versions, for those who edit frameworks; 404 for all others."""
    if not may_edit_frameworks(user):
        raise Http404
    return Framework.objects.all()


def source(user: User, record: Framework, code: str) -> Source:
    """A source of the framework, if the user may upload its text."""
    found = next((source for source in record.outline().sources if source.code == code), None)
    if found is None or not user.has_perm("assessment.change_framework"):
        raise Http404
    return found


def official_text(user: User, record: Framework, pk: int) -> OfficialText:
    """A text of one of the framework's sources, if the user may say whether it counts."""
    text = get_object_or_404(OfficialText, framework=record.code, pk=pk)
    source(user, record, text.source)
    return text


def golden_set(user: User, code: str, version: str, pk: int) -> GoldenSet:
    """A golden set of a draft, if the user may change it."""
    sets = GoldenSet.objects.select_related("framework")
    return get_object_or_404(sets, framework=draft(user, code, version), pk=pk)
