"""URLs of incidents."""

from django.urls import URLPattern, path

from xinqiao.care.incidents.views import care, doing, drafting, drills, exposing, incidents, opinion, reports

app_name = "incidents"
urlpatterns: list[URLPattern] = [
    path("", incidents.index, name="index"),
    path("new/", incidents.new, name="new"),
    path("counts/", incidents.counts, name="counts"),
    path("drills/", drills.drills, name="drills"),
    path("aftercare/", care.mine, name="aftercare"),
    path("aftercare/<uuid:exposure_id>/", care.one, name="care"),
    path("exposed/<uuid:exposure_id>/waive/", exposing.waive, name="exposed-waive"),
    path("lines/<uuid:line_id>/", doing.line, name="line"),
    path("lines/<uuid:line_id>/waive/", doing.waive, name="line-waive"),
    path("reports/<uuid:report_id>/", reports.write, name="report"),
    path("reports/<uuid:report_id>/check/", reports.check, name="report-check"),
    path("reports/<uuid:report_id>/send/", reports.send, name="report-send"),
    path("reports/<uuid:report_id>/waive/", reports.waive, name="report-waive"),
    path("reports/<uuid:report_id>/read/", reports.read, name="report-read"),
    path("reports/<uuid:report_id>/receive/", reports.receive, name="report-receive"),
    path("opinion/<uuid:item_id>/", opinion.one, name="opinion"),
    path("opinion/<uuid:item_id>/judge/", opinion.judge, name="opinion-judge"),
    path("opinion/<uuid:item_id>/answer/", opinion.answer, name="opinion-answer"),
    path("opinion/<uuid:item_id>/close/", opinion.close, name="opinion-close"),
    path("drafts/<uuid:draft_id>/", drafting.write, name="draft"),
    path("drafts/<uuid:draft_id>/check/", drafting.check, name="draft-check"),
    path("drafts/<uuid:draft_id>/give/", drafting.give, name="draft-give"),
    path("drafts/<uuid:draft_id>/drop/", drafting.drop, name="draft-drop"),
    path("drafts/<uuid:draft_id>/print/", drafting.printed, name="draft-print"),
    path("<uuid:incident_id>/opinion/", opinion.collect, name="opinion-new"),
    path("<uuid:incident_id>/draft/", drafting.begin, name="draft-new"),
    path("<uuid:incident_id>/", incidents.one, name="one"),
    path("<uuid:incident_id>/note/", doing.note, name="note"),
    path("<uuid:incident_id>/ask/", doing.ask, name="ask"),
    path("<uuid:incident_id>/call/", doing.call, name="call"),
    path("<uuid:incident_id>/action/", doing.action, name="action"),
    path("<uuid:incident_id>/leader/", incidents.leader, name="leader"),
    path("<uuid:incident_id>/close/", incidents.close, name="close"),
    path("<uuid:incident_id>/exposed/", exposing.classes, name="exposed"),
    path("<uuid:incident_id>/exposed/<uuid:class_id>/", exposing.pupils, name="exposed-class"),
]
