"""The protocols of few labels and of product nodes on a small made-up folder."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from liantu.evaluation import placement_few, placement_nodes
from liantu.evaluation.listed_firms import listed_firms
from liantu.evaluation.report import Asked

CLASSES = {"110101": ("稻种", "玉米种", "蔬菜种苗"), "110201": ("对虾", "海参", "鱼苗"),
           "630101": ("电力电缆", "通信电缆", "漆包线"), "630201": ("硅片", "电池组件", "光伏逆变器")}
NAMES = {"110000": "农业", "110100": "种植业", "110200": "渔业", "630000": "电力设备", "630100": "电缆", "630200": "光伏设备",
         "110101": "种苗", "110201": "海参对虾", "630101": "电缆", "630201": "光伏组件"}


def write(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    chance = np.random.default_rng(0)
    firms, labels, products, scopes = [], [], [], []
    for at in range(300):
        code, path = f"{600000 + at}", sorted(CLASSES)[at % 4]
        first, second = chance.permutation(CLASSES[path])[:2]
        firms.append({"name": f"企{at}", "fullname": f"示例{at}股份有限公司", "code": code})
        labels.append({"company_code": f"{code}.SH", "industry_code": path})
        products += [{"company": f"{code}SH", "product": first, "weight": 0.7}, {"company": f"{code}SH", "product": second, "weight": 0.3},
                     {"company": f"{code}SH", "product": "其他业务", "weight": 0.1}]
        scopes.append({"stock_code": code, "scope": f"{first}、{second}的生产。"})
    write(tmp_path / "chainkg_company.csv", firms)
    write(tmp_path / "chainkg_company_industry.csv", labels)
    write(tmp_path / "chainkg_company_product.csv", products)
    write(tmp_path / "chainkg_industry.csv", [{"code": c, "name": n} for c, n in NAMES.items()])
    write(tmp_path / "scope_sw2021_labelled.csv", scopes)
    write(tmp_path / "chainkg_product_product.csv", [{"a": "海参", "b": "鱼苗", "rel": "产品小类"}])
    return tmp_path


def test_few(folder: Path) -> None:
    found = {(m.metric, m.method, m.group): m for m in placement_few.run(Asked(folder, seeds=2))}
    test = sum(not placement_few.is_dev(f"{600000 + at}") for at in range(300))
    for level in ("一级", "二级", "三级"):
        zero = found["top-1，0 个标签", "描述＋自训练", level]
        assert zero.n == test and zero.value is not None and zero.value > 0.3 and zero.low is not None and zero.floor is not None
        few = found["top-1，100 个标签", "支持向量机＋零标签", level]
        assert few.value is not None and few.value > 0.9 and few.seeds == 2
    assert not any("300" in metric for metric, _, _ in found), "more labels than firms are not asked"


def test_no_label_enters_the_answer_without_labels(folder: Path) -> None:
    before = {m.method: m for m in placement_few.run(Asked(folder, quick=True, seeds=1)) if m.metric == "top-1，0 个标签" and m.group == "一级"}
    rows = list(csv.DictReader((folder / "chainkg_company_industry.csv").open(encoding="utf-8")))
    turn = {"110101": "630101", "630101": "110101", "110201": "630201", "630201": "110201"}
    write(folder / "chainkg_company_industry.csv", [{**r, "industry_code": turn[r["industry_code"]]} for r in rows])
    after = {m.method: m for m in placement_few.run(Asked(folder, quick=True, seeds=1)) if m.metric == "top-1，0 个标签" and m.group == "一级"}
    was, now = before["描述＋自训练"].value, after["描述＋自训练"].value
    assert was is not None and now is not None and abs(was + now - 1) < 1e-9


def test_nodes(folder: Path) -> None:
    firms = listed_firms(folder)
    nodes = placement_nodes.product_nodes(firms)
    assert "其他业务" not in nodes and len(nodes) == 12
    found = {(m.metric, m.method): m for m in placement_nodes.run(Asked(folder))}
    ours = found["前 5 命中（宽）", "合并"]
    assert ours.value is not None and ours.value > 0.9 and ours.target is not None and ours.n > 100
    assert (found["前 5 命中（严）", "合并"].value or 0) <= ours.value
    assert ("前 1 命中（严）", "BM25") in found


def test_a_firm_is_not_its_own_example(folder: Path) -> None:
    firms = listed_firms(folder)
    alone = [firms[0]]
    near = placement_nodes.rankings(alone, ["稻种", "玉米种"], [0])["近邻企业"]
    assert (near == 0).all()
    strict, relaxed = placement_nodes.truths(firms, ["海参", "鱼苗"], [i for i, f in enumerate(firms) if dict(f.products).get("海参", 0) > 0][:1], {"海参": {"鱼苗"}})
    assert strict[0, 0] and relaxed[0].all()
