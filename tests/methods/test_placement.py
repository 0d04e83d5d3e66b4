"""Placement on made-up firms: where they stand, where they do not, and what is told about it."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.methods.placement import FirmText, NodeText, PlacedChunk, Placer
from liantu.methods.scope_text import DEVELOP, MAKE, SCOPE, SELL, SERVE, ScopeReader, dictionary_word, name_kind
from liantu.methods.text import Scanner, WordLikeness, code_points, drop_contained, fold

# name, scope, likely nodes
LIKELY = [
    ("甲能源有限公司", "方形铝壳电池的研发、生产、销售", {"battery/cell"}),
    ("乙能源有限公司", "生产：锂离子电池、储能电芯；销售钢材", {"battery/cell"}),
    ("丙材料有限公司", "磷酸铁锂正极材料、石墨负极材料的制造与销售", {"battery/cathode", "battery/anode"}),
    ("丁化学有限公司", "一般项目：锂电池电解液制造；技术服务。(依法须经批准的项目，经相关部门批准后方可开展经营活动)", {"battery/electrolyte"}),
    ("戊膜业有限公司", "湿法隔膜制造", {"battery/separator"}),
    ("己自动化有限公司", "涂布机、卷绕机生产、销售、安装", {"battery/equipment"}),
    ("庚再生资源有限公司", "动力电池回收、梯次利用", {"battery/recycling"}),
    ("辛充电科技有限公司", "充电桩运营", {"battery/charging"}),
    ("壬汽车有限公司", "新能源汽车、乘用车的研发、制造", {"car/car"}),
    ("癸汽车座椅厂", "汽车座椅制造、加工", {"car/seat"}),
    ("子玻璃有限公司", "汽车安全玻璃生产", {"car/glass"}),
    ("丑橡胶有限公司", "生产子午线轮胎，橡胶制品", {"car/tyre"}),
    ("寅汽车修理厂", "汽车维修", {"car/repair"}),
    ("卯汽车贸易有限公司", "汽车销售；汽车保养", {"car/dealer", "car/repair"}),
    ("辰面粉厂", "小麦粉加工、销售", {"food/flour"}),
    ("巳食品有限公司", "生产、加工、销售：月饼、饼干、面包", {"food/bakery"}),
    ("午肉类食品厂", "火腿肠、腊肉制品生产加工", {"food/meat"}),
    ("未饮品有限公司", "果汁饮料、碳酸饮料制造", {"food/drink"}),
    ("申种植专业合作社", "小麦、玉米种植", {"food/wheat"}),
    ("酉饭店", "餐饮服务", {"food/restaurant"}),
    ("戌商贸有限公司", "预包装食品批发", {"food/wholesale"}),
    ("亥软件有限公司", "计算机软件开发；计算机系统集成", {"soft/software", "soft/integration"}),
    ("微电子有限公司", "ASIC芯片的设计、研发、生产", {"soft/chip"}),
    ("树脂厂", "不饱和聚酯树脂和环氧树脂的生产", {"soft/resin"}),
]
# firms that must not be placed as likely, and the node that tempts
UNLIKELY = [
    ("甲商贸有限公司", "五金交电、锂离子电池、面粉、饮料、日用百货批发、零售", "battery/cell"),
    ("乙经营部", "锂离子电池", "battery/cell"),
    ("丙检测有限公司", "锂离子电池检测", "battery/cell"),
    ("丁设备有限公司", "锂离子电池检测设备制造", "battery/cell"),
    ("戊设备厂", "电芯检测设备制造", "battery/cell"),
    ("己汽车修理厂", "汽车修理；乘用车维修", "car/car"),
    ("庚玩具厂", "汽车模型、玩具电动汽车制造", "car/car"),
    ("辛酒店有限公司", "住宿；面包、月饼零售", "food/bakery"),
    ("壬化工厂", "电解液添加剂制造", "battery/electrolyte"),
    ("癸粮油有限公司", "小麦、玉米收购、销售", "food/wheat"),
    ("子物流有限公司", "汽车运输；饮料配送", "food/drink"),
    ("丑电子有限公司", "无芯片标签、废旧电池拆解", "soft/chip"),
    ("寅租赁有限公司", "新能源汽车租赁", "car/car"),
    ("卯机械有限公司", "轮胎拆装机制造", "car/tyre"),
]
NOWHERE = [
    ("银行某某支行", "办理人民币存款、贷款、结算；代理保险业务"),
    ("物业管理有限公司", "物业管理；房屋租赁"),
    ("某某有限公司", ""),
    ("某某投资有限公司", "法律、法规、国务院决定规定禁止的不得经营；法律、法规、国务院决定规定应当许可（审批）的，经审批机关批准后凭许可（审批）文件经营"),
    ("某某建材有限公司", "水泥制品生产（不含锂离子电池、面粉）"),
]


@pytest.mark.parametrize(("name", "scope", "nodes"), LIKELY)
def test_makers_and_servers_are_placed(placer: Placer, name: str, scope: str, nodes: set[str]) -> None:
    placed = placer.place([FirmText(1, name, scope)])
    assert {p.node for p in placed if p.grade == "likely"} == nodes


@pytest.mark.parametrize(("name", "scope", "node"), UNLIKELY)
def test_sellers_repairers_and_lookalikes_are_not_likely(placer: Placer, name: str, scope: str, node: str) -> None:
    placed = placer.place([FirmText(1, name, scope)])
    assert node not in {p.node for p in placed if p.grade == "likely"}


@pytest.mark.parametrize(("name", "scope"), NOWHERE)
def test_abstains(placer: Placer, name: str, scope: str) -> None:
    assert placer.place([FirmText(1, name, scope)]) == []


def test_excluded_words_veto_only_their_own_item(placer: Placer) -> None:
    assert not [p for p in placer.place([FirmText(1, "甲厂", "汽车模型制造")]) if p.node == "car/car"]
    placed = placer.place([FirmText(1, "甲厂", "汽车模型制造；乘用车制造")])
    assert [p.node for p in placed] == ["car/car"]


def test_product_lists_count_more_than_scope_and_sellers_less_than_makers(placer: Placer) -> None:
    def score(**words: object) -> float:
        placed = placer.place([FirmText(1, **{"name": "甲有限公司", **words})], at_most=9)  # type: ignore[arg-type]
        return next((p.score for p in placed if p.node == "battery/cell"), 0.0)

    listed, made, verbless = score(products=("方形铝壳电池",)), score(scope="方形铝壳电池制造"), score(scope="方形铝壳电池")
    assert listed > made > verbless > score(scope="方形铝壳电池销售")


def test_industry_code_supports_contradicts_and_marks_trade(placer: Placer) -> None:
    def place(code: str) -> dict[str, float]:
        firm = FirmText(1, "甲有限公司", "锂离子电池制造", industry_code=code)
        return {p.node: p.score for p in placer.place([firm], at_most=9)}

    plain = place("")["battery/cell"]
    assert place("3841")["battery/cell"] > place("3849")["battery/cell"] > plain > place("1311")["battery/cell"]
    assert place("5179").get("battery/cell", 0.0) < place("1311")["battery/cell"]
    placed = placer.place([FirmText(1, "甲有限公司", products=("方形铝壳电池",), industry_code="3841")])
    assert placed[0].evidence == ("产品:方形铝壳电池", "行业代码:3841")


def test_a_code_without_words_is_at_most_to_verify(placer: Placer) -> None:
    placed = placer.place([FirmText(1, "甲有限公司", industry_code="3042")])
    assert [(p.node, p.grade, p.evidence) for p in placed] == [("car/glass", "to_verify", ("行业代码:3042",))]
    assert "未见企业自身从事" in placed[0].why


def test_evidence_names_source_words_and_role(placer: Placer) -> None:
    placed = placer.place([FirmText("k", "甲汽车座椅有限公司", "钢材、汽车座椅的制造、销售")])[0]
    assert placed.key == "k"
    assert set(placed.evidence) == {"经营范围:汽车座椅（生产、销售）", "名称:汽车座椅"}
    assert "汽车座椅" in placed.why and "较可靠线0.55" in placed.why and placed.runner_up is None


def test_like_words_are_evidence_to_verify_only(placer: Placer) -> None:
    placed = placer.place([FirmText(1, "甲有限公司", "锂离子电池块制造；汽车用安全玻璃制造")])
    assert {p.grade for p in placed} <= {"to_verify"}
    assert any("≈" in piece for p in placed for piece in p.evidence)


def test_runner_up_is_told(placer: Placer) -> None:
    placed = placer.place([FirmText(1, "甲能源有限公司", "锂离子电池制造；三元正极材料销售")], at_most=1)[0]
    assert (placed.node, placed.runner_up) == ("battery/cell", "battery/cathode")
    assert "正极材料" in placed.why_not and "低于待核实线0.30" in placed.why_not
    both = placer.place([FirmText(1, "甲", "锂离子电池、三元正极材料、涂布机制造")], at_most=2)
    assert len(both) == 2 and both[0].runner_up == both[1].runner_up is not None
    assert "亦可归入" in both[0].why_not


@pytest.mark.parametrize(("scope", "said"), [("锂离子电池制造；锂离子电池销售", "生产、销售"), ("锂离子电池研发", "研发"), ("锂离子电池", ""), ("锂离子电池制造、涂布机销售", "生产")])
def test_activities_are_those_named_with_the_words_of_the_node(placer: Placer, scope: str, said: str) -> None:
    placed = {p.node: p for p in placer.place([FirmText(1, "甲有限公司", scope)], at_most=5)}
    assert placed["battery/cell"].activities == said and placed["battery/cell"].probability is None


def test_at_most_and_order(placer: Placer) -> None:
    firms = [FirmText(number, "甲", "锂离子电池、三元正极材料、涂布机制造") for number in range(3)]
    placed = placer.place(firms, at_most=2)
    assert [p.key for p in placed] == [0, 0, 1, 1, 2, 2]
    assert all(a.score >= b.score for a, b in itertools.pairwise(placed) if a.key == b.key)
    assert placer.place(firms, at_most=0) == []


def test_same_answer_alone_in_company_and_in_chunks(placer: Placer) -> None:
    rows = [(name, scope) for name, scope, _ in [*LIKELY, *UNLIKELY]]
    firms = [FirmText(at, *row) for at, row in enumerate(rows)]
    together = placer.place(firms)
    assert together == placer.place(firms)
    assert together == [p for firm in firms for p in placer.place([firm])]
    chunks = list(placer.place_arrays((n for n, _ in rows), (s for _, s in rows), chunk_characters=40))
    assert len(chunks) > 5
    assert [(int(r), placer.nodes[int(n)].code) for c in chunks for r, n in zip(c.row, c.node, strict=True)] == [
        (p.key, p.node) for p in together]
    assert [e for c in chunks for e in c.evidence] == [p.evidence for p in together]


def test_arrays_without_texts(placer: Placer) -> None:
    chunk: PlacedChunk = next(placer.place_arrays(["甲"], ["锂离子电池制造"], [("储能电芯",)], ["3841"], texts=False))
    assert chunk.evidence == chunk.why == chunk.why_not == []
    assert chunk.likely.tolist() == [True] and chunk.score.dtype == np.float32 and chunk.runner_up.tolist() == [-1]


def test_nothing_in_nothing_out(placer: Placer) -> None:
    assert placer.place([]) == []
    assert list(placer.place_arrays([], [])) == []
    assert Placer([], likely=0.5, verify=0.5).place([FirmText(1, "甲", "锂离子电池制造")]) == []
    wordless = Placer([NodeText("a/b", "甲")], likely=0.5, verify=0.5)
    assert wordless.place([FirmText(1, "甲", "锂离子电池制造", ("电池",), "3841")]) == []


def test_one_huge_scope_does_not_stall(placer: Placer) -> None:
    huge = "、".join(["日用百货", "五金交电"] * 60_000) + "；锂离子电池制造"
    began = time.process_time()
    placed = placer.place([FirmText(1, "甲", huge), FirmText(2, "乙", "锂离子电池制造"), FirmText(3, "丙", "(" * 50_000)])
    assert time.process_time() - began < 20
    assert [p.key for p in placed] == [2]  # one word at place 120,001 of a list is no business


def test_full_width_latin_and_spaces(placer: Placer) -> None:
    plain = placer.place([FirmText(1, "甲", "ASIC芯片制造")])
    assert placer.place([FirmText(1, "甲", "ａｓｉｃ 芯片 制造")])[0].score == plain[0].score


def test_thresholds_and_codes_are_checked(nodes: tuple[NodeText, ...]) -> None:
    with pytest.raises(ValueError, match="门槛"):
        Placer(nodes, likely=0.3, verify=0.5)
    with pytest.raises(ValueError, match="节点代码重复：battery/cell"):
        Placer([nodes[0], nodes[0]], likely=0.5, verify=0.3)


def test_background_makes_common_words_weaker(nodes: tuple[NodeText, ...]) -> None:
    firm = FirmText("x", "甲有限公司", "锂离子电池制造")
    rare, common, few = (Placer(nodes, likely=0.55, verify=0.1) for _ in range(3))
    others = [FirmText(n, "乙有限公司", "水泥制造") for n in range(300)]
    rare.fit_background(others)
    common.fit_background([*others[:150], *[FirmText(n, "丙有限公司", "锂离子电池制造") for n in range(150)]])
    few.fit_background([firm] * 10)
    scores = [p.place([firm])[0].score for p in (rare, common, few)]
    assert scores[0] == scores[2] > scores[1]


@settings(max_examples=150, deadline=None)
@given(st.text(), st.text(st.sampled_from("锂离子电池生产销售、；:，。()（）【】的和与及制造 .废旧\ue000汽车座椅")), st.lists(st.text(), max_size=3), st.text(max_size=5))
def test_never_raises(placer: Placer, name: str, scope: str, products: list[str], code: str) -> None:
    for firm in (FirmText(1, name, scope, tuple(products), code), FirmText(1, scope, name, (scope,), code)):
        for placed in placer.place([firm]):
            assert 0.3 <= placed.score <= 1 and placed.evidence and placed.why and placed.why_not


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("甲乙丙丁", min_size=2, max_size=4), min_size=1, max_size=12, unique=True), st.text("甲乙丙丁戊", max_size=60))
def test_scanner_finds_what_str_find_finds(words: list[str], text: str) -> None:
    hits = Scanner(words).find(code_points(text))
    found = sorted(zip(hits.start.tolist(), hits.end.tolist(), strict=True))
    assert found == sorted((at, at + len(w)) for w in words for at in range(len(text)) if text.startswith(w, at))
    kept = hits.take(drop_contained(hits, len(text)))
    spans = list(zip(kept.start.tolist(), kept.end.tolist(), strict=True))
    assert sorted(spans) == sorted((a, b) for a, b in found if not any(c <= a and b <= d and (c, d) != (a, b) for c, d in found))


@pytest.mark.parametrize(("scope", "expected"), [
    ("甲品、乙品的制造、销售", {"甲品": MAKE | SELL, "乙品": MAKE | SELL}),
    ("生产：甲品、乙品；丙品", {"甲品": MAKE, "乙品": MAKE, "丙品": 0}),
    ("生产、销售甲品，销售乙品、丙品", {"甲品": MAKE | SELL, "乙品": SELL, "丙品": SELL}),
    ("甲品的制造，乙品的批发，丙品维修服务", {"甲品": MAKE, "乙品": SELL, "丙品": SERVE}),
    ("甲品研究开发与生产；加工中心销售", {"甲品": MAKE | DEVELOP, "加工中心": SELL}),
    ("甲和乙品制造", {"甲和乙品": MAKE}),
    ("许可项目：甲品制造(凭许可证经营)；一般项目：乙品", {"甲品": MAKE, "乙品": 0}),
])
def test_roles_of_items(scope: str, expected: dict[str, int]) -> None:
    reader = ScopeReader(["甲品", "乙品", "丙品", "加工中心", "甲和乙品"])
    items = reader.read(["某某"], [()], [scope])
    cores = {items.text[a:b]: int(r) for a, b, r, s in zip(items.core_start, items.core_end, items.role, items.source, strict=True)
             if s == SCOPE and b > a}
    assert cores == expected


def test_names_tell_trade_repair_and_making() -> None:
    kinds = ["甲商贸有限公司", "乙汽车修理厂", "丙机械厂", "丁科技有限公司"]
    assert [name_kind(name) for name in kinds] == [SELL, SERVE, MAKE, 0]


def test_dictionary_words_are_folded_and_lists_refused() -> None:
    assert dictionary_word(" ＡＢＳ树脂（改性） ") == "abs树脂"
    assert dictionary_word("甲") == dictionary_word("甲、乙") == ""
    assert fold("Ａ　【甲】") == "a(甲)"


def test_likeness_agrees_with_the_formula() -> None:
    words = ["锂离子电池", "石墨负极", "电池隔膜"]
    likeness = WordLikeness(words)
    text = "锂离子电池"
    points = code_points(text).astype(np.int64)
    item, word, cosine = likeness.nearest(points, np.zeros(len(points), np.int64), np.array([len(text)]), 0.05)
    found = dict(zip(word.tolist(), cosine.tolist(), strict=True))
    assert found[0] == pytest.approx(1.0) and set(item.tolist()) == {0} and 1 not in found

    def grams(string: str) -> set[str]:
        return {*string, *(string[at:at + 2] for at in range(len(string) - 1))}

    def idf(gram: str) -> float:
        return float(np.log((1 + len(words)) / (1 + sum(gram in grams(w) for w in words))) + 1)

    def norm(string: str) -> float:
        return sum(idf(g) ** 2 for g in grams(string)) ** 0.5

    shared = grams(text) & grams(words[2])
    assert found[2] == pytest.approx(sum(idf(g) ** 2 for g in shared) / (norm(text) * norm(words[2])))


def test_real_registry_texts(data_folder: Path, placer: Placer) -> None:
    polars = pytest.importorskip("polars")
    path = data_folder / "registry_300k.parquet"
    if not path.exists():
        pytest.skip("数据目录中没有 registry_300k.parquet，跳过 (file not there)")
    table = polars.read_parquet(path, columns=["name", "scope"]).head(20_000)
    names, scopes = (table[c].fill_null("").to_list() for c in ("name", "scope"))
    began = time.process_time()
    placed = sum(len(chunk.row) for chunk in placer.place_arrays(names, scopes))
    assert placed > 100
    assert len(names) / (time.process_time() - began) > 10_000
