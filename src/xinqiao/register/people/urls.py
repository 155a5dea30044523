"""URLs of people."""

from django.urls import path

from xinqiao.register.people.views import consents, pins, rosters, students

app_name = "people"
urlpatterns = [
    path("", students.students, name="students"),
    path("classes/<uuid:class_id>/new/", students.student_new, name="student-new"),
    path("students/<uuid:student_id>/", students.student, name="student"),
    path("students/<uuid:student_id>/edit/", students.student_edit, name="student-edit"),
    path("students/<uuid:student_id>/move/", students.student_move, name="student-move"),
    path("students/<uuid:student_id>/leave/", students.student_leave, name="student-leave"),
    path("students/<uuid:student_id>/pin/", pins.student_reset, name="student-pin"),
    path("students/<uuid:student_id>/guardians/", students.guardian_add, name="guardian-add"),
    path("students/<uuid:student_id>/guardians/<uuid:tie_id>/end/", students.guardian_end, name="guardian-end"),
    path("classes/<uuid:class_id>/pins/", pins.slips, name="pin-slips"),
    path("classes/<uuid:class_id>/pins/reset/", pins.class_reset, name="pins-reset"),
    path("consents/classes/<uuid:class_id>/", consents.consents, name="consents"),
    path("consents/classes/<uuid:class_id>/paper/", consents.consent_paper, name="consent-paper"),
    path("consents/", consents.consent_forms, name="consent-forms"),
    path("consents/forms/new/", consents.consent_form_new, name="consent-form-new"),
    path("rosters/", rosters.rosters, name="rosters"),
    path("rosters/refused/", rosters.roster_waiting, name="roster-waiting"),
    path("rosters/refused/<uuid:refusal_id>/strike/", rosters.roster_strike, name="roster-strike"),
    path("rosters/<uuid:run_id>/", rosters.roster, name="roster"),
    path("rosters/<uuid:run_id>/accept/", rosters.roster_accept, name="roster-accept"),
    path("rosters/<uuid:run_id>/cancel/", rosters.roster_cancel, name="roster-cancel"),
    path("rosters/<uuid:run_id>/refused.xlsx", rosters.roster_refused, name="roster-refused"),
]
