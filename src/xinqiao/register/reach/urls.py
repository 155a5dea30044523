"""URLs of channels."""

from django.urls import path

from xinqiao.register.reach import views

app_name = "reach"
urlpatterns = [
    path("", views.channels, name="channels"),
    path("mine/", views.mine, name="mine"),
    path("units/<uuid:unit_id>/try/", views.channel_try, name="channel-try"),
    path("units/<uuid:unit_id>/<slug:kind>/", views.channel, name="channel"),
    path("set/<uuid:setting_id>/end/", views.channel_end, name="channel-end"),
]
