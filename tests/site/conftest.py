"""Small synthetic sites, made by the commands a user types, each in a folder and process of its own."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
SCREENS = [pytest.mark.screens, pytest.mark.skipif(not os.path.exists(CHROMIUM) and os.environ.get("CI") != "true", reason="没有 chromium")]


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


@contextlib.contextmanager
def serving(site):
    """A site being served by `liantu serve`; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if k not in ("DJANGO_SETTINGS_MODULE", "LIANTU_DATABASE_URL")} | {"LIANTU_DIR": str(site)}
    with (site / "server.log").open("w") as log:
        server = subprocess.Popen([sys.executable, "-m", "liantu.cli", "serve", "--port", str(port)], env=environment, cwd=ROOT, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(address, timeout=2)
                break
            time.sleep(0.25)
        yield address
    finally:
        server.terminate()
        server.wait(20)


@contextlib.contextmanager
def browsing(width, height):
    """A page of headless Chromium; what goes wrong on it is kept in ``page.broken``."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                                                                         "--disable-component-update", "--disable-sync"])
        page = browser.new_page(viewport={"width": width, "height": height}, accept_downloads=True)
        page.set_default_timeout(60_000)
        page.broken = []
        page.on("pageerror", lambda error: page.broken.append(str(error)))
        page.on("console", lambda message: page.broken.append(message.text) if message.type == "error" else None)
        page.on("response", lambda response: page.broken.append(f"{response.status} {response.url}") if response.status >= 500 else None)
        yield page
        browser.close()


def sign_in(page, address, name, password):
    page.goto(address)
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("text=退出")
