"""Every URL of the staff's side. Pupils' pages (/s/) are served by the intake, not here."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("xinqiao.doors.home.urls")),
    path("units/", include("xinqiao.register.orgs.urls")),
    path("people/", include("xinqiao.register.people.urls")),
    path("staff/", include("xinqiao.register.accounts.urls")),
    path("channels/", include("xinqiao.register.reach.urls")),
    path("staff-lists/", include("xinqiao.register.staffing.urls")),
    path("policy/", include("xinqiao.register.policy.urls")),
    path("years/", include("xinqiao.register.years.urls")),
    path("duty/", include("xinqiao.register.duty.urls")),
    path("alerts/", include("xinqiao.care.alerts.urls")),
    path("committee/", include("xinqiao.care.voices.urls")),
    path("scales/", include("xinqiao.care.scales.urls")),
    path("sheets/", include("xinqiao.care.sheets.urls")),
    path("support/", include("xinqiao.care.support.urls")),
    path("rounds/", include("xinqiao.care.rounds.urls")),
    path("incidents/", include("xinqiao.care.incidents.urls")),
    path("screening/", include("xinqiao.care.screening.urls")),
    path("wellbeing/", include("xinqiao.care.wellbeing.urls")),
    path("crisis/", include("xinqiao.care.crisis.urls")),
    path("filings/", include("xinqiao.care.filings.urls")),
    path("letters/", include("xinqiao.care.letters.urls")),
    path("leaves/", include("xinqiao.care.crisis.leave_urls")),
    path("watch/", include("xinqiao.care.crisis.watch_urls")),
    path("referrals/", include("xinqiao.care.crisis.referral_urls")),
    path("feedback/", include("xinqiao.care.feedback.urls")),
    path("audit/", include("xinqiao.foundation.audit.urls")),
    path("accounts/", include("xinqiao.register.accounts.auth_urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
