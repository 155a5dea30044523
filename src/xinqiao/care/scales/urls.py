"""URLs of scales."""

from django.urls import URLPattern

app_name = "scales"
urlpatterns: list[URLPattern] = []
