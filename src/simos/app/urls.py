"""The addresses of the web process. What begins with `/-/` is for the other processes only: the front shuts it out."""

from allauth.idp import urls as provider_urls
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail.documents import urls as document_urls

from simos.app.inside import health, metrics
from simos.kernel.registry import installed_modules
from simos.web.accounts import urls as account_urls
from simos.web.accounts.consent import consent
from simos.web.api.mounting import api_patterns
from simos.web.basemap import basemap
from simos.web.office import urls as office_urls
from simos.web.office.first_password import FirstPasswordView
from simos.web.site import site_patterns

urlpatterns = [
    path("-/health", health),
    path("-/metrics", metrics),
    path("office/", include(office_urls)),
    path("first-password/<uidb64>/<token>/", FirstPasswordView.as_view(), name="first-password"),
    path("basemap.pmtiles", basemap, name="basemap"),
    path("documents/", include(document_urls)),
    *i18n_patterns(
        path("account/", include(account_urls)),
        path("identity/o/authorize", consent),  # before allauth's, by whose name it is found
        path("", include(provider_urls)),
        prefix_default_language=False,
    ),
    *api_patterns(installed_modules()),
    *site_patterns(installed_modules()),
]

handler400 = "simos.web.problems.bad_request"
handler403 = "simos.web.problems.permission_denied"
handler404 = "simos.web.problems.not_found"
handler500 = "simos.web.problems.server_error"
