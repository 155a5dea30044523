"""URLs of screening."""

from django.urls import URLPattern, path

from xinqiao.care.screening.views import accuracy, campaigns, educating, exports, figures, pace, progress, results, summary

app_name = "screening"
urlpatterns: list[URLPattern] = [
    path("", campaigns.index, name="index"),
    path("new/", campaigns.new, name="new"),
    path("coverage/", results.coverage, name="coverage"),
    path("pupils/<uuid:student_id>/", results.result, name="result"),
    path("education/<uuid:plan_id>/", educating.edit, name="education-edit"),
    path("education/<uuid:plan_id>/finish/", educating.finish, name="education-finish"),
    path("exports/<uuid:export_id>/approve/", exports.approve, name="export-approve"),
    path("exports/<uuid:export_id>/refuse/", exports.refuse, name="export-refuse"),
    path("exports/<uuid:export_id>/file/", exports.fetch, name="export-file"),
    path("<uuid:campaign_id>/", campaigns.campaign, name="campaign"),
    path("<uuid:campaign_id>/edit/", campaigns.edit, name="edit"),
    path("<uuid:campaign_id>/launch/", campaigns.launch, name="launch"),
    path("<uuid:campaign_id>/discard/", campaigns.discard, name="discard"),
    path("<uuid:campaign_id>/extend/", campaigns.extend, name="extend"),
    path("<uuid:campaign_id>/make-up/", campaigns.make_up, name="make-up"),
    path("<uuid:campaign_id>/close/", campaigns.close, name="close"),
    path("<uuid:campaign_id>/pace/", pace.pace, name="pace"),
    path("<uuid:campaign_id>/pace/take/", pace.take_pace, name="take-pace"),
    path("<uuid:campaign_id>/pace/drop/", pace.drop_pace, name="drop-pace"),
    path("<uuid:campaign_id>/pace/later/", pace.later, name="later"),
    path("<uuid:campaign_id>/workload/", pace.workload, name="workload"),
    path("<uuid:campaign_id>/progress/", progress.progress, name="progress"),
    path("<uuid:campaign_id>/results/", results.results, name="results"),
    path("<uuid:campaign_id>/distribution/", results.distribution, name="distribution"),
    path("<uuid:campaign_id>/summary/", summary.summary, name="summary"),
    path("<uuid:campaign_id>/summary.pdf", summary.summary_pdf, name="summary-pdf"),
    path("<uuid:campaign_id>/summary.xlsx", summary.summary_xlsx, name="summary-xlsx"),
    path("<uuid:campaign_id>/figures/", figures.figures, name="figures"),
    path("<uuid:campaign_id>/accuracy/", accuracy.accuracy, name="accuracy"),
    path("<uuid:campaign_id>/coverage/", results.campaign_coverage_page, name="campaign-coverage"),
    path("<uuid:campaign_id>/education/", educating.plans, name="education"),
    path("<uuid:campaign_id>/education/new/", educating.new, name="education-new"),
    path("<uuid:campaign_id>/classes/<uuid:class_id>/observation/", educating.observation, name="observation"),
    path("<uuid:campaign_id>/exports/", exports.exports, name="exports"),
    path("<uuid:campaign_id>/classes/<uuid:class_id>/", progress.class_page, name="class"),
    path("<uuid:campaign_id>/classes/<uuid:class_id>/seats/", progress.seats, name="seats"),
    path("<uuid:campaign_id>/classes/<uuid:class_id>/list.xlsx", progress.class_file, name="class-file"),
    path("<uuid:campaign_id>/classes/<uuid:class_id>/levels/", results.levels, name="levels"),
    path("<uuid:campaign_id>/pupils/<uuid:student_id>/excuse/", progress.excuse, name="excuse"),
    path("<uuid:campaign_id>/pupils/<uuid:student_id>/readmit/", progress.readmit, name="readmit"),
]
