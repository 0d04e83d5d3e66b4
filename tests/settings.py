"""A site of its own for the tests: never the data of a real one. LIANTU_DATABASE_URL picks PostgreSQL."""

import os
import tempfile

os.environ["LIANTU_DIR"] = tempfile.mkdtemp(prefix="liantu-test-")

from liantu.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
