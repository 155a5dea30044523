"""URLs of duty."""

from django.urls import URLPattern, path

from xinqiao.register.duty import ladder_views, views

app_name = "duty"
urlpatterns: list[URLPattern] = [
    path("", views.roster, name="roster"),
    path("ladder/", ladder_views.ladder, name="ladder"),
    path("schools/<uuid:school_id>/absence/", ladder_views.absence, name="absence"),
    path("absences/<uuid:absence_id>/end/", ladder_views.absence_end, name="absence-end"),
    path("schools/<uuid:school_id>/assign/", views.assign, name="assign"),
    path("schools/<uuid:school_id>/webhook/", views.webhook, name="webhook"),
    path("shifts/<uuid:shift_id>/substitute/", views.substitute, name="substitute"),
    path("shifts/<uuid:shift_id>/cancel/", views.cancel, name="cancel"),
]
