"""Chain templates: the built-in ones hold together, a broken one tells every reason, writing and reading agree."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liantu.chains import ChainTemplate, Group, Industry, Link, Node, Stage
from liantu.chains.template import (
    MAX_BYTES,
    TemplateError,
    builtin_templates,
    dump_template,
    industry_code_names,
    load_builtin,
    load_template,
    word_key,
)

LEAST_NODES = {"nev_battery": 90, "nonferrous_processing": 60}
OTHERWISE_LEAST = 30

SMALL = """\
code: small
zh: 小链
industry: {code: some_industry, zh: 某产业}
edition: "2026.1"
basis: local
classification: GB/T 4754-2017
stages:
  - {code: early, stage: up, zh: 上游}
groups:
  - {code: things, stage: early, zh: 东西}
nodes:
  - code: ore
    zh: 矿
    group: things
    industry_codes: ["0911"]
    weight: 1
  - code: metal
    zh: 金属
    group: things
    products: [电解铜]
    industry_codes: ["3211"]
    weight: 2
links:
  - {from: ore, to: metal, item: 铜精矿, weight: 3}
"""


def problems_of(text: str | Path) -> list[str]:
    with pytest.raises(TemplateError) as caught:
        load_template(text)
    return caught.value.problems


def only_problem_of(old: str, new: str) -> str:
    assert old in SMALL
    problems = problems_of(SMALL.replace(old, new, 1))
    assert len(problems) == 1, problems
    return problems[0]


@pytest.mark.parametrize("code", builtin_templates())
def test_builtin_chain_holds_together(code: str) -> None:
    chain = load_builtin(code)
    assert chain.code == code
    assert len(chain.nodes) >= LEAST_NODES.get(code, OTHERWISE_LEAST)
    assert 4 <= len(chain.stages) <= 6
    assert {stage.stage for stage in chain.stages} == {"up", "mid", "down"}
    sizes = Counter(node.group for node in chain.nodes)
    assert all(2 <= sizes[group.code] <= 8 for group in chain.groups), sizes
    assert any(node.critical for node in chain.nodes)
    assert all(node.en and len(node.products) >= 3 for node in chain.nodes), [n.code for n in chain.nodes if len(n.products) < 3]
    assert load_template(dump_template(chain)) == chain


@pytest.mark.parametrize("code", builtin_templates())
def test_builtin_chain_flows_mainly_downstream(code: str) -> None:
    chain = load_builtin(code)
    column = {stage.code: number for number, stage in enumerate(chain.stages)}
    place = {node.code: column[chain.stage_of(node).code] for node in chain.nodes}
    forward = sum(place[link.source] <= place[link.target] for link in chain.links)
    assert forward / len(chain.links) > 0.8


def test_an_unknown_builtin_chain_names_those_that_exist() -> None:
    with pytest.raises(TemplateError, match="是否应为 nev_battery"):
        load_builtin("nev_batery")


def test_the_classification_is_a_tree_of_four_levels() -> None:
    names = industry_code_names()
    assert Counter(len(code) for code in names if code.isdigit()) == {2: 97, 3: 473, 4: 1381}
    assert names["3841"] == "锂离子电池制造"
    assert all(code[:-1] in names for code in names if len(code) in (3, 4))


BROKEN = """\
code: Broken
zh: 坏链
industry: {code: some_industry, zh: 某产业}
edition: 2026.1
basis: hearsay
classification: GB/T 4754-2017
stage: []
stages:
  - {code: early, stage: top, zh: 上游}
  - {code: late, stage: down, zh: 下游}
groups:
  - {code: things, stage: erly, zh: 东西}
  - {code: nothing, stage: early, zh: 空组}
nodes:
  - code: ore
    zh: no
    group: things
    industry_codes: [0610]
    weight: 9
  - code: metal
    zh: 金属
    group: 东西
    synonyms: 铜材
    products: [电解铜, 电解铜]
    industry_codes: ["3219", "3841x"]
    weight: 2
    critcal: true
  - code: metal
    zh: 金 属
    group: things
    products: [电解铜, 铜杆]
    excludes: [铜杆]
    industry_codes: []
    weight: "2"
    critical: 1
  - code: lonely
    zh: 孤点
    group: things
    industry_codes: ["3211"]
    weight: 1
  - code: wire
    zh: 线
    industry_codes: ["3831"]
    weight: 1
links:
  - {from: ore, to: metal, item: 铜精矿, weight: 3}
  - {from: ore, to: metal, item: 铜精矿, weight: 0}
  - {from: metal, to: metal, item: 铜, weight: 1}
  - {from: metal, to: wire, item: 铜杆, weight: 1}
  - {from: wire, to: ore, item: 废线, weight: 1}
  - {from: wires, to: 金属, item: 废线, weight: 1}
  - {from: wire, to: metal, item: 废线, weight: 1, recycling: true}
"""

EXPECTED = [
    ("第 1 行", "代码「Broken」不合格式"),
    ("第 4 行", "「2026.1」被 YAML 读成了小数", '请加引号，写成 "2026.1"'),
    ("第 5 行", "basis 应为 liantu_default、official、local 之一，看到「hearsay」"),
    ("第 7 行", "不认识的键 stage，是否应为 stages"),
    ("第 9 行", "stage 应为 up、mid、down 之一，看到「top」"),
    ("第 10 行", "「下游」", "是空的"),
    ("第 12 行", "stage 的 erly 不在 stages 中，是否应为 early"),
    ("第 13 行", "「空组」", "是空的"),
    ("第 16 行", "「no」被 YAML 读成了是/否值", '写成 "no"'),
    ("第 18 行", "「0610」被 YAML 读成了数字", '写成 "0610"'),
    ("第 19 行", "weight 应为 1 到 5 的整数", "看到「9」"),
    ("第 22 行", "group 的 东西 不在 groups 中，应写代码 things"),
    ("第 23 行", "synonyms 应为列表"),
    ("第 24 行", "products 中「电解铜」写了两次"),
    ("第 25 行", "GB/T 4754-2017 没有代码 3841x", "3841 锂离子电池制造"),
    ("第 27 行", "不认识的键 critcal，是否应为 critical"),
    ("第 28 行", "代码 metal 已被「金属」使用"),
    ("第 29 行", "zh 的词「金 属」在「金属」中也有"),
    ("第 31 行", "products 的词「电解铜」在「金属」中也有"),
    ("第 32 行", "「铜杆」既是本环节的词又列在 excludes 中"),
    ("第 33 行", "industry_codes 应有 1 到 4 个代码，看到 0 个"),
    ("第 34 行", "weight 应为 1 到 5 的整数", "看到「2」"),
    ("第 35 行", "critical 应为 true 或 false，看到「1」"),
    ("第 36 行", "「孤点」", "没有任何上下游关系"),
    ("第 41 行", "「线」", "缺少 group"),
    ("第 47 行", "weight 应为 1 到 5 的整数", "看到「0」"),
    ("第 47 行", "与第 46 行重复"),
    ("第 48 行", "起点和终点是同一个环节"),
    ("第 50 行", "ore → metal → wire → ore 首尾相接成环", "recycling: true"),
    ("第 51 行", "from 的 wires 不在 nodes 中，是否应为 wire"),
    ("第 51 行", "to 的 金属 不在 nodes 中，应写代码 metal"),
]


def test_a_broken_file_tells_every_reason_at_once_in_order() -> None:
    problems = problems_of(BROKEN)
    told = "\n".join(problems)
    for fragments in EXPECTED:
        assert any(all(fragment in problem for fragment in fragments) for problem in problems), (fragments, told)
    assert len(problems) == len(EXPECTED), told
    lines = [int(problem.split()[1]) for problem in problems]
    assert lines == sorted(lines)


def test_the_error_is_one_that_faces_can_show() -> None:
    with pytest.raises(TemplateError) as caught:
        load_template(BROKEN)
    assert caught.value.code == "chain-template"
    assert f"{len(EXPECTED)} 处问题" in str(caught.value)
    assert all(problem in str(caught.value) for problem in caught.value.problems)


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("zh: 小链", "zh: ''", "zh 是空的"),
    ("zh: 小链", "zh:", "空白被 YAML 读成了空值"),
    ("zh: 小链", "zh: [小, 链]", "应为单个值"),
    ("zh: 小链", "zh: 2026-01-01", "读成了日期"),
    ("zh: 小链", "zh: 小链\nzh: 大链", "键 zh 写了两次"),
    ("classification: GB/T 4754-2017", "classification: GB/T 4754-2011", "classification 应为 GB/T 4754-2017 之一"),
    ("    weight: 1\n", "    weight: true\n", "看到「true」"),
    ("    weight: 1\n", "    weight: 1.0\n", "看到「1.0」"),
    ("products: [电解铜]", "products: [[电解铜]]", "多层内容"),
    ("products: [电解铜]", "products: [off]", "「off」被 YAML 读成了是/否值"),
    ('["3211"]', '["3211", "3212", "3213", "3214", "3215"]', "看到 5 个"),
    ("to: metal", "to: metl", "是否应为 metal"),
] )
def test_one_fault_one_reason(old: str, new: str, expected: str) -> None:
    assert expected in "\n".join(problems_of(SMALL.replace(old, new, 1)))


def test_missing_keys_are_told_in_one_reason() -> None:
    assert only_problem_of('edition: "2026.1"\nbasis: local\n', "").endswith("缺少 edition、basis。")


@pytest.mark.parametrize(("text", "expected"), [
    ("", "看到空文件"),
    ("- 一\n- 二\n", "应为「键: 值」的形式"),
    ("code: a\nzh：小链\nen: b\n", "全角标点"),
    ("code: a\n\tzh: b\n", "制表符"),
    ("code: [a\nzh: b\n", "第 2 行"),
    ("code: a\n---\ncode: b\n", "YAML 语法错误"),
    ("code: a\x07\nzh: b\n", "控制字符"),
])
def test_a_text_that_is_no_chain_at_all(text: str, expected: str) -> None:
    assert expected in "\n".join(problems_of(text))


def test_anchors_aliases_tags_and_depth_are_refused_before_anything_grows() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20))
    assert "第 1 行：用了 YAML 的引用" in problems_of(bomb)[0]
    assert "用了 YAML 标签" in problems_of("code: !!python/object/apply:os.getcwd []\n")[0]
    assert "嵌套超过" in problems_of("code: " + "[" * 5000 + "\n")[0]
    assert "超过" in problems_of("code: " + "a" * MAX_BYTES + "\n")[0]


def test_a_path_is_read_with_or_without_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8-sig")
    assert load_template(path) == load_template(str(path)) == load_template(SMALL)


def test_other_encodings_large_and_absent_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_bytes(SMALL.encode("gb18030"))
    assert "另存为 UTF-8" in problems_of(path)[0]
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    assert "超过" in problems_of(path)[0]
    assert "找不到或打不开文件" in problems_of(tmp_path / "absent.yaml")[0]
    assert "找不到或打不开文件" in problems_of("x" * 5000)[0]


texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=12).map(str.strip).filter(bool)
weights = st.integers(1, 5)


@st.composite
def templates(draw: st.DrawFn) -> ChainTemplate:
    """Any valid chain: links run from earlier to later nodes, recycling links back."""
    size = draw(st.integers(2, 8))
    used: set[str] = set()

    def fresh(prefix: str) -> str:
        word = f"{prefix}{draw(texts)}"
        while word_key(word) in used:
            word += "字"
        used.add(word_key(word))
        return word

    def words() -> tuple[str, ...]:
        return tuple(fresh("") for _ in range(draw(st.integers(0, 3))))

    codes = st.lists(st.sampled_from(sorted(industry_code_names())), min_size=1, max_size=4, unique=True)
    nodes = tuple(
        Node(f"node_{n}", fresh(""), "all_nodes", tuple(draw(codes)), draw(weights), draw(st.just("") | texts), words(), words(),
             tuple(f"{n}除外" for _ in range(draw(st.integers(0, 1)))), draw(st.booleans()))
        for n in range(size))
    pairs = draw(st.sets(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(lambda pair: pair[0] != pair[1])))
    pairs |= {(n, n + 1) for n in range(size - 1)}
    links = tuple(Link(f"node_{a}", f"node_{b}", draw(weights), draw(st.just("") | texts), a > b) for a, b in sorted(pairs))
    stage = Stage("only", draw(st.sampled_from(["up", "mid", "down"])), draw(texts), draw(texts))
    return ChainTemplate("drawn", draw(texts), Industry("some_industry", draw(texts)), draw(texts), "local", "GB/T 4754-2017",
                         (stage,), (Group("all_nodes", "only", draw(texts)),), nodes, links, draw(texts))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(templates())
def test_what_is_written_is_read_back_the_same(template: ChainTemplate) -> None:
    text = dump_template(template)
    assert load_template(text) == template
    assert dump_template(load_template(text)) == text


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_or_read_but_never_crashes(data: st.DataObject) -> None:
    lines = SMALL.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        damage: Any = data.draw(st.sampled_from(["drop", "double", "cut", "scalar"]))
        if damage == "drop" and len(lines) > 1:
            lines.pop(at)
        elif damage == "double":
            lines.insert(at, lines[at])
        elif damage == "cut":
            lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))]
        else:
            lines[at] = lines[at].split(":")[0] + ": " + data.draw(st.sampled_from(["no", "07", "[]", "{}", "~", "x", "[{a: b}]"]))
    try:
        load_template("\n".join(lines) + "\n")
    except TemplateError as error:
        assert error.problems


def test_the_example_of_the_manual_is_a_chain() -> None:
    manual = Path(__file__).parents[3] / "docs" / "chain-templates.md"
    example = manual.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    chain = load_template(example)
    assert chain.node("copper_tube").words[0] == "铜管"
    assert [link.recycling for link in chain.links] == [False, True]
