"""Chain map page and firm list: CPU per request and p95 under 8 clients, beside a static file of the same server.

Usage: python benchmarks/bench_web.py SITE_FOLDER [REQUESTS]. The site is one that `liantu demo` made; the load stays on
this machine (127.0.0.1), is bounded in number, and stops by itself.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

CLIENTS = 8


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(port: int, path: str, cookie: str) -> tuple[int, float]:
    """Status and seconds of one request."""
    started = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, time.perf_counter() - started


def sign_in(port: int, password: str) -> str:
    """The session cookie of the user `bench`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/sign-in/")
    page = connection.getresponse()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
    cookies = "; ".join(h.split(";")[0] for k, h in page.getheaders() if k.lower() == "set-cookie")
    if token is None:
        raise SystemExit("没有找到登录表单")
    body = urlencode({"username": "bench", "password": password, "csrfmiddlewaretoken": token.group(1)})
    connection.request("POST", "/sign-in/", body, {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    answer.read()
    return "; ".join([*(h.split(";")[0] for k, h in answer.getheaders() if k.lower() == "set-cookie")])


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of the server's processes so far."""
    total = 0.0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def load(port: int, path: str, cookie: str, requests: int, pids: list[int]) -> tuple[float, float, float]:
    """CPU ms per request, median and p95 latency in ms, with CLIENTS at once."""
    get(port, path, cookie)
    seconds: list[float] = []
    statuses: set[int] = set()

    def client() -> None:
        for _ in range(requests // CLIENTS):
            status, took = get(port, path, cookie)
            statuses.add(status)
            seconds.append(took)

    before = cpu_seconds(pids)
    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if statuses != {200}:
        raise SystemExit(f"{path}: {statuses}")
    used = cpu_seconds(pids) - before
    return used / len(seconds) * 1000, statistics.median(seconds) * 1000, statistics.quantiles(seconds, n=20)[-1] * 1000


def main() -> None:
    if len(sys.argv) < 2:
        print("没有测：请给出 liantu demo 生成的目录。")
        return
    site, requests = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 400
    environment = {**os.environ, "LIANTU_DIR": str(site)}
    told = subprocess.run([sys.executable, "-m", "liantu.cli", "user", "bench", "--group", "内部"], env=environment, capture_output=True, text=True, check=True).stdout
    password = told.split("密码 ")[1].split("（")[0].strip()
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", "liantu.cli", "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError):
                get(port, "/sign-in/", "")
                break
            time.sleep(0.2)
        pids = [server.pid, *(int(p) for p in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split())]
        cookie = sign_in(port, password)
        print(f"{CLIENTS} clients, {requests} requests each page")
        base = load(port, "/static/liantu/app.css", cookie, requests, pids)
        print(f"{'static file':<14} CPU {base[0]:6.1f} ms   median {base[1]:6.0f} ms   p95 {base[2]:6.0f} ms")
        for name, path in (("home", "/"), ("chain map", "/maps/chain/nev_battery/"), ("firm list", "/firms/"), ("firm search", "/firms/?q=dc")):
            cpu, median, p95 = load(port, path, cookie, requests, pids)
            print(f"{name:<14} CPU {cpu:6.1f} ms   median {median:6.0f} ms   p95 {p95:6.0f} ms   ratio to the static file {cpu / max(base[0], 0.01):.0f}")
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    main()
