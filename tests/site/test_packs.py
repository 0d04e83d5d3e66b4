"""The chain-chief pack of the synthetic district, made by the commands a user types: complete, in official form, provable figure by figure."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from liantu.papers.docx_check import check
from tests.site.conftest import ROOT, liantu


def run_script(site, name, *arguments):
    environment = {k: v for k, v in os.environ.items() if k not in ("DJANGO_SETTINGS_MODULE", "LIANTU_DATABASE_URL")} | {"LIANTU_DIR": str(site), "PYTHONPATH": os.pathsep.join((ROOT, os.path.join(ROOT, "src")))}
    done = subprocess.run([sys.executable, str(Path(__file__).with_name(name)), *map(str, arguments)], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def pack(demo_site, tmp_path_factory):
    """(site, folder of the pack, where it was put) of the district's first chain on its newest formal edition."""
    site, out = demo_site[0], tmp_path_factory.mktemp("packs")
    liantu("pack", "--chain", "digital_culture", "--edition", "2026-2.0", "--out", str(out), site=site)
    folders = [p for p in out.iterdir() if p.is_dir()]
    assert len(folders) == 1
    return site, folders[0], out


def test_the_pack_is_whole(pack):
    _, folder, _ = pack
    kinds = {p.suffix for p in folder.rglob("*") if p.is_file()}
    assert {".docx", ".pptx", ".xlsx", ".svg", ".png", ".txt"} <= kinds
    assert len(list(folder.rglob("*.svg"))) >= 4


def test_every_paper_keeps_the_official_form(pack):
    papers = sorted(pack[1].glob("*.docx"))
    assert len(papers) == 2
    assert {p.name: check(p.read_bytes()) for p in papers} == {p.name: [] for p in papers}


def test_two_hundred_figures_walk_back_to_their_cells(pack):
    site, folder, _ = pack
    told = run_script(site, "papers_check.py", folder, 200, 7)
    assert told["figures"] == 200
    assert set(told["by_kind"]) == {"docx", "pptx", "xlsx"}
    assert told["faults"] == []
    assert told["cells"] > 200
    assert all(p["differs"] == p["unknown"] == 0 and p["agrees"] for p in told["proofs"].values()), told["proofs"]


def test_a_changed_figure_is_found(pack, tmp_path):
    from docx import Document

    source = sorted(pack[1].glob("*.docx"))[0]
    paper = Document(str(source))
    tags = list(paper.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}sdt"))
    text = next(t for tag in tags for t in tag.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t") if t.text and t.text[0].isdigit())
    text.text = "9" + text.text
    paper.save(str(tmp_path / "changed.docx"))
    done = liantu("verify", str(tmp_path / "changed.docx"), site=pack[0], check=False)
    assert done.returncode == 1
    assert "不一致 1" in done.stdout


def test_unchanged_inputs_cost_nothing(pack):
    site, folder, out = pack
    before = {p: p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()}
    told = liantu("pack", "--chain", "digital_culture", "--edition", "2026-2.0", "--out", str(out), site=site).stdout
    assert "未变" in told
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()} == before


def test_the_public_pack_names_no_case_and_no_firms_figure(pack, tmp_path):
    site = pack[0]
    liantu("pack", "--chain", "digital_culture", "--edition", "2026-2.0", "--version", "public", "--out", str(tmp_path), site=site)
    folder = next(p for p in tmp_path.iterdir() if p.is_dir())
    import openpyxl

    book = openpyxl.load_workbook(next(folder.glob("*.xlsx")))
    assert "问题清单" not in book.sheetnames
    firms = book["重点企业清单"]
    heads = {str(c.value) for row in firms.iter_rows(min_row=1, max_row=6) for c in row if c.value}
    assert not {h for h in heads if h.startswith(("工业总产值", "营业收入", "税收", "从业人数"))}
