"""Comments: written, settled and taken up again. They never touch an answer, so a final round takes them too.

A round that went on in a copy takes no new ones: they would be overlooked. Its threads can still be settled.
"""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.actions.outcome import Refused, WrongState
from assessment.models import Assessment, Comment, User


@transaction.atomic
def comment(
    record: Assessment,
    code: str,
    text: str,
    *,
    by: User,
    parent: Comment | None = None,
    mentions: Collection[User] = (),
    is_private: bool = False,
) -> Comment:
    """Adds a comment, or a reply to one. A reply to a private note is private too, and replies stand side by side."""
    if record.is_draft:
        raise WrongState(_("comments begin when the round is open"))
    if record.is_moved or record.is_undone:
        raise WrongState(_("this round is only read; write the comment where its answers went on"))
    if not text.strip():
        raise Refused(_("write something first"))
    head = (parent.parent or parent) if parent else None
    if head and (head.assessment_id != record.pk or head.criterion.code != code):
        raise Refused(_("this comment belongs to another criterion"))
    made = Comment.objects.create(
        assessment=record,
        criterion=head.criterion if head else record.framework.criteria.get(code=code),
        parent=head,
        text=text.strip(),
        is_private=head.is_private if head else is_private,
        written_by=by,
    )
    made.mentions.set(mentions)
    return made


def resolve(item: Comment, *, by: User) -> None:
    """Says that the thread is settled. Raises Refused for a reply."""
    _must_be_head(item)
    Comment.objects.filter(pk=item.pk, resolved_at=None).update(resolved_by=by, resolved_at=timezone.now())


def take_up_again(item: Comment) -> None:
    """The thread is open again. Raises Refused for a reply."""
    _must_be_head(item)
    Comment.objects.filter(pk=item.pk).update(resolved_by=None, resolved_at=None)


def _must_be_head(item: Comment) -> None:
    if item.parent_id:
        raise Refused(_("a thread is settled at its first comment"))
