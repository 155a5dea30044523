"""URLs of the register."""

from django.urls import URLPattern, path

from xinqiao.care.support.views import entries, mentees, mentors, register

app_name = "support"
urlpatterns: list[URLPattern] = [
    path("", register.register, name="register"),
    path("pupils/<uuid:student_id>/", register.pupil, name="pupil"),
    path("pupils/<uuid:student_id>/add/", entries.add, name="add"),
    path("pupils/<uuid:student_id>/propose/", entries.propose, name="propose"),
    path("entries/<uuid:entry_id>/accept/", entries.accept, name="accept"),
    path("entries/<uuid:entry_id>/decline/", entries.decline, name="decline"),
    path("entries/<uuid:entry_id>/review/", entries.review, name="review"),
    path("entries/<uuid:entry_id>/end/", entries.end, name="end"),
    path("mentees/", mentees.mentees, name="mentees"),
    path("mentees/<uuid:student_id>/", mentees.mentee, name="mentee"),
    path("mentors/", mentors.mentors, name="mentors"),
    path("mentors/<uuid:school_id>/deal/", mentors.deal, name="deal"),
    path("mentors/classes/<uuid:class_id>/", mentors.mentors_of_class, name="mentors-class"),
    path("mentors/pupils/<uuid:student_id>/", mentors.mentor, name="mentor"),
    path("counts/", mentors.counts, name="counts"),
]
