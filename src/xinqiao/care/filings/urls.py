"""URLs of filings."""

from django.urls import URLPattern, path

from xinqiao.care.filings.views import bureau, school

app_name = "filings"
urlpatterns: list[URLPattern] = [
    path("", school.index, name="index"),
    path("received/", bureau.received_list, name="received"),
    path("received/<uuid:filing_id>/", bureau.received_one, name="received-one"),
    path("received/<uuid:filing_id>/pass-on/", bureau.pass_on, name="pass-on"),
    path("<uuid:filing_id>/", school.one, name="one"),
    path("<uuid:filing_id>/write/", school.write, name="write"),
    path("<uuid:filing_id>/check/", school.check, name="check"),
    path("<uuid:filing_id>/give-back/", school.give_back, name="give-back"),
    path("<uuid:filing_id>/send/", school.send, name="send"),
    path("<uuid:filing_id>/lapse/", school.lapse, name="lapse"),
]
