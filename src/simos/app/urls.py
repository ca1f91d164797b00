"""The addresses of the web process. What begins with `/-/` is for the other processes only: the front shuts it out."""

from django.urls import path

from simos.app.inside import health, metrics
from simos.kernel.registry import installed_modules
from simos.web.site import site_patterns

urlpatterns = [
    path("-/health", health),
    path("-/metrics", metrics),
    *site_patterns(installed_modules()),
]

handler400 = "simos.web.problems.bad_request"
handler403 = "simos.web.problems.permission_denied"
handler404 = "simos.web.problems.not_found"
handler500 = "simos.web.problems.server_error"
