"""URLs of pupils' files."""

from django.urls import URLPattern, path

from xinqiao.care.archives.views import erasures, files, plans, requests

app_name = "archives"
urlpatterns: list[URLPattern] = [
    path("", files.index, name="index"),
    path("figures/", files.figures, name="figures"),
    path("figures/pdf/", files.figures_pdf, name="figures-pdf"),
    path("classes/<uuid:class_id>/", files.of_class, name="class"),
    path("classes/<uuid:class_id>/plans/", plans.of_class, name="plans"),
    path("requests/", requests.index, name="requests"),
    path("requests/<uuid:request_id>/", requests.one, name="request"),
    path("requests/<uuid:request_id>/excerpt/", requests.ask_excerpt, name="excerpt-ask"),
    path("requests/<uuid:request_id>/erasure/", erasures.propose, name="erasure-propose"),
    path("erasures/<uuid:erasure_id>/approve/", erasures.approve, name="erasure-approve"),
    path("erasures/<uuid:erasure_id>/refuse/", erasures.refuse, name="erasure-refuse"),
    path("erasures/<uuid:erasure_id>/recall/", erasures.recall, name="erasure-recall"),
    path("excerpts/<uuid:excerpt_id>/approve/", requests.approve, name="excerpt-approve"),
    path("excerpts/<uuid:excerpt_id>/refuse/", requests.refuse, name="excerpt-refuse"),
    path("excerpts/<uuid:excerpt_id>/pdf/", requests.excerpt_pdf, name="excerpt-pdf"),
    path("pupils/<uuid:student_id>/", files.file, name="file"),
    path("pupils/<uuid:student_id>/plan/", plans.of_pupil, name="plan"),
    path("pupils/<uuid:student_id>/family/", plans.family, name="family"),
    path("pupils/<uuid:student_id>/readings/", files.access, name="access"),
    path("pupils/<uuid:student_id>/readings/pdf/", files.access_pdf, name="access-pdf"),
    path("pupils/<uuid:student_id>/request/", requests.new, name="request-new"),
]
