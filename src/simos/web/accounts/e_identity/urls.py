"""Addresses of sign-in by e-identity, below those of accounts; allauth finds them beside `provider.py`."""

from django.urls import path

from simos.web.accounts.e_identity import views

urlpatterns = [
    path("oidc/<slug:provider_id>/login/", views.login, name="e_identity_login"),
    path("oidc/<slug:provider_id>/login/callback/", views.callback, name="e_identity_callback"),
]
