"""URLs of scales."""

from django.urls import URLPattern, path

from xinqiao.care.scales import views

app_name = "scales"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("compare/", views.compare, name="compare"),
    path("licences/", views.licences, name="licences"),
    path("<uuid:version_id>/versions/", views.versions, name="versions"),
    path("import/", views.import_page, name="import"),
    path("<uuid:version_id>/", views.read, name="read"),
    path("<uuid:version_id>/try/", views.try_page, name="try"),
    path("<uuid:version_id>/questionnaire.json", views.questionnaire_file, name="questionnaire"),
    path("<uuid:version_id>/wording.xlsx", views.template_file, name="template"),
]
