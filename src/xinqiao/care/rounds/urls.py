"""URLs of rounds."""

from django.urls import URLPattern, path

from xinqiao.care.rounds.views import following, lists, visits

app_name = "rounds"
urlpatterns: list[URLPattern] = [
    path("", lists.index, name="index"),
    path("lists/<uuid:list_id>/", lists.list_of_class, name="list"),
    path("lists/<uuid:list_id>/nothing/", lists.nothing, name="nothing"),
    path("lists/<uuid:list_id>/sign/", lists.sign, name="sign"),
    path("lists/<uuid:list_id>/pupils/<uuid:student_id>/", lists.worry, name="worry"),
    path("lists/<uuid:list_id>/pupils/<uuid:student_id>/take-back/", lists.take_back, name="take-back"),
    path("classes/<uuid:class_id>/visits/", visits.visits, name="visits"),
    path("counts/", following.counts, name="counts"),
    path("call/", following.call, name="call"),
    path("calls/<uuid:call_id>/withdraw/", following.withdraw, name="withdraw"),
    path("<uuid:round_id>/", following.round_of_school, name="round"),
]
