"""Small synthetic sites, made by the commands a user types, each in a folder and process of its own."""

import os
import re
import subprocess
import sys

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


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory):
    """`liantu demo --no-serve` with 400 firms: (folder, what it printed, password)."""
    site = tmp_path_factory.mktemp("demo")
    told = liantu("demo", "--dir", str(site), "--no-serve", "--firms", "400", site=site).stdout
    return site, told, re.search(r"密码 (\S+)", told).group(1)
