"""A process may be killed at any moment: afterwards the register holds the whole batch or nothing, files and editions are whole."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.own_database, pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")]


@pytest.mark.parametrize(("what", "moments", "seed"), [("imports", 60 if os.environ.get("LIANTU_DATABASE_URL") else 130, 1), ("files", 30, 2), ("editions", 40, 3)])
def test_killed(what, moments, seed, tmp_path):
    run = subprocess.run([sys.executable, "-m", "tests.robust.killing", what, str(tmp_path), str(moments), str(seed)], cwd=ROOT, capture_output=True, text=True,
                         timeout=240, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    told = json.loads(run.stdout.splitlines()[-1])
    print(what, told)
    assert told["whole"] + told["nothing"] == moments
    assert told["nothing"] >= moments // 3, "the kills came too late to mean anything"
