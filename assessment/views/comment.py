"""Comments on a criterion: written, settled, taken up again."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessment import access, actions
from assessment.forms.comment import CommentForm


@require_POST
def comment_add(request, pk, code):
    assessment, seat = access.enter(request.user, pk, "comment")
    criterion = access.criterion(assessment, code)
    form = CommentForm(
        request.POST,
        threads=access.comments(assessment, seat).filter(criterion__code=code),
        people=access.commenters(assessment.city),
        readers=access.commenters(assessment.city, "note"),
        may_note=seat.may("note"),
    )
    if form.is_valid():
        try:
            written = actions.comment(assessment, code, by=request.user, **form.cleaned_data)
            messages.success(request, _("Your comment is written."))
            return redirect(f"{reverse('criterion-detail', args=[pk, code])}#comment-{written.pk}")
        except actions.Refused as error:
            form.add_error(None, str(error))
    context = {"assessment": assessment, "seat": seat, "criterion": criterion, "comment_form": form}
    return render(request, "criterion/comment.html", context, status=422)


@require_POST
def comment_resolve(request, pk, comment):
    assessment, item = access.thread(request.user, pk, comment)
    actions.resolve(item, by=request.user)
    messages.success(request, _("The thread is settled."))
    return _back(assessment, item)


@require_POST
def comment_reopen(request, pk, comment):
    assessment, item = access.thread(request.user, pk, comment)
    actions.take_up_again(item)
    messages.success(request, _("The thread is open again."))
    return _back(assessment, item)


def _back(assessment, item):
    return redirect(f"{reverse('criterion-detail', args=[assessment.pk, item.criterion.code])}#comment-{item.pk}")
