"""URLs of the audit."""

from django.urls import path

from xinqiao.foundation.audit import views

app_name = "audit"
urlpatterns = [path("", views.index, name="index")]
