"""URLs of counselling."""

from django.urls import URLPattern, path

from xinqiao.care.counselling.views import courses, keys

app_name = "counselling"
urlpatterns: list[URLPattern] = [
    path("", courses.index, name="index"),
    path("counts/", courses.counts, name="counts"),
    path("pupils/<uuid:student_id>/", courses.begin, name="begin"),
    path("courses/<uuid:course_id>/", courses.course, name="course"),
    path("courses/<uuid:course_id>/write/", courses.write, name="write"),
    path("courses/<uuid:course_id>/draft/", courses.draft, name="draft"),
    path("courses/<uuid:course_id>/goal/", courses.goal, name="goal"),
    path("courses/<uuid:course_id>/hand-over/", courses.pass_on, name="hand-over"),
    path("courses/<uuid:course_id>/end/", courses.end, name="end"),
    path("courses/<uuid:course_id>/take/", courses.take, name="take"),
    path("sessions/<uuid:session_id>/amend/", courses.amend, name="amend"),
    path("keys/", keys.keys, name="keys"),
    path("keys/sentence/", keys.sentence, name="sentence"),
    path("keys/change/", keys.change, name="change"),
    path("keys/open/", keys.unlock, name="open"),
    path("keys/shut/", keys.lock, name="shut"),
    path("keys/schools/<uuid:school_id>/join/", keys.join, name="join"),
    path("keys/groups/<uuid:group_id>/holders/", keys.holders, name="holders"),
    path("keys/groups/<uuid:group_id>/restart/", keys.restart, name="restart"),
    path("keys/members/<uuid:member_id>/admit/", keys.admit, name="admit"),
    path("keys/members/<uuid:member_id>/end/", keys.end, name="end-member"),
    path("keys/members/<uuid:member_id>/recover/", keys.recover, name="recover"),
    path("keys/recoveries/<uuid:recovery_id>/join/", keys.recover_second, name="recover-second"),
    path("keys/recoveries/<uuid:recovery_id>/take/", keys.take, name="take-notes"),
]
