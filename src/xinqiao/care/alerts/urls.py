"""URLs of alerts."""

from django.urls import URLPattern, path

from xinqiao.care.alerts.views import attention, gates, notices, signals

app_name = "alerts"
urlpatterns: list[URLPattern] = [
    path("", signals.queue_page, name="queue"),
    path("poll/", notices.poll, name="poll"),
    path("notices/", notices.notices, name="notices"),
    path("attention/", attention.my_class, name="my-class"),
    path("attention/<uuid:student_id>/", attention.attention, name="attention"),
    path("<uuid:signal_id>/", signals.signal, name="signal"),
    path("<uuid:signal_id>/take/", signals.acknowledge, name="acknowledge"),
    path("<uuid:signal_id>/gate/", gates.gate, name="gate"),
    path("<uuid:signal_id>/gate/close/", gates.close_cleared, name="gate-close"),
    path("<uuid:signal_id>/talk/", signals.interview, name="interview"),
]
