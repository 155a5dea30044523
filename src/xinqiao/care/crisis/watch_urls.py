"""URLs of watches."""

from django.urls import URLPattern, path

from xinqiao.care.crisis.views import watches

app_name = "watch"
urlpatterns: list[URLPattern] = [
    path("", watches.index, name="index"),
    path("<uuid:watch_id>/", watches.one, name="one"),
    path("<uuid:watch_id>/look/", watches.look, name="look"),
    path("<uuid:watch_id>/end/", watches.end, name="end"),
    path("<uuid:watch_id>/take/", watches.take, name="take"),
]
