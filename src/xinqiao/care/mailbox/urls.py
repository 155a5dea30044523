"""URLs of the mailbox."""

from django.urls import URLPattern, path

from xinqiao.care.mailbox.views import acts, counts, letters, names

app_name = "mailbox"
urlpatterns: list[URLPattern] = [
    path("", letters.letters, name="letters"),
    path("closed/", letters.closed, name="closed"),
    path("type-in/", letters.type_in_letter, name="type-in"),
    path("counts/", counts.counts, name="counts"),
    path("names/", names.requests, name="requests"),
    path("names/<uuid:request_id>/decide/", names.decide, name="decide"),
    path("names/<uuid:request_id>/show/", names.show, name="show"),
    path("<uuid:letter_id>/", letters.letter, name="letter"),
    path("<uuid:letter_id>/answer/", acts.answer, name="answer"),
    path("<uuid:letter_id>/hand-over/", acts.hand, name="hand-over"),
    path("<uuid:letter_id>/close/", acts.close, name="close"),
    path("<uuid:letter_id>/urgent/", acts.urgent, name="urgent"),
    path("<uuid:letter_id>/aside/", acts.aside, name="aside"),
    path("<uuid:letter_id>/ask/", acts.ask, name="ask"),
    path("<uuid:letter_id>/rescue/", acts.rescue, name="rescue"),
]
