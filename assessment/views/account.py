"""People of a city: roles, departments, invitations, one-time links for a new password."""

from functools import partial

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.mail import EmailMessage
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from assessment import access, actions
from assessment.forms import AccountForm, DepartmentForm, InvitationForm, MembershipForm, NewPasswordForm
from assessment.models import Department, Invitation, Membership, Role
from assessment.views.attempt import once_more

CITIES_A_PAGE = 50
ORDER = {role: number for number, role in enumerate(Role.values)}


@require_safe
def city_list(request):
    words = request.GET.get("q", "")
    cities = access.cities_to_staff(request.user)
    if not cities.exists():
        raise Http404
    page = Paginator(cities.found_by(words), CITIES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "member/cities.html", {"page": page, "words": words})


# Members


@require_safe
def member_list(request, code):
    city = access.city(request.user, code)
    rows = city.memberships.select_related("user", "department", "city")
    context = {
        "city": city,
        "members": sorted(rows, key=lambda row: (ORDER[row.role], str(row.department or ""), str(row.user))),
        "departments": city.departments.all(),
        "invitations": city.invitations.valid().select_related("department", "created_by"),
    }
    return render(request, "member/list.html", context)


@once_more
def member_edit(request, code, pk):
    membership = access.membership(request.user, code, pk)
    form = MembershipForm(request.POST or None, instance=membership, city=membership.city)
    if request.method == "POST" and form.is_valid() and _change(request, form):
        return redirect("member-list", code)
    context = {
        "city": membership.city,
        "membership": Membership.objects.select_related("user", "city").get(pk=pk),  # as stored, whatever was typed
        "form": form,
        "may_manage": access.may_manage(request.user, membership.user),
    }
    return render(request, "member/edit.html", context, status=422 if form.is_bound else 200)


def _change(request, form) -> bool:
    change = partial(actions.change_role, form.instance, by=request.user, columns=form.changed_data)
    return _try(request, change, _("Saved."))


@require_POST
def member_remove(request, code, pk):
    membership = access.membership(request.user, code, pk)
    said = _("%(name)s has this role no longer.") % {"name": membership.user}
    _try(request, lambda: actions.take_role(membership, by=request.user), said)
    return redirect("member-list", code)


# Departments


@once_more
def department_add(request, code):
    city = access.city(request.user, code)
    return _department_page(request, Department(city=city), actions.add_department, _("Add a department"))


@once_more
def department_edit(request, code, pk):
    department = access.department(request.user, code, pk)
    return _department_page(request, department, actions.rename_department, _("Rename the department"))


def _department_page(request, department, store, heading):
    city = department.city
    form = DepartmentForm(request.POST or None, instance=department, city=city)
    if request.method == "POST" and form.is_valid():
        store(form.instance, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("member-list", city.code)
    context = {"city": city, "form": form, "heading": heading}
    return render(request, "member/form.html", context, status=422 if form.is_bound else 200)


# Invitations


@never_cache
def invitation_add(request, code):
    """The answer to the post shows the link: only its hash is kept, so it cannot be shown on a page of its own."""
    city = access.city(request.user, code)
    form = InvitationForm(request.POST or None, instance=Invitation(city=city), city=city)
    if request.method == "POST" and form.is_valid():
        token = actions.invite(form.instance, by=request.user)
        link = request.build_absolute_uri(reverse("invitation-accept", args=[token]))
        mailed = _mail(form.instance, link)
        context = {"city": city, "invitation": form.instance, "link": link, "mailed": mailed}
        return render(request, "member/invited.html", context)
    context = {"city": city, "form": form, "heading": _("Invite a person")}
    return render(request, "member/form.html", context, status=422 if form.is_bound else 200)


def _mail(invitation, link) -> bool:
    """Whether the link went out by mail too. It can be copied from the page whatever the mail server says."""
    if not invitation.email or not actions.has_mailer():
        return False
    subject = _("Invitation to the self-assessment of %(city)s") % {"city": invitation.city}
    text = _("You are invited as %(role)s of %(city)s. The link works once, until %(day)s:") % {
        "role": invitation.get_role_display(),
        "city": invitation.city,
        "day": invitation.expires_at.strftime("%Y-%m-%d"),
    }
    try:
        EmailMessage(subject, f"{text}\n\n{link}\n", to=[invitation.email]).send(using="default")
    except OSError:
        return False
    return True


@require_POST
def invitation_revoke(request, code, pk):
    invitation = access.sent_invitation(request.user, code, pk)
    _try(request, lambda: actions.revoke(invitation, by=request.user), _("The invitation is revoked."))
    return redirect("member-list", code)


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@once_more
def invitation_accept(request, token):
    try:
        invitation = access.invitation(token)
    except Http404:
        return _dead_link(request, _("This invitation is no longer valid"))
    if request.user.is_authenticated:
        return _join_signed_in(request, invitation)
    form = AccountForm(request.POST or None, initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.join(invitation, form.save(commit=False))
        except actions.Refused:
            return _dead_link(request, _("This invitation is no longer valid"))
        return perform_login(request, form.instance)
    context = {"invitation": invitation, "form": form}
    return render(request, "account/invitation.html", context, status=422 if form.is_bound else 200)


def _join_signed_in(request, invitation):
    if request.method == "POST":
        try:
            actions.join(invitation, request.user)
        except actions.Refused:
            return _dead_link(request, _("This invitation is no longer valid"))
        messages.success(request, _("Welcome to %(city)s.") % {"city": invitation.city})
        return redirect("assessment-list")
    return render(request, "account/invitation.html", {"invitation": invitation})


def _dead_link(request, heading):
    return render(request, "account/dead_link.html", {"heading": heading}, status=404)


# Accounts: enabled and disabled; a forgotten password without mail


@require_POST
@never_cache
def password_link(request, pk):
    account = access.account(request.user, pk)
    rows = [(account, link_for(request, account))]
    return render(request, "account/links.html", {"rows": rows, "heading": _("One-time link for a new password")})


def link_for(request, account) -> str:
    """The whole address, to be shown once."""
    return request.build_absolute_uri(reverse("password-set", kwargs=actions.password_link(account, by=request.user)))


@require_POST
def account_activate(request, pk):
    account = access.account(request.user, pk)
    is_active = "enable" in request.POST
    said = _("The account is enabled.") if is_active else _("The account is disabled; its sessions have ended.")
    _try(request, lambda: actions.set_active(account, is_active, by=request.user), said)
    there = request.POST.get("next", "")
    is_ours = there.startswith("/") and get_adapter().is_safe_url(there)
    return redirect(there if is_ours else "assessment-list")


@login_not_required
@never_cache
@sensitive_post_parameters()
def password_set(request, uidb64, token):
    account = actions.password_link_holder(uidb64, token)
    if not account:
        return _dead_link(request, _("This link is no longer valid"))
    form = NewPasswordForm(account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_password(account, form.cleaned_data["new_password1"], token)
        except actions.Refused:
            return _dead_link(request, _("This link is no longer valid"))
        messages.success(request, _("The password is set. Sign in with it."))
        return redirect("account_login")
    context = {"form": form, "account": account}
    return render(request, "account/password_set.html", context, status=422 if form.is_bound else 200)


def _try(request, act, said) -> bool:
    """Acts and says so, or says why not."""
    try:
        act()
    except actions.Refused as error:
        messages.error(request, str(error))
        return False
    messages.success(request, said)
    return True
