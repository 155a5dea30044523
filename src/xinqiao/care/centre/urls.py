"""URLs of the counselling centre. `calendar/….ics` is public: what it shows hangs on the signs in its address."""

from django.urls import URLPattern, path

from xinqiao.care.centre.views import bookings, centre, feeds, visits, waiting

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
    path("day/", bookings.day, name="day"),
    path("calendar/", feeds.calendar, name="calendar"),
    path("calendar/make/", feeds.make, name="calendar-make"),
    path("calendar/end/", feeds.end, name="calendar-end"),
    path("calendar/<str:token>.ics", feeds.fetch, name="feed"),
    path("visits/", visits.visits, name="visits"),
    path("hours/<uuid:hour_id>/nobody/", visits.nobody, name="nobody"),
    path("bookings/", bookings.own, name="own"),
    path("pupils/<uuid:student_id>/book/", bookings.book_one, name="book"),
    path("pupils/<uuid:student_id>/wait/", waiting.wait, name="wait"),
    path("waiting/", waiting.index, name="waiting"),
    path("waiting/<uuid:waiting_id>/", waiting.entry, name="waiting-entry"),
    path("waiting/<uuid:waiting_id>/give/", waiting.give, name="waiting-give"),
    path("waiting/<uuid:waiting_id>/end/", waiting.end, name="waiting-end"),
    path("bookings/<uuid:booking_id>/", bookings.booking, name="booking"),
    path("bookings/<uuid:booking_id>/cancel/", bookings.cancel_one, name="cancel"),
    path("bookings/<uuid:booking_id>/came/", bookings.came, name="came"),
    path("bookings/<uuid:booking_id>/missed/", bookings.missed, name="missed"),
    path("bookings/<uuid:booking_id>/settle/", bookings.settle_one, name="settle"),
    path("bookings/<uuid:booking_id>/move/", bookings.move_one, name="move"),
]
