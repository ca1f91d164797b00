"""The root URLconf of these tests: the sample's router alone, with the product's own handlers."""

from simos.kernel.registry import Installed, installed_modules, registry_of
from simos.web.api.mounting import api_patterns
from simos.web.site import site_patterns
from tests.web.api_sample.module import module

registry = registry_of([Installed(module, "tests.web.api_sample"), installed_modules()["portal/home"]])
urlpatterns = [*api_patterns(registry), *site_patterns(registry)]

handler400 = "simos.web.problems.bad_request"
handler403 = "simos.web.problems.permission_denied"
handler404 = "simos.web.problems.not_found"
handler500 = "simos.web.problems.server_error"
