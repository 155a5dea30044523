"""URLs of duty."""

from django.urls import URLPattern, path

from xinqiao.register.duty import views

app_name = "duty"
urlpatterns: list[URLPattern] = [
    path("", views.roster, name="roster"),
    path("schools/<uuid:school_id>/assign/", views.assign, name="assign"),
    path("schools/<uuid:school_id>/webhook/", views.webhook, name="webhook"),
    path("shifts/<uuid:shift_id>/substitute/", views.substitute, name="substitute"),
    path("shifts/<uuid:shift_id>/cancel/", views.cancel, name="cancel"),
]
