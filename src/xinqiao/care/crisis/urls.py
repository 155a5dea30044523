"""URLs of cases."""

from django.urls import URLPattern, path

from xinqiao.care.crisis.views import cases, deciding, papers, people

app_name = "crisis"
urlpatterns: list[URLPattern] = [
    path("", cases.cases, name="cases"),
    path("pupils/<uuid:student_id>/", cases.pupil, name="pupil"),
    path("ledger/", papers.ledger, name="ledger"),
    path("ledger/print/", papers.ledger_pdf, name="ledger-pdf"),
    path("helping/", people.helping, name="helping"),
    path("conferences/<uuid:judgement_id>/print/", papers.minutes_pdf, name="minutes-pdf"),
    path("plans/<uuid:plan_id>/print/", papers.plan_pdf, name="plan-pdf"),
    path("<uuid:case_id>/", cases.case, name="case"),
    path("<uuid:case_id>/conference/", deciding.judge, name="judge"),
    path("<uuid:case_id>/plan/", deciding.plan, name="plan"),
    path("<uuid:case_id>/follow-up/", deciding.follow_up, name="follow-up"),
    path("<uuid:case_id>/hand-over/", people.pass_on, name="hand-over"),
    path("<uuid:case_id>/close/", deciding.close, name="close"),
]
