"""Addresses. Of allauth only what a closed house needs: sign in and out, change one's password."""

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import path

from assessment.views.account import (
    account_activate,
    city_list,
    department_add,
    department_edit,
    invitation_accept,
    invitation_add,
    invitation_revoke,
    member_edit,
    member_list,
    member_remove,
    password_link,
    password_set,
)
from assessment.views.annex import assessment_annex
from assessment.views.assessment import (
    assessment_detail,
    assessment_edit,
    assessment_list,
    assessment_open,
    assessment_release,
    assessment_submit,
    assessment_targets,
    assessment_withdraw,
    return_settle,
)
from assessment.views.assignment import (
    assignment_edit,
    board_detail,
    board_remind,
    part_accept,
    part_give_back,
    part_hand_in,
    part_take_back,
    task_list,
)
from assessment.views.batch import (
    batch_add,
    batch_cancel,
    batch_detail,
    batch_download,
    batch_list,
    batch_repeat,
    batch_retry,
)
from assessment.views.bench import bench_accept, bench_add, bench_detail, bench_edit, bench_expect, bench_remove
from assessment.views.comment import comment_add, comment_reopen, comment_resolve
from assessment.views.comparison import comparison_detail
from assessment.views.design import city_mark_edit, design_edit, mark_edit
from assessment.views.desk.checking import framework_lint, framework_publish
from assessment.views.desk.editor import element_edit
from assessment.views.desk.history import edit_list, edit_undo
from assessment.views.desk.publication import framework_retire, publication_detail
from assessment.views.desk.structure import element_add, element_change, element_move, element_remove
from assessment.views.desk.versions import (
    framework_add,
    framework_copy,
    framework_delete,
    framework_identity,
    framework_preview,
)
from assessment.views.event import event_export, event_list
from assessment.views.evidence import evidence_list, file_add, file_download, file_reuse
from assessment.views.framework import framework_coverage, framework_detail, framework_list
from assessment.views.framework_file import framework_book, framework_file
from assessment.views.framework_import import framework_import
from assessment.views.freeze import freeze_detail, freeze_download, freeze_list
from assessment.views.history import assessment_as_of, criterion_detail, response_restore
from assessment.views.improvement import improvement_list
from assessment.views.migration import assessment_migrate, migration_detail, migration_undo
from assessment.views.pack import pack_apply, pack_download, pack_upload, questionnaire_print
from assessment.views.phrase import phrase_add, phrase_edit, phrase_find, phrase_list, phrase_remove, phrase_use
from assessment.views.portfolio import portfolio_list, portfolio_report
from assessment.views.register import report_check, report_list
from assessment.views.remark import remark_list, remark_preview, remark_write
from assessment.views.report import (
    assessment_results,
    report_download,
    report_page,
    report_protected,
    score_download,
)
from assessment.views.request import request_detail, request_download
from assessment.views.response import dimension_answer, dimension_confirm, response_confirm, response_save
from assessment.views.review import (
    assessment_approve,
    assessment_reopen,
    assessment_return,
    dimension_review,
    review_begin,
    review_detail,
)
from assessment.views.roster import roster_download, roster_import, roster_links
from assessment.views.round_comparison import assessment_compare, comparison_download
from assessment.views.source import source_list, text_decide

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", assessment_list, name="assessment-list"),
    path("assessments/open/", assessment_open, name="assessment-open"),
    path("assessments/<int:pk>/", assessment_detail, name="assessment-detail"),
    path("assessments/<int:pk>/edit/", assessment_edit, name="assessment-edit"),
    path("assessments/<int:pk>/release/", assessment_release, name="assessment-release"),
    path("assessments/<int:pk>/targets/", assessment_targets, name="assessment-targets"),
    path("assessments/<int:pk>/submit/", assessment_submit, name="assessment-submit"),
    path("assessments/<int:pk>/withdraw/", assessment_withdraw, name="assessment-withdraw"),
    path("assessments/<int:pk>/migrate/", assessment_migrate, name="assessment-migrate"),
    path("assessments/<int:pk>/migration/", migration_detail, name="migration-detail"),
    path("assessments/<int:pk>/migration/undo/", migration_undo, name="migration-undo"),
    path("assessments/<int:pk>/returns/<int:number>/settle/", return_settle, name="return-settle"),
    path("assessments/<int:pk>/review/", review_detail, name="review-detail"),
    path("assessments/<int:pk>/review/begin/", review_begin, name="review-begin"),
    path("assessments/<int:pk>/review/<str:code>/", dimension_review, name="dimension-review"),
    path("assessments/<int:pk>/return/", assessment_return, name="assessment-return"),
    path("assessments/<int:pk>/revisions/", freeze_list, name="freeze-list"),
    path("assessments/<int:pk>/revisions/<int:number>/", freeze_detail, name="freeze-detail"),
    path("assessments/<int:pk>/revisions/<int:number>/<str:document>.json", freeze_download, name="freeze-download"),
    path("assessments/<int:pk>/approve/", assessment_approve, name="assessment-approve"),
    path("assessments/<int:pk>/reopen/", assessment_reopen, name="assessment-reopen"),
    path("assessments/<int:pk>/dimensions/<str:code>/", dimension_answer, name="dimension-answer"),
    path("assessments/<int:pk>/dimensions/<str:code>/confirm/", dimension_confirm, name="dimension-confirm"),
    path("assessments/<int:pk>/criteria/<str:code>/save/", response_save, name="response-save"),
    path("assessments/<int:pk>/criteria/<str:code>/confirm/", response_confirm, name="response-confirm"),
    path("assessments/<int:pk>/criteria/<str:code>/", criterion_detail, name="criterion-detail"),
    path("assessments/<int:pk>/criteria/<str:code>/restore/", response_restore, name="response-restore"),
    path("assessments/<int:pk>/criteria/<str:code>/comments/", comment_add, name="comment-add"),
    path("assessments/<int:pk>/comments/<int:comment>/resolve/", comment_resolve, name="comment-resolve"),
    path("assessments/<int:pk>/comments/<int:comment>/reopen/", comment_reopen, name="comment-reopen"),
    path("assessments/<int:pk>/criteria/<str:code>/files/", file_add, name="file-add"),
    path("assessments/<int:pk>/criteria/<str:code>/files/reuse/", file_reuse, name="file-reuse"),
    path("assessments/<int:pk>/evidence/", evidence_list, name="evidence-list"),
    path("assessments/<int:pk>/as-of/", assessment_as_of, name="assessment-as-of"),
    path("files/<int:pk>/", file_download, name="file-download"),
    path("assessments/<int:pk>/pack/", pack_upload, name="pack-upload"),
    path("assessments/<int:pk>/pack/apply/", pack_apply, name="pack-apply"),
    path("assessments/<int:pk>/pack.xlsx", pack_download, name="pack-download"),
    path("assessments/<int:pk>/print/", questionnaire_print, name="questionnaire-print"),
    path("assessments/<int:pk>/results/", assessment_results, name="assessment-results"),
    path("assessments/<int:pk>/report/", remark_list, name="remark-list"),
    path("assessments/<int:pk>/report/summary/", remark_write, {"spot": "summary"}, name="summary-write"),
    path("assessments/<int:pk>/report/comparison/", remark_write, {"spot": "comparison"}, name="comparison-write"),
    path(
        "assessments/<int:pk>/report/dimensions/<str:code>/",
        remark_write,
        {"spot": "commentary"},
        name="commentary-write",
    ),
    path(
        "assessments/<int:pk>/report/criteria/<str:code>/",
        remark_write,
        {"spot": "recommendation"},
        name="recommendation-write",
    ),
    path("assessments/<int:pk>/report/improvements/", improvement_list, name="improvement-list"),
    path("assessments/<int:pk>/report/design/", design_edit, name="design-edit"),
    path("preview/", remark_preview, name="remark-preview"),
    path("phrases/", phrase_list, name="phrase-list"),
    path("phrases/add/", phrase_add, name="phrase-add"),
    path("phrases/find/", phrase_find, name="phrase-find"),
    path("phrases/<int:pk>/", phrase_edit, name="phrase-edit"),
    path("phrases/<int:pk>/remove/", phrase_remove, name="phrase-remove"),
    path("phrases/<int:pk>/use/", phrase_use, name="phrase-use"),
    path("mark/", mark_edit, name="mark-edit"),
    path("cities/<str:code>/mark/", city_mark_edit, name="city-mark-edit"),
    path("assessments/<int:pk>/annex/", assessment_annex, name="assessment-annex"),
    path("assessments/<int:pk>/compare/", assessment_compare, name="assessment-compare"),
    path("assessments/<int:pk>/comparison.<str:form>", comparison_download, name="comparison-download"),
    path("assessments/<int:pk>/reports/", report_list, name="report-list"),
    path("reports/check/", report_check, name="report-check"),
    path("assessments/<int:pk>/report.html", report_page, name="report-page"),
    path("assessments/<int:pk>/report.pdf", report_download, name="report-download"),
    path("assessments/<int:pk>/report.<str:form>", report_download, name="report-download"),
    path("assessments/<int:pk>/brief.pdf", report_download, {"form": "brief"}, name="brief-download"),
    path("assessments/<int:pk>/slides.pdf", report_download, {"form": "slides"}, name="slides-download"),
    path("assessments/<int:pk>/reports/locked/", report_protected, name="report-protected"),
    path("assessments/<int:pk>/evidence/asked/", request_detail, name="request-detail"),
    path("assessments/<int:pk>/evidence/asked.<str:form>", request_download, name="request-download"),
    path("assessments/<int:pk>/score.json", score_download, name="score-download"),
    path("assessments/<int:pk>/assignments/", assignment_edit, name="assignment-edit"),
    path("assessments/<int:pk>/board/", board_detail, name="board-detail"),
    path("assessments/<int:pk>/board/remind/", board_remind, name="board-remind"),
    path("tasks/", task_list, name="task-list"),
    path("assignments/<int:pk>/hand-in/", part_hand_in, name="part-hand-in"),
    path("assignments/<int:pk>/take-back/", part_take_back, name="part-take-back"),
    path("assignments/<int:pk>/accept/", part_accept, name="part-accept"),
    path("assignments/<int:pk>/give-back/", part_give_back, name="part-give-back"),
    path("portfolio/", portfolio_list, name="portfolio-list"),
    path("portfolio/report.<slug:form>", portfolio_report, name="portfolio-report"),
    path("batches/", batch_list, name="batch-list"),
    path("batches/add/", batch_add, name="batch-add"),
    path("batches/<int:pk>/", batch_detail, name="batch-detail"),
    path("batches/<int:pk>/cancel/", batch_cancel, name="batch-cancel"),
    path("batches/<int:pk>/retry/", batch_retry, name="batch-retry"),
    path("batches/<int:pk>/repeat/", batch_repeat, name="batch-repeat"),
    path("batches/<int:pk>/reports.zip", batch_download, name="batch-download"),
    path("events/", event_list, name="event-list"),
    path("events/export.xlsx", event_export, name="event-export"),
    path("frameworks/", framework_list, name="framework-list"),
    path("frameworks/import/", framework_import, name="framework-import"),
    path("frameworks/<slug:code>/<str:version>/framework.yaml", framework_file, name="framework-file"),
    path("frameworks/<slug:code>/<str:version>/framework.xlsx", framework_book, name="framework-book"),
    path("frameworks/<slug:code>/<str:version>/", framework_detail, name="framework-detail"),
    path("frameworks/<slug:code>/<str:version>/coverage/", framework_coverage, name="framework-coverage"),
    path("frameworks/new/", framework_add, name="framework-add"),
    path("frameworks/<slug:code>/<str:version>/copy/", framework_copy, name="framework-copy"),
    path("frameworks/<slug:code>/<str:version>/retire/", framework_retire, name="framework-retire"),
    path("frameworks/<slug:code>/<str:version>/publication/", publication_detail, name="publication-detail"),
    path("frameworks/<slug:code>/<str:version>/delete/", framework_delete, name="framework-delete"),
    path("frameworks/<slug:code>/<str:version>/identity/", framework_identity, name="framework-identity"),
    path("frameworks/<slug:code>/<str:version>/preview/<str:dimension>/", framework_preview, name="framework-preview"),
    path("frameworks/<slug:code>/<str:version>/edit/", element_edit, name="framework-edit"),
    path("frameworks/<slug:code>/<str:version>/lint/", framework_lint, name="framework-lint"),
    path("frameworks/<slug:code>/<str:version>/publish/", framework_publish, name="framework-publish"),
    path("frameworks/<slug:code>/<str:version>/edits/", edit_list, name="edit-list"),
    path("frameworks/<slug:code>/<str:version>/edits/<int:number>/undo/", edit_undo, name="edit-undo"),
    path("frameworks/<slug:code>/<str:version>/edit/<str:kind>/<path:element>/", element_edit, name="element-edit"),
    path("frameworks/<slug:code>/<str:version>/add/<str:kind>/", element_add, name="framework-element-add"),
    path("frameworks/<slug:code>/<str:version>/add/<str:kind>/<path:element>/", element_add, name="element-add"),
    path("frameworks/<slug:code>/<str:version>/move/<str:kind>/<path:element>/", element_move, name="element-move"),
    path(
        "frameworks/<slug:code>/<str:version>/remove/<str:kind>/<path:element>/", element_remove, name="element-remove"
    ),
    path(
        "frameworks/<slug:code>/<str:version>/change/<str:verb>/<str:kind>/<path:element>/",
        element_change,
        name="element-change",
    ),
    path("frameworks/<slug:code>/<str:version>/compare/", comparison_detail, name="comparison-detail"),
    path("frameworks/<slug:code>/<str:version>/sources/", source_list, name="source-list"),
    path("frameworks/<slug:code>/<str:version>/sources/texts/<int:pk>/", text_decide, name="text-decide"),
    path("frameworks/<slug:code>/<str:version>/bench/", bench_detail, name="bench-detail"),
    path("frameworks/<slug:code>/<str:version>/bench/add/", bench_add, name="bench-add"),
    path("frameworks/<slug:code>/<str:version>/bench/<int:pk>/edit/", bench_edit, name="bench-edit"),
    path("frameworks/<slug:code>/<str:version>/bench/<int:pk>/expect/", bench_expect, name="bench-expect"),
    path("frameworks/<slug:code>/<str:version>/bench/<int:pk>/accept/", bench_accept, name="bench-accept"),
    path("frameworks/<slug:code>/<str:version>/bench/<int:pk>/remove/", bench_remove, name="bench-remove"),
    path("cities/", city_list, name="city-list"),
    path("cities/<str:code>/members/", member_list, name="member-list"),
    path("cities/<str:code>/members/roster/", roster_import, name="roster-import"),
    path("cities/<str:code>/members/roster.xlsx", roster_download, name="roster-download"),
    path("cities/<str:code>/members/links.xlsx", roster_links, name="roster-links"),
    path("cities/<str:code>/members/<int:pk>/", member_edit, name="member-edit"),
    path("cities/<str:code>/members/<int:pk>/remove/", member_remove, name="member-remove"),
    path("cities/<str:code>/departments/add/", department_add, name="department-add"),
    path("cities/<str:code>/departments/<int:pk>/", department_edit, name="department-edit"),
    path("cities/<str:code>/invitations/add/", invitation_add, name="invitation-add"),
    path("cities/<str:code>/invitations/<int:pk>/revoke/", invitation_revoke, name="invitation-revoke"),
    path("invitations/<str:token>/", invitation_accept, name="invitation-accept"),
    path("accounts/<int:pk>/password-link/", password_link, name="password-link"),
    path("accounts/<int:pk>/activate/", account_activate, name="account-activate"),
    path("accounts/set-password/<str:uidb64>/<str:token>/", password_set, name="password-set"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("admin/", admin.site.urls),
]
