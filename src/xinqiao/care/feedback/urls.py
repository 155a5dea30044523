"""URLs of feedback, meetings, the ledger and the mechanisms."""

from django.urls import URLPattern, path

from xinqiao.care.feedback.views import ledger, meetings, owed, words

app_name = "feedback"
urlpatterns: list[URLPattern] = [
    path("", owed.owed, name="owed"),
    path("counts/", owed.counts, name="counts"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/print/", ledger.ledger_pdf, name="ledger-pdf"),
    path("mechanisms/", ledger.mechanisms, name="mechanisms"),
    path("words/", words.words, name="words"),
    path("words/<uuid:word_id>/", words.word, name="word"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/<uuid:meeting_id>/", meetings.meeting, name="meeting"),
    path("meetings/<uuid:meeting_id>/lead/", meetings.lead, name="lead"),
    path("meetings/<uuid:meeting_id>/open/", meetings.open_now, name="open"),
    path("meetings/<uuid:meeting_id>/decide/", meetings.decide_on, name="decide"),
    path("meetings/<uuid:meeting_id>/close/", meetings.close, name="close"),
    path("meetings/<uuid:meeting_id>/print/", meetings.minutes_pdf, name="minutes-pdf"),
    path("items/<uuid:item_id>/", meetings.item, name="item"),
    path("tasks/", meetings.tasks, name="tasks"),
    path("tasks/<uuid:decision_id>/done/", meetings.done, name="done"),
    path("<uuid:feedback_id>/", owed.one, name="one"),
    path("<uuid:feedback_id>/words/", owed.words, name="release"),
    path("<uuid:feedback_id>/tries/", owed.tries, name="try"),
    path("<uuid:feedback_id>/let-go/", owed.let_it_go, name="let-go"),
    path("<uuid:feedback_id>/give-up/", owed.give_up_on, name="give-up"),
]
