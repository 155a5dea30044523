"""URLs of policy."""

from django.urls import URLPattern, path

from xinqiao.register.policy import views

app_name = "policy"
urlpatterns: list[URLPattern] = [path("", views.index, name="index")]
