"""URLs of scales."""

from django.urls import URLPattern, path

from xinqiao.care.scales import views

app_name = "scales"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
]
