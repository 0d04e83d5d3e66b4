"""The documents tell the truth: the reference is what the declarations say, and every fenced Python block runs."""

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SCRIPTS = {page: [textwrap.dedent(code) for code in re.findall(r"^ *```python\n(.*?)^ *```", page.read_text(encoding="utf-8"), re.S | re.M)] for page in PAGES}


def test_reference_is_current(tmp_path):
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"} | {"LIANTU_DIR": str(tmp_path)}
    assert subprocess.run([sys.executable, str(ROOT / "docs" / "make_reference.py"), "--check"], env=environment, check=False).returncode == 0, "run `make docs`"


@pytest.mark.parametrize("page", [p for p, blocks in SCRIPTS.items() if blocks], ids=lambda p: p.name)
def test_python_blocks_run_in_order(page, tmp_path):
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"} | {"LIANTU_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", "\n".join(SCRIPTS[page])], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize("page", PAGES, ids=[str(p.relative_to(ROOT)) for p in PAGES])
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target
