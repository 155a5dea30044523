"""URLs of the counselling centre."""

from django.urls import URLPattern, path

from xinqiao.care.centre.views import centre

app_name = "centre"
urlpatterns: list[URLPattern] = [
    path("", centre.index, name="index"),
    path("schools/<uuid:school_id>/", centre.school, name="school"),
    path("schools/<uuid:school_id>/rooms/new/", centre.room_new, name="room-new"),
    path("rooms/<uuid:room_id>/", centre.room, name="room"),
    path("rooms/<uuid:room_id>/close/", centre.room_close, name="room-close"),
    path("schools/<uuid:school_id>/openings/new/", centre.opening_new, name="opening-new"),
    path("openings/<uuid:opening_id>/remove/", centre.opening_remove, name="opening-remove"),
    path("schools/<uuid:school_id>/term/", centre.term, name="term"),
    path("schools/<uuid:school_id>/hours/new/", centre.hour_new, name="hour-new"),
    path("hours/<uuid:hour_id>/", centre.hour, name="hour"),
    path("hours/<uuid:hour_id>/drop/", centre.hour_drop, name="hour-drop"),
]
