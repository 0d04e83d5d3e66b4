"""Processes killed in the middle of their work. Run by ``test_killed.py`` as a process of its own:

    python -m tests.robust.killing imports|files|editions FOLDER MOMENTS SEED

The parent is warm (Django loaded, sheet read); each child is a fork of it that is killed (SIGKILL) after a random delay spread
over the measured duration of the work. Prints what happened as JSON; a broken promise is an AssertionError.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

KNOWN, NEW = 1500, 1000


def main() -> None:
    """Prepare a site in the folder and kill ``MOMENTS`` children."""
    what, folder, moments, seed = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    os.environ["LIANTU_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "liantu.settings"
    drop = _own_database(f"killed_{what}_{os.getpid()}")
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        started = time.perf_counter()
        told = {"imports": _imports, "files": _files, "editions": _editions}[what](moments, random.Random(seed))
        _whole_database()
        print(json.dumps({**told, "seconds": round(time.perf_counter() - started, 1)}))
    finally:
        drop()


def _own_database(name: str) -> Callable[[], None]:
    """On PostgreSQL a database for this run alone."""
    url = os.environ.get("LIANTU_DATABASE_URL")
    if not url:
        return lambda: None
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    os.environ["LIANTU_DATABASE_URL"] = urlsplit(url)._replace(path=f"/{name}").geturl()

    def drop() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    return drop


def _child(work: Callable[[], Any], delay: float | None) -> tuple[bool, float]:
    """Fork, work, and kill after ``delay`` seconds (None: never). Answers whether the work was done, and how long it took."""
    from django.db import connections

    connections.close_all()
    ready, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(ready)
            os.write(told, b"r")
            work()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(told)
    os.read(ready, 1)
    started = time.perf_counter()
    if delay is not None:
        time.sleep(delay)
        os.kill(pid, signal.SIGKILL)
    status = os.waitpid(pid, 0)[1]
    os.close(ready)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed by itself"
    return not os.WIFSIGNALED(status), time.perf_counter() - started


def _measured(*works: Callable[[], Any]) -> float:
    """The seconds of the quickest of these, each done whole: on a busy machine the first alone may be many times as long."""
    seconds = []
    for work in works:
        done, took = _child(work, None)
        assert done
        seconds.append(took)
    return min(seconds)


def _delays(chance: random.Random, moments: int, duration: float) -> list[float]:
    """One random moment in each of ``moments`` equal parts of the duration and a little more, shuffled."""
    delays = [duration * 1.1 * (at + chance.random()) / moments for at in range(moments)]
    chance.shuffle(delays)
    return delays


def _state() -> dict[str, Any]:
    """The register in a few numbers, told only when no writer is in the middle of anything."""
    from django.db.models import Count, Max, Sum

    from liantu.enterprises.models import AnnualFigure, Enterprise
    from liantu.kernel.batch import writing
    from liantu.kernel.models import Batch, Change

    with writing():
        return {"batches": Batch.objects.count(), "last": Batch.objects.aggregate(n=Max("id"))["n"], "changes": Change.objects.count(),
                "counted": sum(n or 0 for n in Batch.objects.aggregate(a=Sum("created"), b=Sum("updated"), c=Sum("deleted")).values()),
                "firms": Enterprise.objects.count(), "revisions": Enterprise.objects.aggregate(n=Sum("revision"))["n"] or 0, "figures": AnnualFigure.objects.count(),
                "new": Enterprise.objects.filter(address="云澜区新址").count(), "codes": Enterprise.objects.aggregate(n=Count("uscc", distinct=True))["n"]}


def _imports(moments: int, chance: random.Random) -> dict[str, Any]:
    """Kill ``accept`` of a sheet that changes known firms, brings new ones, and figures of the year for all of them."""
    from liantu.kernel import desk
    from liantu.kernel.batch import undo
    from liantu.kernel.models import Batch, Draft
    from tests.robust.kit import csv_bytes, firm_row, firm_sheet, register

    desk.accept(desk.open_draft(firm_sheet(range(KNOWN)), "名录.csv"))
    rows = [{**firm_row(n, 地址="云澜区新址"), "2025年营业收入（万元）": str(1000 + n)} for n in range(KNOWN - 500, KNOWN + NEW)]
    draft = desk.open_draft(csv_bytes(rows), "更新.csv")
    desk.read_draft(draft)
    before, plain_before = _state(), register()

    def work() -> None:
        desk.accept(draft)

    duration = min(_measured(work), _again(draft, work))
    after = _state()
    assert (after["firms"], after["new"], after["figures"]) == (KNOWN + NEW, NEW + 500, NEW + 500)
    undo(Batch.objects.get(pk=after["last"]))
    assert register() == plain_before
    _reopen(draft)
    before, whole = _state(), 0
    for delay in _delays(chance, moments, duration):
        _child(work, delay)
        now = _state()
        draft.refresh_from_db()
        if now == before:
            assert draft.state == "open"
            continue
        whole += 1
        assert draft.state == "accepted"
        assert now["batches"] == before["batches"] + 1
        assert now["changes"] - before["changes"] == now["counted"] - before["counted"] == 2 * (NEW + 500)
        assert (now["firms"], now["codes"], now["new"], now["figures"]) == (KNOWN + NEW, KNOWN + NEW, NEW + 500, NEW + 500)
        undo(Batch.objects.get(pk=now["last"]))
        _reopen(draft)
        before = _state()
    assert register() == plain_before
    assert Draft.objects.count() == 2
    return {"moments": moments, "whole": whole, "nothing": moments - whole, "duration": round(duration, 2)}


def _again(draft: Any, work: Callable[[], Any]) -> float:
    """A second, warmer measurement."""
    from liantu.kernel.batch import undo
    from liantu.kernel.models import Batch

    undo(Batch.objects.order_by("-id")[0])
    _reopen(draft)
    return _measured(work)


def _reopen(draft: Any) -> None:
    draft.state = "open"
    draft.save(update_fields=["state"])


def _files(moments: int, chance: random.Random) -> dict[str, Any]:
    """Kill the storing of files handed in: what stands under a content's name is that content."""
    from liantu.kernel import desk
    from liantu.kernel.models import StoredFile

    size = 3_000_000
    blobs = [hashlib.sha256(str(at).encode()).digest() * (size // 32) for at in range(moments)]
    first = [hashlib.sha256(f"first {at}".encode()).digest() * (size // 32) for at in range(5)]
    duration = _measured(*(lambda blob=blob: desk.store_file(blob, "first.csv", "csv") for blob in first))
    kept = 0
    for blob, delay in zip(blobs, _delays(chance, moments, duration), strict=True):
        _child(lambda blob=blob: desk.store_file(blob, "表.csv", "csv"), delay)
        kept += desk.file_path(hashlib.sha256(blob).hexdigest()).exists()
        for path in desk.file_path("x").parent.iterdir():
            assert len(path.name) != 64 or hashlib.sha256(path.read_bytes()).hexdigest() == path.name or path.name in _seen
            _seen.add(path.name)
    for stored in StoredFile.objects.all():
        assert desk.file_path(stored.sha256).stat().st_size == stored.size
    for blob in blobs:  # handing the same file in again mends everything
        assert desk.file_path(desk.store_file(blob, "表.csv", "csv").sha256).read_bytes() == blob
    return {"moments": moments, "whole": kept, "nothing": moments - kept, "duration": round(duration, 3)}


_seen: set[str] = set()


def _editions(moments: int, chance: random.Random) -> dict[str, Any]:
    """Kill ``freeze``: an edition that can be read is whole. Polars is used in the children only (its threads do not survive a fork)."""
    from liantu.kernel import desk
    from liantu.kernel.edition import freeze, list_editions, open_edition
    from liantu.kernel.home import home
    from tests.robust.kit import firm_sheet

    desk.accept(desk.open_draft(firm_sheet(range(KNOWN)), "名录.csv"))
    roots = [home() / "killed" / str(at) for at in range(moments)]
    duration = _measured(*(lambda name=name: freeze(number="2026-1", root=home() / "killed" / name) for name in ("first", "second", "third")))
    whole = 0
    for root, delay in zip(roots, _delays(chance, moments, duration), strict=True):
        _child(lambda root=root: freeze(number="2026-1", root=root), delay)
        for path in root.glob("*.json"):
            manifest = json.loads(path.read_bytes())
            for entry in manifest["tables"].values():
                data = (root / "objects" / f"{entry['sha256']}.parquet").read_bytes()
                assert hashlib.sha256(data).hexdigest() == entry["sha256"]
            whole += 1
    for at, root in enumerate(roots):  # afterwards freezing works in the same folder
        if root.exists() and at % 5 == 0 and not list_editions(root):
            freeze(number="2026-1", root=root)
            assert open_edition(root=root).table("enterprise").height == KNOWN
    return {"moments": moments, "whole": whole, "nothing": moments - whole, "duration": round(duration, 2)}


def _whole_database() -> None:
    """The history retells the register, the database finds no damage, and an edition can be frozen."""
    from django.db import connection

    from liantu.kernel.edition import freeze
    from tests.robust.kit import register, replay

    assert register() == replay()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert cursor.execute("PRAGMA foreign_key_check").fetchall() == []
    edition = freeze()
    assert edition.table("enterprise").height == len(register("enterprise")["enterprise"])


if __name__ == "__main__":
    main()
