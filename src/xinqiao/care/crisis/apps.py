"""App registration: the events of cases, what it listens to, and its doors."""

from django.apps import AppConfig
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class CrisisConfig(AppConfig):
    """Registers the app with Django."""

    name = "xinqiao.care.crisis"
    label = "crisis"

    def ready(self) -> None:
        from xinqiao.care.alerts.ownership import register_keeper
        from xinqiao.care.alerts.settling import signal_told, signals_settled
        from xinqiao.care.alerts.wording import register_reason
        from xinqiao.care.crisis import following
        from xinqiao.care.crisis.doors import open_doors
        from xinqiao.care.crisis.joining import partners_in_force
        from xinqiao.care.crisis.leave_doors import open_leave_doors
        from xinqiao.care.crisis.leave_events import declare_leaves
        from xinqiao.care.crisis.leave_following import tell_of_leaves
        from xinqiao.care.crisis.obstacles import register_obstacle
        from xinqiao.care.crisis.referral_consent import follow_consent
        from xinqiao.care.crisis.referral_doors import open_referral_doors
        from xinqiao.care.crisis.referral_events import declare_referrals
        from xinqiao.care.crisis.referral_following import OPEN_REFERRAL, open_referral_of, tell_of_referrals
        from xinqiao.care.crisis.telling import declare
        from xinqiao.care.crisis.turning import cases_to_hand_over
        from xinqiao.care.crisis.watch_doors import open_watch_doors
        from xinqiao.care.crisis.watch_events import declare_watches
        from xinqiao.care.crisis.watch_following import follow_signals, follow_talks, tell_of_watches
        from xinqiao.care.incidents.partners import register_partners
        from xinqiao.foundation.audit.events import declare_events
        from xinqiao.register.accounts.hooks import staff_left
        from xinqiao.register.deadlines.climbing import clock_climbed
        from xinqiao.register.people.hooks import consent_decided, students_moved
        from xinqiao.register.years.doubts import register_doubts

        declare_events({"crisis.limbo.proved": _("It was proved whether anything waits unseen: {faults} faults")})
        declare()
        declare_referrals()
        declare_leaves()
        declare_watches()
        register_reason("acute_at_look", lambda _reason: gettext("acute danger found at a look"))
        register_reason("worse_at_look", lambda _reason: gettext("more danger than before, found at a look"))
        register_keeper(following.is_in_care)
        signals_settled.connect(following.open_cases)
        signals_settled.connect(follow_talks)
        signal_told.connect(follow_signals)
        students_moved.connect(following.follow_pupils)
        consent_decided.connect(follow_consent)
        staff_left.connect(following.hand_over_cases)
        clock_climbed.connect(following.tell_of_climbs)
        clock_climbed.connect(tell_of_referrals)
        clock_climbed.connect(tell_of_leaves)
        clock_climbed.connect(tell_of_watches)
        register_obstacle(OPEN_REFERRAL, open_referral_of, _("A referral of this pupil has not ended. End it first."))
        register_doubts("crisis", cases_to_hand_over)
        register_partners(partners_in_force)
        _open_rooms_of_the_proof()
        open_doors()
        open_referral_doors()
        open_leave_doors()
        open_watch_doors()


def _open_rooms_of_the_proof() -> None:
    from xinqiao.care.crisis.limbo import bookings, families, hotline, mailbox
    from xinqiao.care.crisis.limbo.rooms import register_room

    for app in (bookings, families, hotline, mailbox):
        register_room(app.ROOM)
