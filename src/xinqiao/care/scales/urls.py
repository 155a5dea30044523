"""URLs of scales."""

from django.urls import URLPattern, path

from xinqiao.care.scales import draft_views, editor_views, norm_views, views

app_name = "scales"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("compare/", views.compare, name="compare"),
    path("drafts/", draft_views.drafts, name="drafts"),
    path("drafts/<uuid:draft_id>/", draft_views.draft_page, name="draft"),
    path("drafts/begin/", editor_views.begin, name="begin"),
    path("drafts/<uuid:draft_id>/edit/", editor_views.edit, name="edit"),
    path("drafts/<uuid:draft_id>/file.yaml", draft_views.draft_file, name="draft-file"),
    path("drafts/<uuid:draft_id>/publish/", draft_views.publish, name="publish"),
    path("drafts/<uuid:draft_id>/discard/", draft_views.discard, name="discard"),
    path("licences/", views.licences, name="licences"),
    path("norms/", norm_views.norms, name="norms"),
    path("norms/new/", norm_views.norm_new, name="norm-new"),
    path("norms/<uuid:norm_id>/", norm_views.norm, name="norm"),
    path("norms/<uuid:norm_id>/retire/", norm_views.norm_retire, name="norm-retire"),
    path("<uuid:version_id>/versions/", views.versions, name="versions"),
    path("import/", views.import_page, name="import"),
    path("<uuid:version_id>/", views.read, name="read"),
    path("<uuid:version_id>/try/", views.try_page, name="try"),
    path("<uuid:version_id>/questionnaire.json", views.questionnaire_file, name="questionnaire"),
    path("<uuid:version_id>/wording.xlsx", views.template_file, name="template"),
]
