"""For the tests of the product and of its modules alike: shared fixtures, and how hypothesis searches."""

import os

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.fixtures", "tests.migrated"]

# Tests measure no time, and CI runs the same examples each time: new ones are looked for at the desk.
settings.register_profile(
    "simos", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("simos")
