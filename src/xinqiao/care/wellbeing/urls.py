"""URLs of staff's own wellbeing. None names a scale or a row: an address lies in logs and histories."""

from django.urls import path

from xinqiao.care.wellbeing import views

app_name = "wellbeing"
urlpatterns = [
    path("", views.index, name="index"),
    path("ask/", views.ask, name="ask"),
    path("answers/", views.answers, name="answers"),
    path("keep/", views.keep, name="keep"),
    path("notebook/", views.notebook, name="notebook"),
    path("words/", views.words, name="words"),
    path("delete/", views.delete, name="delete"),
    path("delete-all/", views.delete_all, name="delete-all"),
]
