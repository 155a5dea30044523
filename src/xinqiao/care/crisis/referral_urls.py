"""URLs of referrals and institutions. `open/` is public: what it shows hangs on the link and code posted to it."""

from django.urls import URLPattern, path

from xinqiao.care.crisis.views import partners, referral_door, referral_steps, referrals

app_name = "referrals"
urlpatterns: list[URLPattern] = [
    path("", referrals.index, name="index"),
    path("open/", referral_door.door, name="open"),
    path("counts/", referrals.counts, name="counts"),
    path("partners/", partners.index, name="partners"),
    path("partners/new/", partners.new, name="partner-new"),
    path("partners/<uuid:partner_id>/", partners.edit, name="partner"),
    path("partners/<uuid:partner_id>/end/", partners.end, name="partner-end"),
    path("pupils/<uuid:student_id>/", referrals.pupil, name="pupil"),
    path("pupils/<uuid:student_id>/new/", referrals.new, name="new"),
    path("<uuid:referral_id>/", referrals.one, name="one"),
    path("<uuid:referral_id>/edit/", referrals.edit, name="edit"),
    path("<uuid:referral_id>/advice.pdf", referral_steps.advice, name="advice"),
    path("<uuid:referral_id>/handed/", referral_steps.handed, name="handed"),
    path("<uuid:referral_id>/preview/", referral_steps.preview, name="preview"),
    path("<uuid:referral_id>/family/", referral_steps.family, name="family"),
    path("<uuid:referral_id>/send/", referral_steps.send, name="send"),
    path("<uuid:referral_id>/link/", referral_steps.keys, name="keys"),
    path("<uuid:referral_id>/answer/", referral_steps.answer, name="answer"),
    path("<uuid:referral_id>/read/", referral_steps.read, name="read"),
    path("<uuid:referral_id>/close/", referral_steps.close, name="close"),
    path("<uuid:referral_id>/withdraw/", referral_steps.withdraw, name="withdraw"),
    path("<uuid:referral_id>/referral.fhir.json", referral_steps.fhir, name="fhir"),
]
