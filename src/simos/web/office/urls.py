"""The addresses of the office: ours, then Wagtail's. Ours come first where both have one (sign-out, account)."""

from django.urls import include, path
from wagtail.admin import urls as wagtail_urls

from simos.web.office import pages

office_patterns = [
    path("scope/", pages.scope, name="scope"),
    path("sign-out/", pages.sign_out, name="sign-out"),
    path("logout/", pages.sign_out, name="sign-out"),
    path("account/", pages.account, name="account"),
]

urlpatterns = [
    path("", include((office_patterns, "office"), namespace="office")),
    path("", include(wagtail_urls)),
]
