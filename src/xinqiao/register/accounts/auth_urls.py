"""URLs of signing in, named as allauth expects them. What is not here (sign-up, mail, reset by mail) does not exist."""

from django.urls import path

from xinqiao.register.accounts import auth_views as views

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("logout/", views.SignOut.as_view(), name="account_logout"),
    path("logout/everywhere/", views.sign_out_everywhere, name="account_logout_everywhere"),
    path("reauthenticate/", views.PasswordAgain.as_view(), name="account_reauthenticate"),
    path("password/change/", views.ChangePassword.as_view(), name="account_change_password"),
    path("2fa/", views.Factors.as_view(), name="mfa_index"),
    path("2fa/authenticate/", views.Code.as_view(), name="mfa_authenticate"),
    path("2fa/reauthenticate/", views.CodeAgain.as_view(), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", views.Activate.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", views.Deactivate.as_view(), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", views.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", views.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
]
