"""URLs of orgs: the tree and the calendar."""

from django.urls import path

from xinqiao.register.orgs.views import calendar, units

app_name = "orgs"
urlpatterns = [
    path("", units.tree, name="tree"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/days/<uuid:day_id>/drop/", calendar.day_drop, name="day-drop"),
    path("<uuid:unit_id>/add/", units.unit_add, name="unit-add"),
    path("<uuid:unit_id>/classes/add/", units.class_add, name="class-add"),
    path("<uuid:unit_id>/edit/", units.unit_edit, name="unit-edit"),
    path("<uuid:unit_id>/close/", units.unit_close, name="unit-close"),
    path("<uuid:unit_id>/calendar/year/", calendar.year_edit, name="year-edit"),
    path("<uuid:unit_id>/calendar/days/", calendar.day_add, name="day-add"),
]
