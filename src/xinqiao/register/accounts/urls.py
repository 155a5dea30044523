"""URLs of accounts: staff, sign-ins, roles. Signing in itself is in auth_urls."""

from django.urls import path

from xinqiao.register.accounts.views import logins, staff

app_name = "accounts"
urlpatterns = [
    path("", staff.staff_list, name="staff"),
    path("add/<uuid:unit_id>/", staff.staff_add, name="staff-add"),
    path("roles/<uuid:membership_id>/end/", logins.role_end, name="role-end"),
    path("<uuid:staff_id>/", staff.staff_member, name="staff-member"),
    path("<uuid:staff_id>/edit/", staff.staff_edit, name="staff-edit"),
    path("<uuid:staff_id>/leave/", staff.staff_end, name="staff-end"),
    path("<uuid:staff_id>/login/", logins.login_add, name="login-add"),
    path("<uuid:staff_id>/password/", logins.password_new, name="password-new"),
    path("<uuid:staff_id>/second-factor/", logins.factor_reset, name="factor-reset"),
    path("<uuid:staff_id>/roles/", logins.role_grant, name="role-grant"),
]
