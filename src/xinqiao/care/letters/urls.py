"""URLs of letters to guardians. `open/` is public: what it shows hangs on the code that is posted to it."""

from django.urls import URLPattern, path

from xinqiao.care.letters.views import classes, door, own, shared, wishes

app_name = "letters"
urlpatterns: list[URLPattern] = [
    path("open/", door.door, name="open"),
    path("counts/", wishes.counts, name="counts"),
    path("pupils/<uuid:student_id>/", own.pupil, name="pupil"),
    path("<uuid:campaign_id>/", shared.mailing, name="mailing"),
    path("<uuid:campaign_id>/words/", shared.words, name="words"),
    path("<uuid:campaign_id>/words/read/", shared.read, name="words-read"),
    path("<uuid:campaign_id>/prepare/", shared.prepare, name="prepare"),
    path("<uuid:campaign_id>/hand-over/", classes.hand_over_index, name="hand-over"),
    path("<uuid:campaign_id>/classes/<uuid:class_id>/", classes.class_page, name="class"),
    path("<uuid:campaign_id>/classes/<uuid:class_id>/release/", classes.release, name="release"),
    path("<uuid:campaign_id>/classes/<uuid:class_id>/letters.pdf", classes.print_letters, name="print"),
    path("<uuid:campaign_id>/classes/<uuid:class_id>/hand-over/", classes.hand_over_class, name="hand-over-class"),
    path("letter/<uuid:letter_id>/", own.own, name="own"),
    path("letter/<uuid:letter_id>/read/", own.read, name="own-read"),
    path("letter/<uuid:letter_id>/share/", own.share, name="own-share"),
    path("letter/<uuid:letter_id>/withdraw/", own.withdraw, name="withdraw"),
    path("letter/<uuid:letter_id>/settle/", wishes.settle, name="settle"),
]
