"""A small district: the same every time, and what is said to be planted really stands in the sheets."""

from __future__ import annotations

import csv
import inspect
import io
import json
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
import xlrd

from liantu.chains.template import load_builtin
from liantu.demo import Planted, generate, next_month
from liantu.demo.figure_sheets import park_output
from liantu.demo.generator import build
from liantu.demo.later import FOLDER
from liantu.demo.work_sheets import Dirt, _soil
from liantu.kernel.identifiers import check_uscc
from liantu.kernel.names import normal_name

SIZE = {"seed": 5, "firms": 300, "months": 24, "supply_links": 1500}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("district")
    planted = generate(folder, **SIZE)
    next_month(folder, planted, 9)
    return folder


@pytest.fixture(scope="module")
def planted(out: Path) -> Planted:
    return Planted.load(out / "planted.json")


class Cells:
    """Any of the written files as rows of values; row numbers count from 1."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.known = folder, {}

    def __call__(self, file: str, sheet: str = "") -> list[list[object]]:
        if file not in self.known:
            self.known[file] = self._read(self.folder / file)
        book = self.known[file]
        return book[sheet] if sheet in book else next(iter(book.values()))  # a csv has no sheets

    def names(self, file: str) -> list[str]:
        self(file)
        return list(self.known[file])

    def _read(self, path: Path) -> dict[str, list[list[object]]]:
        data = path.read_bytes()
        if path.suffix == ".csv":
            text = data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "gb18030")
            return {"": [list(r) for r in csv.reader(io.StringIO(text))]}
        if data.startswith(b"PK"):
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=False)
            return {s.title: [list(r) for r in s.iter_rows(values_only=True)] for s in book.worksheets}
        if data.startswith(b"<html"):
            return {"": [[line] for line in data.decode("gb18030").split("\r\n")]}
        old = xlrd.open_workbook(file_contents=data)
        return {s.name: [s.row_values(i) for i in range(s.nrows)] for s in old.sheets()}


@pytest.fixture(scope="module")
def cells(out: Path) -> Cells:
    return Cells(out / "sheets")


def number(value: object) -> float:
    text = str(value).translate(str.maketrans("０１２３４５６７８９．", "0123456789.")).replace(",", "")
    return float(text[:-1]) * 10_000 if text.endswith("亿") else float(text)


def test_equal_settings_give_equal_files(out: Path, tmp_path: Path) -> None:
    next_month(tmp_path, generate(tmp_path, **SIZE), 9)
    files = sorted(p.relative_to(out) for p in out.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file())
    assert [f for f in files if (out / f).read_bytes() != (tmp_path / f).read_bytes()] == []


def test_another_seed_is_another_district(planted: Planted) -> None:
    other = build({**planted.settings, "seed": 6})
    assert not {f.uscc for f in other.world.firms} & set(planted.firms)


def test_sizes(planted: Planted, out: Path) -> None:
    assert len(planted.firms) == planted.totals["distinct_firms"] == 300
    assert sum(f["above_scale"] for f in planted.firms.values()) == planted.totals["above_scale"] == 54
    assert planted.totals["supply_rows"] == 1500 and 30 <= len(planted.files) <= 56
    assert len(planted.duplicates) >= 24 and len(planted.broken_codes) >= 24
    assert {b["kind"] for b in planted.broken_codes} == {"check", "inner", "float", "length"}


def test_codes_are_valid(planted: Planted) -> None:
    assert not any(check_uscc(code) for code in planted.firms)


def test_everything_says_synthetic(out: Path, cells: Cells) -> None:
    for path in sorted((out / "sheets").iterdir()):
        for sheet in cells.names(path.name):
            rows = cells(path.name, sheet) if sheet else cells(path.name)
            assert "合成数据" in " ".join(str(v) for r in rows[:2] for v in r), (path.name, sheet)
    assert "合成数据" in (out / "README.txt").read_text(encoding="utf-8")


def test_broken_codes_stand_where_they_are_said_to(planted: Planted, cells: Cells) -> None:
    for found in planted.broken_codes:
        file, sheet, row = found["place"]
        line = cells(file, sheet)[row - 1]
        assert found["seen"] in {str(float(v)) if isinstance(v, (int, float)) else str(v) for v in line}, found
        assert found["true"] in planted.firms and found["seen"] != found["true"]


def test_duplicates_stand_where_they_are_said_to(planted: Planted, cells: Cells) -> None:
    for pair in planted.duplicates:
        assert pair["names"][0] != pair["names"][1] and len(pair["places"]) == 2
        for name, (file, sheet, row) in zip(pair["names"], pair["places"], strict=True):
            assert normal_name(name) in {normal_name(v) for v in cells(file, sheet)[row - 1] if isinstance(v, str)}, pair


def test_no_text_points_at_a_missing_node(planted: Planted, cells: Cells, out: Path) -> None:
    assert len(planted.missing_nodes) >= 4
    text = "\n".join(str(v) for f in ("02_市场监管_存量企业名录.csv",) for r in cells(f) for v in r)
    text += "\n".join(str(v) for s in cells.names("04_镇街企业名录_202610.xlsx") for r in cells("04_镇街企业名录_202610.xlsx", s) for v in r)
    for ref in planted.missing_nodes:
        chain, code = ref.split("/")
        assert [w for w in load_builtin(chain).node(code).words if len(w) > 1 and w in text] == [], ref


def test_all_other_nodes_are_held_and_rare_ones_are_unmistakable(planted: Planted) -> None:
    held = {ref for f in planted.firms.values() for ref in f["nodes"]}
    every = {f"{c}/{n.code}" for c in planted.chains for n in load_builtin(c).nodes}
    assert held == every - set(planted.missing_nodes)
    rare = set(planted.missing_nodes) | set(planted.weak_nodes) | {s["node"] for s in planted.single_suppliers}
    kinds = build(planted.settings).plan.nodes
    assert not {ref for f in planted.firms.values() for ref in f["also"]} & {r for r in rare if kinds[r].kind != "normal"}


def test_single_suppliers_hold(planted: Planted) -> None:
    at = defaultdict(list)
    for uscc, firm in planted.firms.items():
        for ref in firm["nodes"]:
            at[ref].append((firm["output_2025"], firm["above_scale"], uscc))
    true = set()
    for ref, here in at.items():
        value, above, uscc = max(here)
        if above and value >= planted.single_share * sum(v for v, *_ in here):
            true.add((ref, uscc))
    assert true == {(s["node"], s["uscc"]) for s in planted.single_suppliers} and len(true) >= 3
    assert all(s["planted"] for s in planted.single_suppliers)


def test_chain_masters_lead(planted: Planted) -> None:
    built = build(planted.settings)
    local = defaultdict(set)
    for row in built.supply:
        if row.supplier and row.year == 2025:
            local[row.customer.uscc].add(row.supplier.number)
    for master in planted.chain_masters:
        others = [f for u, f in planted.firms.items() if f["chain"] == master["chain"] and u not in {m["uscc"] for m in planted.chain_masters}]
        assert master["revenue_2025"] > max(f["revenue_2025"] for f in others)
        rivals = [len(v) for u, v in local.items() if planted.firms[u]["chain"] == master["chain"] and u not in {m["uscc"] for m in planted.chain_masters}]
        assert master["local_suppliers"] == len(local[master["uscc"]]) > max(rivals)


def test_supply_follows_node_links(planted: Planted) -> None:
    built = build(planted.settings)
    keys = set()
    for row in built.supply:
        keys.add((row.supplier_name, row.customer.name, row.item, row.year))
        if row.node:
            assert any(row.node == a for ref in row.customer.nodes for a, _, _ in built.plan.sources.get(ref, []))
            assert row.supplier is None or row.node in row.supplier.nodes
    assert len(keys) == len(built.supply) == 1500


def test_yearly_sheet_adds_up_to_the_known_totals(planted: Planted, cells: Cells) -> None:
    sums: dict[str, float] = defaultdict(float)
    for row in cells("09_亩均效益评价基础数据.xlsx", "2025年")[4:]:
        if row[1] == "小计":
            assert row[4] == pytest.approx(planted.totals["park_output_2025"][row[3]], abs=0.01)
        elif row[0] is not None and row[2]:
            sums[str(row[3])] += number(row[4])
    for park, value in planted.totals["park_output_2025"].items():
        assert sums[park] == pytest.approx(value, abs=0.01)
    assert sum(park_output(build(planted.settings).world, 2025).values()) == pytest.approx(planted.totals["output_2025"])


def test_months(planted: Planted, cells: Cells) -> None:
    assert cells.names("11_工信局_2025年工业产值月报.xlsx") == [f"{m}月" for m in range(2, 13)]
    assert {r[4] for r in cells("11_工信局_2025年工业产值月报.xlsx", "2月")[4:] if r[2]} == {"—"}
    assert any("千元" in str(v) for v in cells("11_工信局_2024年工业产值月报.xlsx", "12月")[2])
    by_code = {r[2]: number(r[5]) for r in cells("11_工信局_2025年工业产值月报.xlsx", "12月")[4:] if r[2]}
    for code, value in by_code.items():
        assert value == pytest.approx(planted.firms[code]["output_2025"], abs=0.011)


def test_places_lie_in_their_park(planted: Planted) -> None:
    built = build(planted.settings)
    for park in built.world.parks:
        here = [f for f in built.world.firms if f.park is park]
        import numpy as np

        assert not here or park.inside(np.array([f.longitude for f in here]), np.array([f.latitude for f in here])).all()


def test_next_month_has_other_headers_but_the_same_unlisted_ones(planted: Planted, out: Path, cells: Cells) -> None:
    later = Cells(out / FOLDER)
    files = sorted(p.name for p in (out / FOLDER).iterdir())
    assert len(files) == 14
    models = "".join((Path(inspect.getfile(load_builtin.__wrapped__)).parents[1] / room / "models.py").read_text(encoding="utf-8") for room in ("enterprises", "chains", "places"))
    headers = {str(v) for f in files for r in later(f)[:4] for v in r if v}
    for item in planted.unlisted_headers:
        assert f'"{item["header"]}"' not in models and item["header"] in headers
        first = cells(item["file"], item["sheet"]) if item["sheet"] else cells(item["file"])
        assert item["header"] in {v for r in first[:4] for v in r}
    for known in ("社会信用代码", "法人单位名称", "乡镇街道", "售电量", "用电月份", "本年累计产值", "填报单位", "供货商", "购买方", "采购额"):
        assert f'"{known}"' in models


def test_dirt_of_the_work_sheets_stands_where_it_is_said_to(planted: Planted, cells: Cells) -> None:
    assert {d["code"] for d in planted.dirt} >= {"not-a-choice", "bad-date", "bad-number", "required-missing", "unknown-reference", "approximate"}
    for found in planted.dirt:
        file, sheet, row = found["place"]
        line = cells(file, sheet)[row - 1]
        assert found["seen"] in {str(v) for v in line} if found["seen"] else None in line, found


def test_a_project_without_a_node_is_given_one_that_no_chain_has() -> None:
    """Not every district has such a project: the cell is soiled where there is one."""
    dirt, lines = Dirt(SimpleNamespace(planted=Planted(settings={}))), [{"node": "电芯"}, {"node": None}]
    here = [SimpleNamespace(total=12_000.0, node="电芯"), SimpleNamespace(total=9_000.0, node=None)]
    _soil(dirt, SimpleNamespace(name="项目", first_row=4), here, lines, "表.xlsx", 2)
    assert [(d["code"], d["place"][2], d["seen"]) for d in dirt.found] == [("approximate", 4, "约1.2亿元"), ("unknown-reference-blank", 5, "其他未列环节")]
    assert lines[1]["node"] == "其他未列环节" and lines[0]["node"] == "电芯"


def test_answers_are_plain_json(out: Path, planted: Planted) -> None:
    assert json.loads((out / "planted.json").read_text(encoding="utf-8"))["settings"]["seed"] == 5
    assert {f["file"] for f in planted.unlisted_headers} <= set(planted.files)
