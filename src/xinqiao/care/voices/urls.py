"""URLs of the committee."""

from django.urls import URLPattern, path

from xinqiao.care.voices.views import classes, worries

app_name = "voices"
urlpatterns: list[URLPattern] = [
    path("", classes.classes, name="classes"),
    path("classes/<uuid:class_id>/", classes.one_class, name="class"),
    path("seats/<uuid:seat_id>/end/", classes.end, name="seat-end"),
    path("worries/", worries.worries, name="worries"),
    path("worries/<uuid:worry_id>/", worries.worry, name="worry"),
    path("worries/<uuid:worry_id>/set-aside/", worries.lay_aside, name="worry-set-aside"),
]
