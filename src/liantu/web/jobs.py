"""Work that takes longer than a page may: run beside the page, with progress that the page can show.

Progress is kept as small files, so that every worker process can answer how far a job is.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connections

from liantu.kernel.home import folder
from liantu.kernel.problems import UserError

Tell = Callable[[int, int], None]
_log = logging.getLogger(__name__)
_running: dict[str, threading.Thread] = {}
_lock = threading.Lock()
STALE = 120.0


def _path(name: str) -> Any:
    return folder("jobs") / f"{name}.json"


def _save(name: str, **state: Any) -> None:
    path = _path(name)
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(json.dumps({**state, "at": time.time()}, ensure_ascii=False), encoding="utf-8")
    os.replace(temporary, path)


def state_of(name: str) -> dict[str, Any] | None:
    """How far a job is: ``state`` (running, done, failed), ``done`` of ``total``, ``seconds``; None when there was none."""
    try:
        state: dict[str, Any] = json.loads(_path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if state["state"] == "running" and time.time() - state["at"] > STALE and not _alive(name):
        return {**state, "state": "failed", "message": "处理中断了（程序重启过）。", "hint": "请重试。", "code": "job-lost"}
    state["seconds"] = round(time.time() - state["since"], 1)
    return state


def forget(name: str) -> None:
    """Clear a finished job, so that it may be started again."""
    _path(name).unlink(missing_ok=True)


def _alive(name: str) -> bool:
    thread = _running.get(name)
    return bool(thread and thread.is_alive())


def start(name: str, title: str, work: Callable[[Tell], Any]) -> None:
    """Run ``work`` beside the page unless it runs already. ``work`` receives a function to tell (done, total)."""
    with _lock:
        if _alive(name):
            return
        since = time.time()
        _save(name, state="running", title=title, done=0, total=0, since=since)
        thread = threading.Thread(target=_run, args=(name, title, since, work), name=f"liantu-{name}", daemon=True)
        _running[name] = thread
        thread.start()


def _run(name: str, title: str, since: float, work: Callable[[Tell], Any]) -> None:
    last = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal last
        if time.time() - last > 0.3:
            last = time.time()
            _save(name, state="running", title=title, done=int(done), total=int(total), since=since)

    try:
        result = work(tell)
        _save(name, state="done", title=title, done=1, total=1, since=since, result=result)
    except UserError as error:
        _save(name, state="failed", title=title, done=0, total=0, since=since, message=error.message, hint=error.hint, code=error.code)
    except Exception:
        _log.exception("job %s failed", name)
        _save(name, state="failed", title=title, done=0, total=0, since=since, message="处理时出了意外，没有保存任何内容。", hint="请重试；仍不行请把文件交给管理员。", code="job-failed")
    finally:
        connections.close_all()
