"""What `make demo` promises, on a small synthetic district."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.site.conftest import liantu


def test_demo_prints_a_generated_password_and_the_export_folder(demo_site):
    site, told, password = demo_site
    assert len(password) == 14
    assert str(site / "exports") in told.replace("\n", "")
    names = {p.name.split("-")[0] for p in (site / "exports").iterdir()}
    assert {"firm_list", "gap_list", "chain_masters", "single_supplier", "chain_summary", "chain_map"} <= names


def test_self_check_finds_what_was_planted(demo_site):
    done = liantu("self-check", "--dir", str(demo_site[0]), site=demo_site[0], check=False)
    assert done.returncode == 0, done.stdout


def test_two_hundred_exported_numbers_walk_back_to_their_cells(demo_site):
    site = demo_site[0]
    environment = {k: v for k, v in os.environ.items() if k not in ("DJANGO_SETTINGS_MODULE", "LIANTU_DATABASE_URL")} | {"LIANTU_DIR": str(site)}
    script = Path(__file__).with_name("numbers_check.py")
    done = subprocess.run([sys.executable, str(script), str(site / "exports"), "200", "7"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["numbers"] == 200
    assert told["faults"] == []
    assert told["cells"] > 200


def test_second_month_goes_in_without_a_question(demo_site):
    """Renamed headers, two of which no alias knows, were understood from what a person said in the first month."""
    site = demo_site[0]
    done = liantu("run", "firm_list", "--format", "json", site=site)
    assert json.loads(done.stdout)["edition"] == "2026-2.0"


def test_same_files_again_change_nothing(demo_site):
    site = demo_site[0]
    sheets = sorted((site / "district" / "sheets").iterdir())
    done = liantu("import", str(sheets[0]), "--yes", site=site, check=False)
    assert "没有变化" in done.stdout


def test_exit_codes(demo_site, tmp_path):
    site = demo_site[0]
    assert liantu("run", "no_such_output", site=site, check=False).returncode == 2
    broken = tmp_path / "坏的.xlsx"
    broken.write_bytes(b"PK\x03\x04 not a workbook")
    done = liantu("import", str(broken), "--yes", site=site, check=False)
    assert done.returncode == 2
    assert "坏的.xlsx" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_why_by_printed_id(demo_site):
    site = demo_site[0]
    row = json.loads(liantu("run", "gap_list", "--format", "json", site=site).stdout)["rows"][0]
    told = liantu("why", row["passport"], site=site).stdout
    assert row["code"] in told and "一致" in told
