"""A site of its own for the tests: never the data of a real one. LIANTU_DATABASE_URL picks PostgreSQL."""

import atexit
import os
import shutil
import tempfile

_OWNER = os.getpid()
_FOLDER = tempfile.mkdtemp(prefix="liantu-test-")
os.environ["LIANTU_DIR"] = _FOLDER


@atexit.register
def _sweep() -> None:
    if os.getpid() == _OWNER:  # a forked child leaves the folder to its parent
        shutil.rmtree(_FOLDER, ignore_errors=True)


from liantu.settings import *  # noqa: E402, F403
from liantu.settings import DATABASES  # noqa: E402

if "sqlite3" in str(DATABASES["default"]["ENGINE"]):  # a real file, so that threads and processes meet as they do on a site
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(_FOLDER, "test.sqlite3")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
