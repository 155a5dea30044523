"""App registration: the events of screening, what the ticker runs, and its doors."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.screening"
    label = "screening"

    def ready(self) -> None:
        from xinqiao.care.alerts.gatekeeping import register_gatekeeper
        from xinqiao.care.alerts.weighing import register_asked, register_weigher
        from xinqiao.care.scales.norming import register_norm_source
        from xinqiao.care.screening.doors import open_doors
        from xinqiao.care.screening.events import declare
        from xinqiao.care.screening.gatekeeping import gates_of_signals
        from xinqiao.care.screening.jobs.filling import complete_sittings
        from xinqiao.care.screening.jobs.informants import complete_forms
        from xinqiao.care.screening.jobs.measuring import measure_scores
        from xinqiao.care.screening.jobs.measuring_flags import measure_flags
        from xinqiao.care.screening.jobs.ordering import follow_orders
        from xinqiao.care.screening.jobs.reminding import remind_of_due
        from xinqiao.care.screening.jobs.second_papers import keep_second_papers
        from xinqiao.care.screening.order_events import declare_cadence_events, declare_order_events
        from xinqiao.care.screening.selectors.norm_sheets import norm_source
        from xinqiao.care.screening.turning import campaigns_that_run
        from xinqiao.care.screening.weights import flags_asked, weights_of_schools
        from xinqiao.foundation.core.schedule import Job, register_job
        from xinqiao.register.years.doubts import register_doubts

        declare()
        declare_order_events()
        declare_cadence_events()
        register_job(Job("screening.complete_sittings", run=complete_sittings, every_seconds=30))
        register_job(Job("screening.complete_forms", run=complete_forms, every_seconds=30))
        register_job(Job("screening.measure_scores", run=measure_scores, every_seconds=300))
        register_job(Job("screening.measure_flags", run=measure_flags, every_seconds=600))
        register_job(Job("screening.second_papers", run=keep_second_papers, every_seconds=10))
        register_job(Job("screening.follow_orders", run=follow_orders, every_seconds=60))
        register_job(Job("screening.remind_of_due", run=remind_of_due, every_seconds=3600))
        register_gatekeeper(gates_of_signals)
        register_weigher(weights_of_schools)
        register_asked(flags_asked)
        register_norm_source(norm_source())
        register_doubts("screening", campaigns_that_run)
        open_doors()
