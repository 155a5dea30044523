"""URLs of years."""

from django.urls import path

from xinqiao.register.years.views import planning, turns

app_name = "years"
urlpatterns = [
    path("", turns.turns, name="turns"),
    path("new/", turns.turn_begin, name="turn-begin"),
    path("<uuid:turn_id>/", turns.turn, name="turn"),
    path("<uuid:turn_id>/day/", turns.turn_day, name="turn-day"),
    path("<uuid:turn_id>/grades/", planning.turn_grades, name="turn-grades"),
    path("<uuid:turn_id>/classes/<uuid:class_id>/", planning.turn_pupils, name="turn-pupils"),
    path("<uuid:turn_id>/teachers/", planning.turn_teachers, name="turn-teachers"),
    path("<uuid:turn_id>/accept/", turns.turn_accept, name="turn-accept"),
    path("<uuid:turn_id>/take-back/", turns.turn_take_back, name="turn-take-back"),
    path("<uuid:turn_id>/drop/", turns.turn_drop, name="turn-drop"),
]
