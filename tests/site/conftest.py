"""Small synthetic sites, made by the commands a user types, each in a folder and process of its own."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def liantu(*arguments, site, check=True):
    """Run the command line on a site; the Django settings of the test run stay out of it."""
    environment = {k: v for k, v in os.environ.items() if k not in ("DJANGO_SETTINGS_MODULE", "LIANTU_DIR", "LIANTU_DATABASE_URL")}
    environment["LIANTU_DIR"] = str(site)
    done = subprocess.run([sys.executable, "-m", "liantu.cli", *arguments], env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    if check and done.returncode != 0:
        raise AssertionError(f"liantu {' '.join(arguments)} → {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done


@pytest.fixture(scope="module")
def demo_site(tmp_path_factory):
    """`liantu demo --no-serve` with 400 firms: (folder, what it printed, password). A copy of this module's own; made once for all processes of the test run."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    shared = (tmp_path_factory.getbasetemp().parent if worker else tmp_path_factory.getbasetemp()) / "demo-of-all"
    with _alone(shared.with_suffix(".lock")):
        told = shared / "told.txt"
        if not told.exists():
            printed = liantu("demo", "--dir", str(shared / "site"), "--no-serve", "--firms", "400", site=shared / "site").stdout
            told.write_text(printed, encoding="utf-8")
    site = tmp_path_factory.mktemp("demo") / "site"
    shutil.copytree(shared / "site", site)
    path = "\\n?".join(map(re.escape, str(shared / "site")))  # long lines are broken anywhere
    printed = re.sub(path, str(site), told.read_text(encoding="utf-8"))
    return site, printed, re.search(r"密码 (\S+)", printed).group(1)


@contextlib.contextmanager
def _alone(path):
    """One process at a time; the others wait for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            time.sleep(0.5)
    try:
        yield
    finally:
        path.unlink()
