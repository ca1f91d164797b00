"""The root URLconf of these tests: the sample module beside the portal, with the product's own handlers."""

from simos.kernel.registry import Installed, installed_modules, registry_of
from simos.web.site import site_patterns
from tests.web.sample.module import module

urlpatterns = [*site_patterns(registry_of([Installed(module, "tests.web.sample"), installed_modules()["portal/home"]]))]

handler400 = "simos.web.problems.bad_request"
handler403 = "simos.web.problems.permission_denied"
handler404 = "simos.web.problems.not_found"
handler500 = "simos.web.problems.server_error"
