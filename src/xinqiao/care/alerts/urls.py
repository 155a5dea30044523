"""URLs of alerts."""

from django.urls import URLPattern, path

from xinqiao.care.alerts.views import attention, clocks, gates, handovers, notices, signals, warnings, worries

app_name = "alerts"
urlpatterns: list[URLPattern] = [
    path("", signals.queue_page, name="queue"),
    path("poll/", notices.poll, name="poll"),
    path("notices/", notices.notices, name="notices"),
    path("attention/", attention.my_class, name="my-class"),
    path("attention/<uuid:student_id>/", attention.attention, name="attention"),
    path("warnings/", warnings.warnings, name="warnings"),
    path("warnings/<uuid:signal_id>/", warnings.warning, name="warning"),
    path("warnings/<uuid:signal_id>/heard/", warnings.heed, name="warning-heed"),
    path("schools/", warnings.beyond, name="beyond"),
    path("schools/<uuid:warning_id>/heard/", warnings.heed_beyond, name="beyond-heed"),
    path("<uuid:signal_id>/clocks/", clocks.history, name="clocks"),
    path("<uuid:signal_id>/clocks/<slug:kind>/pause/", clocks.pause, name="clock-pause"),
    path("<uuid:signal_id>/clocks/<slug:kind>/resume/", clocks.resume, name="clock-resume"),
    path("<uuid:signal_id>/guardian/", clocks.guardian, name="guardian"),
    path("worries/", worries.mine, name="my-reports"),
    path("worries/new/", worries.report, name="report"),
    path("worries/<uuid:report_id>/", worries.receipt, name="report-receipt"),
    path("hand-over/", handovers.handover, name="hand-over"),
    path("hand-over/incident/", handovers.exposure, name="exposure"),
    path("hand-over/bullying/", handovers.bullying, name="bullying"),
    path("<uuid:signal_id>/", signals.signal, name="signal"),
    path("<uuid:signal_id>/take/", signals.acknowledge, name="acknowledge"),
    path("<uuid:signal_id>/gate/", gates.gate, name="gate"),
    path("<uuid:signal_id>/gate/close/", gates.close_cleared, name="gate-close"),
    path("<uuid:signal_id>/asked/", signals.settle_asked, name="asked"),
    path("<uuid:signal_id>/talk/", signals.interview, name="interview"),
]
