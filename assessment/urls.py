"""Addresses. Of allauth only what a closed house needs: sign in and out, change one's password."""

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import path

from assessment.views.assessment import (
    assessment_approve,
    assessment_detail,
    assessment_edit,
    assessment_list,
    assessment_open,
    assessment_reopen,
)
from assessment.views.framework import framework_coverage, framework_detail, framework_list
from assessment.views.report import assessment_results, report_download, score_download
from assessment.views.response import dimension_answer

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", assessment_list, name="assessment-list"),
    path("assessments/open/", assessment_open, name="assessment-open"),
    path("assessments/<int:pk>/", assessment_detail, name="assessment-detail"),
    path("assessments/<int:pk>/edit/", assessment_edit, name="assessment-edit"),
    path("assessments/<int:pk>/approve/", assessment_approve, name="assessment-approve"),
    path("assessments/<int:pk>/reopen/", assessment_reopen, name="assessment-reopen"),
    path("assessments/<int:pk>/dimensions/<str:code>/", dimension_answer, name="dimension-answer"),
    path("assessments/<int:pk>/results/", assessment_results, name="assessment-results"),
    path("assessments/<int:pk>/report.pdf", report_download, name="report-download"),
    path("assessments/<int:pk>/score.json", score_download, name="score-download"),
    path("frameworks/", framework_list, name="framework-list"),
    path("frameworks/<slug:code>/<str:version>/", framework_detail, name="framework-detail"),
    path("frameworks/<slug:code>/<str:version>/coverage/", framework_coverage, name="framework-coverage"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("admin/", admin.site.urls),
]
