"""The set as a profile: files with slips, filters on an edition, titles that miscount, local words, lamps and rules."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest

from liantu.kernel.output import output_of, run
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import UserError
from liantu.kernel.profile import Part, part_columns, part_result, profile, profiles
from liantu.kernel.profile_file import read
from tests.unit.maps_and_lists.district import District

DAY = date(2026, 10, 31)
MANUAL = Path(__file__).resolve().parents[3] / "docs" / "profiles.md"


@pytest.fixture
def own(site, monkeypatch):
    """Write the site's profile.yaml and open it as the site would."""
    monkeypatch.delenv("LIANTU_PROFILE", raising=False)

    def write(text: str):
        path = site / "profile.yaml"
        path.write_text(text, encoding="utf-8")
        os.utime(path, ns=(write.clock, write.clock))
        write.clock += 1_000_000
        return profile()

    write.clock = 1_700_000_000_000_000_000
    return write


@pytest.fixture
def edition(site):
    """Two chains; projects with and without chain, in talks, under construction, ended and done."""
    made = District()
    for code, name in (("c", "电池"), ("d", "铝")):
        made.put("chain", code=code, name=name)
    rows = (("甲", 1, "started", "normal", 900.0, date(2026, 10, 20)), ("乙", 1, "talks", "paused", 300.0, date(2026, 8, 20)), ("丙", 2, "producing", "ended", 500.0, date(2026, 7, 1)),
            ("丁", None, "signed", None, None, date(2026, 9, 10)))
    for name, chain, stage, side, total, updated in rows:
        made.put("project", name=name, chain=chain, stage=stage, side_state=side, invest_total=total, invest_done=total and total / 3, updated_on=updated, finish_plan=date(2027, 12, 31))
    return made.edition(site / "editions", as_of=DAY)


def part(**told) -> Part:
    where = tuple(told.pop("where", {}).items())
    return Part("p", told.pop("output", "project_list"), "项目", "Projects", where=where, **told)


def names(edition, **told) -> str:
    chain, version = told.pop("chain", None), told.pop("version", "internal")
    return "".join(part_result(part(**told), edition, chain, version).frame["name"])


# -- the shipped ones

@pytest.mark.parametrize("code", profiles())
def test_shipped_profiles_fit(code):
    assert profile(code).problems() == []


def test_default_counts_four_and_five():
    default = profile("default")
    assert (len(default.maps), len(default.lists)) == (4, 5)
    assert default.title_of_set == "四图五清单"


def test_a_title_without_output_is_said_and_counted():
    six = profile("six_maps_six_lists")
    assert {gap.title for gap in six.gaps} == {"现状全景图", "发展路径图"}
    assert len(six.maps) + len(six.gaps) == 6
    assert any("发展路径图" in told for told in six.notices(DAY))


def test_notice_after_the_last_day():
    jiangxi = profile("jiangxi")
    assert jiangxi.notices(date(2026, 12, 31)) == []
    assert "2026-12-31" in jiangxi.notices(date(2027, 1, 1))[0]
    assert len(jiangxi.key_chains) == 12


def test_lists_already_in_the_set_are_not_optional_too():
    assert not {p.code for p in profile("one_chart_n_lists").optional} & {p.code for p in profile("one_chart_n_lists").lists}


def test_unknown_code_names_what_exists():
    with pytest.raises(UserError, match="unknown-profile") as refused:
        profile("nowhere")
    assert "jiangxi" in refused.value.hint


# -- which profile a site uses

def test_environment_chooses_and_the_own_file_wins(own, site, monkeypatch):
    monkeypatch.setenv("LIANTU_PROFILE", "jiangxi")
    assert profile().code == "jiangxi"
    assert own("code: ours\nzh: 本区").zh == "本区"
    (site / "profile.yaml").unlink()
    assert profile().code == "jiangxi"


def test_wrong_environment_falls_back_and_says_so(site, monkeypatch):
    monkeypatch.setenv("LIANTU_PROFILE", "jangxi")
    assert profile().code == "default"
    assert "jangxi" in profile().problems()[0]
    assert "jiangxi" in profile().problems()[0]


def test_a_changed_file_is_read_again(own):
    assert own("zh: 一").zh == "一"
    assert own("zh: 二").zh == "二"


def test_own_file_starts_from_the_one_it_is_like(own):
    mine = own("like: jiangxi\nzh: 本区\nlists:\n  - {code: projects, title: 项目清单, limit: 3}\n")
    projects, = mine.lists
    assert (projects.output, projects.title, projects.limit) == ("project_list", "项目清单", 3)
    assert projects.columns == profile("default").lists[1].columns
    assert len(mine.maps) == 4
    assert mine.key_chains == profile("jiangxi").key_chains


# -- files with slips: line, what was seen, what would be right

BROKEN = [
    ("zh: 本区\ntitle_of_set：四图五清单\n", ("第 2 行", "title_of_set：四图五清单", "半角")),
    ("zh: 本区\nlists:\n\t- code: a\n", ("第 3 行", "Tab")),
    ("zh: 本区\nen: X\nzh: 再来\n", ("第 3 行", "zh: 再来", "只能写一次")),
    ("四图五清单\n", ("第 1 行", "四图五清单", "名字: 值")),
    ("zh: [本区\nen: X\n", ("第 2 行", "成对")),
    ("zh: 本区\nlike: jangxi\n", ("第 2 行", "jangxi", "jiangxi")),
]


@pytest.mark.parametrize(("text", "told"), BROKEN)
def test_unreadable_file_is_told_by_line_and_the_default_used(own, text, told):
    mine = own(text)
    fault = mine.problems()[0]
    for words in ("profile.yaml", *told, "先用 default"):
        assert words in fault
    assert mine.own
    assert mine.lists == profile("default").lists


def test_not_utf8_is_told(site):
    (site / "profile.yaml").write_bytes("zh: 本区".encode("gb18030"))
    assert "UTF-8" in profile().problems()[0]
    assert len(profile().lists) == 5


def test_every_key_knows_its_line():
    data = read(b"a: 1\nb:\n  c: 2\n", "x.yaml")
    assert data.where("b") == "x.yaml 第 2 行"
    assert data["b"].where("c") == "x.yaml 第 3 行"


FAULTY = [
    ("title: 四图\n", ("第 1 行", "「title」", "title_of_set")),
    ("basis: 国家\n", ("第 1 行", "国家", "local")),
    ("valid_until: 年底\n", ("第 1 行", "年底", "2026-12-31")),
    ("lists: 项目\n", ("第 1 行", "项目", "- code")),
    ("lists:\n  - {code: x, title: 甲}\n", ("第 2 行", "code、title", "output")),
    ("lists:\n  - code: x\n    output: project_list\n    title: 甲\n    filter: 1\n", ("第 5 行", "filter", "where")),
    ("lists:\n  - {code: x, output: projct_list, title: 甲}\n", ("第 2 行", "projct_list", "project_list")),
    ("lists:\n  - {code: x, output: project_list, title: 甲, columns: [nam]}\n", ("第 2 行", "「nam」", "name")),
    ("lists:\n  - {code: x, output: project_list, title: 甲, columns: 3}\n", ("第 2 行", "3", "- 列名")),
    ("lists:\n  - {code: x, output: project_list, title: 甲, sort: [-invst]}\n", ("第 2 行", "invst", "invest_total")),
    ("lists:\n  - {code: x, output: project_list, title: 甲, limit: 0}\n", ("第 2 行", "「0」", "正整数")),
    ("lists:\n  - {code: x, output: project_list, title: 甲, where: 签约}\n", ("第 2 行", "签约", "列名: 值")),
    ("lists:\n  - {code: x, output: project_list, title: 甲, where: {stag: signed}}\n", ("第 2 行", "stag", "stage")),
    ("lists:\n  - {code: x, output: project_list, title: 甲, where: {stage: 签了}}\n", ("第 2 行", "签了", "signed（签约）")),
    ("lists:\n  - {code: x, output: project_list, title: 甲, where: {invest_total: {over: 3}}}\n", ("第 2 行", "over", "min:")),
    ("lists:\n  - {code: x, output: project_list, title: 甲, where: {invest_total: {min: 一亿}}}\n", ("第 2 行", "一亿", "数字", "万元")),
    ("lists:\n  - {code: x, output: project_list, title: 甲, where: {counts_as_signed: 也许}}\n", ("第 2 行", "也许", "是 或 否")),
    ("lists:\n  - {code: x, output: project_list, title: 甲, where: {signed_on: {min: 今年}}}\n", ("第 2 行", "今年", "2026-01-01")),
    ("lists:\n  - {code: x, output: node_firm_list, title: 甲}\n", ("第 2 行", "node_firm_list", "chain_code")),
    ("lists:\n  - {code: chain, output: project_list, title: 甲}\n", ("「chain」用了两次",)),
    ("gaps:\n  - {kind: map, title: 甲图}\n", ("甲图", "note")),
    ("words: {role: {boss: 老大}}\n", ("boss", "master")),
    ("words: {roll: {master: 链主}}\n", ("roll", "role")),
    ("lamps:\n  project: {set: project_9}\n", ("project_9", "project_3")),
    ("lamps:\n  project: {red: {colour: 红}}\n", ("红", "#rrggbb")),
    ("lamps:\n  project: {set: assessment_3}\n", ("project_list", "green", "补上")),
    ("rules:\n  node_staus: {value: {weak_above_scale: 2}, source: 甲}\n", ("第 2 行", "node_staus", "node_status")),
    ("rules:\n  node_status: {value: {weak_above_scal: 2}, source: 甲}\n", ("第 2 行", "weak_above_scal", "weak_above_scale")),
    ("rules:\n  node_status: {value: {weak_above_scale: 两家}, source: 甲}\n", ("第 2 行", "两家", "数字")),
    ("rules:\n  node_status: {value: {weak_above_scale: 2}}\n", ("第 2 行", "source")),
    ("rules:\n  node_status: {value: {weak_above_scale: 2}, source: 甲, basis: 本区}\n", ("第 2 行", "本区", "local")),
    ("rules:\n  node_status: {value: {weak_above_scale: 2}, source: 甲, since: 去年}\n", ("第 2 行", "去年", "日期")),
    ("rules:\n  node_status: {value: 2, source: 甲}\n", ("第 2 行", "逐项写")),
    ("rules:\n  key_firms: {value: {marks: 小巨人}, source: 甲}\n", ("第 2 行", "小巨人", "列表")),
]


@pytest.mark.parametrize(("text", "told"), FAULTY)
def test_slips_are_told_with_what_was_seen_and_what_exists(own, text, told):
    found = own(text).problems()
    assert any(all(words in fault for words in told) for fault in found), found


@pytest.mark.parametrize(("title", "told"), [("五图五清单", ["5 张图", "4 张"]), ("四图六清单", ["6 张清单", "5 张"]), ("两图四清单", ["2 张图", "4 张清单"]), ("十二图五清单", ["12 张图"]),
                                            ("4张图5张清单", []), ("四图五清单", []), ("N图M清单", []), ("1个图谱N张清单", ["1 张图"]), ("链图册", [])])
def test_a_title_that_miscounts_is_flagged(own, title, told):
    found = [fault for fault in own(f"title_of_set: {title}\n").problems() if fault.startswith("名称")]
    assert bool(found) == bool(told)
    assert all(any(words in fault for fault in found) for words in told)


# -- filters, order and limits on an edition

@pytest.mark.parametrize(("where", "kept"), [
    ({}, "甲丁乙丙"),
    ({"stage": "started"}, "甲"), ({"stage": "开工"}, "甲"), ({"stage": ["开工", "在谈"]}, "甲乙"),
    ({"stage": {"not": ["开工", "在谈"]}}, "丁丙"),
    ({"side_state": {"not": "ended"}}, "甲丁乙"),
    ({"side_state": None}, "丁"), ({"side_state": {"empty": False}}, "甲乙丙"), ({"side_state": ["paused", None]}, "丁乙"),
    ({"invest_total": {"min": 300}}, "甲乙丙"), ({"invest_total": {"min": 301, "max": 899}}, "丙"), ({"invest_total": {"max": 300}}, "乙"),
    ({"updated_on": {"min": date(2026, 9, 10)}}, "甲丁"),
    ({"counts_as_signed": "否"}, "甲丁乙丙"), ({"counts_as_signed": True}, ""),
    ({"name": {"has": "甲"}}, "甲"), ({"name": "甲", "stage": "在谈"}, ""),
])
def test_where(edition, where, kept):
    assert names(edition, where=where, sort=("-updated_on",)) == kept


def test_sort_and_limit(edition):
    assert names(edition, sort=("invest_total",)) == "乙丙甲丁"
    assert names(edition, sort=("-invest_total",), limit=2) == "甲丙"


def test_of_one_chain_with_and_without_the_common_rows(edition):
    assert names(edition, chain="c") == "甲乙"
    assert names(edition, chain="d") == "丙"
    assert names(edition, chain="d", options={"common": True}) == "丙丁"
    with pytest.raises(UserError, match="bad-part"):
        names(edition, output="node_firm_list", chain="c")


def test_hidden_columns_neither_order_nor_filter_the_public_version(edition):
    assert names(edition, sort=("-invest_done",)) == "甲丙乙丁"
    assert names(edition, sort=("-invest_done",), version="public") == "甲乙丙丁"
    assert names(edition, where={"side_state": {"not": "ended"}}, version="public") == "甲乙丁"
    with pytest.raises(UserError, match="企业数据"):
        part_result(part(output="firm_list", where={"output": {"min": 1}}), edition, None, "public")
    assert part_result(part(output="firm_list", where={"output": {"min": 1}}), edition).frame.is_empty()


def test_a_version_without_the_output_has_neither_rows_nor_columns(edition):
    inner = part(output="factor_list")
    for version in ("internal", "department"):
        assert part_columns(inner, part_result(inner, edition, None, version))
    public = part_result(part(output="case_list"), edition, None, "public")
    assert public.frame.is_empty()
    assert part_columns(part(output="case_list", columns=(("title", ""),)), public) == ()


def test_columns_take_headers_order_and_words(own, edition):
    mine = own("words: {stage: {started: 动工}}\nlamps:\n  project: {yellow: {zh: 提醒}}\nlists:\n  - code: p\n    output: project_list\n    title: 项目\n    columns: [lamp, name: 名目, stage]\n")
    result = part_result(mine.lists[0], edition)
    columns = part_columns(mine.lists[0], result)
    assert [(c.name, c.zh) for c in columns] == [("lamp", "灯色"), ("name", "名目"), ("stage", "阶段")]
    assert {c.value: c.zh for c in columns[0].choices}["yellow"] == "提醒"
    stages = {c.value: c.zh for c in columns[2].choices}
    assert (stages["started"], stages["signed"]) == ("动工", "签约")
    public = part_result(mine.lists[0], edition, None, "public")
    assert [c.name for c in part_columns(mine.lists[0], public)] == ["name", "stage"]


def test_without_columns_all_but_record_numbers(edition):
    plain = part()
    shown = [c.name for c in part_columns(plain, part_result(plain, edition))]
    assert shown == [c.name for c in output_of("project_list").columns if c.name != "project"]


def test_the_example_of_the_manual_works(own, edition):
    text = re.search(r"```yaml\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.S).group(1)
    mine = own(text)
    assert mine.problems() == []
    assert [p.title for p in mine.lists][:2] == ["重点企业清单", "亿元以上项目清单"]
    assert part_result(mine.lists[1], edition).frame.is_empty()
    assert parameter("project_lamps", DAY).value["yellow_months"] == 1


# -- lamps

def test_lamps_are_a_set_per_workflow(own):
    default = profile("default")
    assert default.lamp("project_list", "red")[0] == default.lamp("project", "red")[0] == "红灯"
    assert default.lamp("assessment", "blue")[1] == "激励先进"
    assert default.lamp("risk", "blue", "en")[0] == "Blue"
    mine = own("lamps:\n  risk: {set: output_warning_4, blue: {meaning: 一般}}\n")
    assert mine.lamp("risk", "blue") == ("蓝色", "一般", "#2f6db3")
    assert mine.lamp("risk", "green")[0] == "绿色"
    with pytest.raises(UserError, match="unknown-lamp"):
        mine.lamp("risk", "yellow")
    assert mine.lamp("project_list", "yellow")[0] == "黄灯"


# -- the place's own numbers

RULE = "rules:\n  project_lamps: {value: {yellow_months: 1, red_months: 2}, source: 区办〔2026〕1号}\n"


def lamps(edition) -> dict[str, str]:
    return dict(run("project_list", edition).frame.select("name", "lamp_rule").iter_rows())


def test_own_rule_changes_what_an_output_says(own, edition, site):
    before = lamps(edition)
    assert (before["丁"], before["乙"]) == ("on_schedule", "stale")
    own(RULE)
    assert (lamps(edition)["丁"], lamps(edition)["乙"]) == ("stale", "stalled")
    (site / "profile.yaml").unlink()
    assert lamps(edition) == before


def test_own_rule_carries_its_basis_and_leaves_the_other_numbers(own):
    shipped = parameter("project_lamps", DAY)
    own(RULE)
    mine = parameter("project_lamps", DAY)
    assert (mine.basis, mine.mark, mine.source) == ("local", "本地", "区办〔2026〕1号")
    assert mine.value == {**shipped.value, "yellow_months": 1, "red_months": 2}
    assert mine.names == shipped.names
    assert not any("规则" in fault for fault in profile().problems())


def test_own_rule_holds_between_its_days(own):
    shipped = parameter("project_lamps", DAY).value
    own(RULE.replace("source:", "since: 2026-05-01, until: 2026-06-30, source:"))
    assert parameter("project_lamps", date(2026, 4, 30)).value == shipped
    assert parameter("project_lamps", date(2026, 5, 1)).value["yellow_months"] == 1
    assert parameter("project_lamps", date(2026, 6, 30)).value["yellow_months"] == 1
    assert parameter("project_lamps", date(2026, 7, 1)).value == shipped


def test_a_faulty_rule_is_not_used_and_the_others_are(own):
    shipped = parameter("policy_validity", DAY).value
    mine = own(RULE + "  policy_validity: {value: {expiring_days: 三个月}, source: 甲}\n")
    assert parameter("policy_validity", DAY).value == shipped
    assert parameter("project_lamps", DAY).value["yellow_months"] == 1
    assert "没有采用" in mine.problems()[0]


def test_a_file_that_cannot_be_read_changes_no_number(own):
    shipped = parameter("project_lamps", DAY)
    own(RULE + "x：1\n")
    assert parameter("project_lamps", DAY) == shipped
