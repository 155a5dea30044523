"""URLs of staff lists."""

from django.urls import path

from xinqiao.register.staffing.views import lists

app_name = "staffing"
urlpatterns = [
    path("", lists.lists, name="lists"),
    path("template.xlsx", lists.list_template, name="list-template"),
    path("<uuid:run_id>/", lists.staff_list, name="list"),
    path("<uuid:run_id>/decide/", lists.list_decide, name="list-decide"),
    path("<uuid:run_id>/accept/", lists.list_accept, name="list-accept"),
    path("<uuid:run_id>/roles/", lists.list_roles, name="list-roles"),
    path("<uuid:run_id>/cancel/", lists.list_cancel, name="list-cancel"),
    path("<uuid:run_id>/slips/", lists.list_slips, name="list-slips"),
]
