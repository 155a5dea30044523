"""URLs of home."""

from django.urls import path

from xinqiao.doors.home import views

app_name = "home"
urlpatterns = [
    path("", views.index, name="index"),
    path("operation/", views.operation, name="operation"),
]
