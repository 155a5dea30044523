"""URLs of leave and return."""

from django.urls import URLPattern, path

from xinqiao.care.crisis.views import leaves

app_name = "leaves"
urlpatterns: list[URLPattern] = [
    path("", leaves.index, name="index"),
    path("pupils/<uuid:student_id>/", leaves.pupil, name="pupil"),
    path("pupils/<uuid:student_id>/new/", leaves.new, name="new"),
    path("<uuid:leave_id>/", leaves.one, name="one"),
    path("<uuid:leave_id>/step/", leaves.step, name="step"),
    path("<uuid:leave_id>/contact/", leaves.contact, name="contact"),
    path("<uuid:leave_id>/look/", leaves.look, name="look"),
    path("<uuid:leave_id>/decide/", leaves.decide, name="decide"),
]
