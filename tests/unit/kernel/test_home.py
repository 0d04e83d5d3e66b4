"""Files are written whole or not at all, and what a crash left is swept."""

from __future__ import annotations

import os
import threading
import time

import pytest

from liantu.kernel.home import UNFINISHED, _sweep, write_atomic


def test_a_file_is_old_or_new_and_never_between(tmp_path):
    path, seen, stop = tmp_path / "x", set(), threading.Event()
    write_atomic(path, b"a" * 200_000)

    def read() -> None:
        while not stop.is_set():
            seen.add(path.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for letter in (b"b", b"c", b"d") * 5:
        write_atomic(path, letter * 200_000, lasting=False)
    stop.set()
    reader.join()
    assert all(len(data) == 200_000 and len(set(data)) == 1 for data in seen)
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


def test_a_failed_rename_leaves_nothing(tmp_path):
    (tmp_path / "folder" / "full").mkdir(parents=True)
    with pytest.raises(OSError):
        write_atomic(tmp_path / "folder", b"x")
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def test_what_a_crash_left_a_day_ago_is_swept(tmp_path):
    old, young, other = (tmp_path / name for name in (f"{UNFINISHED}old", f"{UNFINISHED}young", "own"))
    for path in (old, young, other):
        path.write_bytes(b"x")
    day_ago = time.time() - 90_000
    os.utime(old, (day_ago, day_ago))
    os.utime(other, (day_ago, day_ago))
    _sweep.cache_clear()
    write_atomic(tmp_path / "new", b"x")
    assert not old.exists() and young.exists() and other.exists()
