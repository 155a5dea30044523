"""URLs of the register."""

from django.urls import URLPattern, path

from xinqiao.care.support.views import entries, register

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
]
