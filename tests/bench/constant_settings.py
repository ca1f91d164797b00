"""The platform's settings with one address more: a view that does nothing, served by the same stack."""

from simos.app.django_settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.constant_urls"
