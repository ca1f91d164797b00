"""Django's settings for tests: the product's own, with a home folder of this run.

SIMOS_DATABASE_URL (PostgreSQL) is honoured, so that the same suite runs on both databases.
"""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="simos-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["SIMOS_HOME"] = _home

from simos.app.django_settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PAGES_ARE_KEPT = False  # a test looks at what it has just changed
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}  # tests run no worker
