"""URLs of the register."""

from django.urls import URLPattern, path

from xinqiao.care.support.views import contacts, entries, mentees, mentors, parents, register

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
    path("mentees/<uuid:student_id>/family/", contacts.contacts_of_mentee, name="contacts-mentee"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/classes/<uuid:class_id>/", contacts.contacts_of_class, name="contacts-class"),
    path("contacts/pupils/<uuid:student_id>/", contacts.contacts_of_pupil, name="contacts-pupil"),
    path("parents/", parents.parents, name="parents"),
    path("counts/", mentors.counts, name="counts"),
]
