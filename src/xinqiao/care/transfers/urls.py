"""URLs of transfers."""

from django.urls import URLPattern, path

from xinqiao.care.transfers.views import coming, leaving

app_name = "transfers"
urlpatterns: list[URLPattern] = [
    path("", leaving.index, name="index"),
    path("counts/", leaving.counts, name="counts"),
    path("left/<uuid:school_id>/<str:group>/<str:left_on>/", leaving.group, name="group"),
    path("left/<uuid:school_id>/<str:group>/<str:left_on>/keep/", leaving.keep, name="keep"),
    path("handovers/<uuid:handover_id>/", leaving.one, name="handover"),
    path("handovers/<uuid:handover_id>/consent/", leaving.consent, name="consent"),
    path("handovers/<uuid:handover_id>/recall/", leaving.recall, name="recall"),
    path("came/", coming.index, name="came"),
    path("came/take/", coming.take_many, name="take-many"),
    path("came/acknowledge/", coming.acknowledge_many, name="acknowledge-many"),
    path("came/<uuid:arrival_id>/", coming.one, name="arrival"),
    path("came/<uuid:arrival_id>/acknowledge/", coming.acknowledge, name="acknowledge"),
    path("came/<uuid:arrival_id>/decline/", coming.decline, name="decline"),
]
