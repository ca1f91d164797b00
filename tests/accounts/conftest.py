"""Rate limits and the language of one test do not count in the next."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import override


@pytest.fixture(autouse=True)
def _no_attempts_yet() -> Iterator[None]:
    cache.clear()
    with override(settings.LANGUAGE_CODE):
        yield
    cache.clear()
