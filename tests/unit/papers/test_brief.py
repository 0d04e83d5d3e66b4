"""The brief says what the data say: zeros, gaps in the data, one item or many; and nothing that a version may not tell."""

from __future__ import annotations

import re
from datetime import date

import pytest

from liantu.kernel.edition import Edition
from liantu.kernel.home import folder
from liantu.kernel.problems import UserError
from liantu.papers.blocks import Decision, Figure, Grid, Heading, Paper, Paragraph, said
from liantu.papers.brief import brief
from liantu.papers.chain_state import Telling
from liantu.papers.docx import to_docx
from liantu.papers.docx_check import check
from tests.unit.maps_and_lists.district import District
from tests.unit.papers.docx_kit import words


def text(paper: Paper) -> str:
    """The running text, headings and decisions, one a line."""
    lines = []
    for block in paper.blocks:
        if isinstance(block, (Heading, Decision)):
            lines.append(block.text)
        if isinstance(block, Decision):
            lines.append(said(block.reason))
        if isinstance(block, Paragraph):
            lines.append(said(block.parts))
    return "\n".join(lines)


def test_the_order_is_figures_highlights_problems_suggestions(now: Edition):
    paper = brief(now, "c")
    assert [b.text for b in paper.blocks if isinstance(b, Heading) and b.level == 1] == ["基本情况", "主要亮点", "存在问题", "下一步建议"]
    assert paper.signed_on == "2026年3月31日" and paper.issue.startswith("2026年第")


def test_every_number_of_the_text_is_a_figure(editions):
    """No digit in running text stands outside of a figure, but for dates, edition numbers and names from the records."""
    before, now = editions
    for version in ("internal", "department", "public"):
        for block in brief(now, "c", since=before, version=version).blocks:
            if isinstance(block, Paragraph):
                plain = "".join(p for p in block.parts if isinstance(p, str))
                plain = re.sub(r"\d{4}年\d+月\d+日|\d\.0版|的\d个见下表", "", plain)
                assert not re.search(r"\d", plain), plain


def test_since_the_last_edition_both_values_carry_their_ids(editions):
    before, now = editions
    paper = brief(now, "c", since=before)
    pairs = [b for b in paper.blocks if isinstance(b, Paragraph) and said(b.parts).startswith("与1.0版")]
    assert len(pairs) == 1 and {f.edition for f in pairs[0].figures} == {"1.0", "2.0"}
    assert "新入链企业：己" in text(paper)
    assert "较上一版的变化" not in text(brief(now, "c")) and "较上一版的变化" not in text(brief(now, "c", since=now))


def test_two_equal_editions_say_that_nothing_changed(site, district: District):
    one = district.edition(folder("editions"), "1.0")
    two = district.edition(folder("editions"), "2.0")
    assert "本链主要数据没有变化" in text(brief(two, "c", since=one))


def test_an_empty_chain_reads_well(site):
    empty = District()
    empty.put("chain", code="e", name="空链")
    edition = empty.edition(folder("editions"), "1.0")
    paper = brief(edition, "e")
    told = text(paper)
    assert "空链尚未梳理环节。" in told and "没有发现突出问题" in told and "没有可列为亮点的情况" in told and "None" not in told and "—" not in told
    assert check(to_docx(paper, edition=edition)) == []


def test_nodes_without_firms_and_projects(site):
    bare = District()
    bare.put("chain", code="e", name="新链")
    bare.put("chain_node", code="e/a", chain=1, name="独苗", position=1, weight=1)
    told = text(brief(bare.edition(folder("editions"), "1.0"), "e"))
    assert "区内尚无企业入链。" in told and "本链目前没有在库项目。" in told
    assert "缺失环节1个，为独苗。" in told and "对独苗环节" in told and "等环节" not in told
    assert "其中其中" not in told


def test_firms_without_figures_are_not_called_worthless(site):
    made = District()
    made.put("chain", code="e", name="新链")
    made.put("chain_node", code="e/a", chain=1, name="隔膜", position=1, weight=1)
    made.put("placement", enterprise=made.put("enterprise", name="甲", status="active", above_scale=False), chain_node=1, grade="confirmed")
    told = text(brief(made.edition(folder("editions"), "1.0"), "e"))
    assert "其中没有规上企业。企业产值尚未报送，暂不汇总。" in told and "0.0万元" not in told and "核实基础数据" in told


def test_a_red_project_and_an_overdue_case_are_named_and_followed_up(now: Edition):
    told = text(brief(now, "c"))
    assert re.search(r"红灯项目1个。电芯扩产：过了计划竣工时间未竣工。", told)
    assert re.search(r"未办结问题2件，其中超期1件", told)
    assert "推动受阻项目" in told and "办结超期问题" in told


def test_gaps_above_a_master_are_told(site, district: District):
    district.row("placement", 1)["role"] = "master"
    district.put("node_link", source=1, target=2, item="隔膜")
    told = text(brief(district.edition(folder("editions"), "1.0"), "c"))
    assert "直接上游的有：=甲（澄岚）新能源动力电池系统集成股份有限公司（隔膜）。" in told


def test_the_public_version_tells_no_cases_and_no_single_firm(now: Edition):
    paper = brief(now, "c", version="public")
    told = text(paper) + words(to_docx(paper, edition=now, version="public"))
    for secret in ("缺变压器", "用电增容", "未办结", "红灯", "王某"):
        assert secret not in told, secret


def test_no_version_offers_support_or_asks_for_local_purchase(editions):
    before, now = editions
    for version in ("internal", "department", "public"):
        told = text(brief(now, "c", since=before, version=version))
        assert not re.search(r"奖励|补贴|返还|减免|优惠|要求.{0,6}采购|必须采购|优先采购|税", told)


def test_english_reads_and_renders(editions):
    before, now = editions
    paper = brief(now, "c", since=before, language="en")
    assert [b.text for b in paper.blocks if isinstance(b, Heading) and b.level == 1] == ["How the chain stands", "What has changed", "Highlights", "Problems", "Suggestions"]
    told = words(to_docx(paper, edition=now, language="en"))
    assert told.splitlines()[0] == "Internal" and "1 How the chain stands" in told and "Sources and passports" in told
    assert not re.search("[一-鿿]", "".join(b.text for b in paper.blocks if isinstance(b, Heading)))


def test_an_unknown_chain_is_answered_with_those_that_exist(now: Edition):
    with pytest.raises(UserError, match="没有产业链"):
        brief(now, "zzz")


def test_issue_and_day_can_be_given(now: Edition):
    paper = brief(now, "c", issue="2026年第12期", signed_on=date(2026, 4, 2))
    assert paper.issue == "2026年第12期" and paper.signed_on == "2026年4月2日"


def test_a_sentence_with_an_unknown_figure_is_left_out(now: Edition):
    from liantu.papers.chain import chain_of

    telling = Telling(now, chain_of(now, "c"))
    assert telling.tell("有{n}。", "has {n}", n=None) == ()
    assert telling.tell("有{n}。", "has {n}", n=Figure("1个", "P1.1", "x"))[1].text == "1个"
    assert telling.listed(["甲", "乙", "甲", ""], 5) == "甲、乙" and telling.listed("一二三", 2) == "一、二等"


def test_the_table_of_gaps_quotes_no_column_that_a_version_hides(now: Edition):
    for version in ("department", "public"):
        grids = [b for b in brief(now, "c", version=version).blocks if isinstance(b, Grid)]
        assert all(g.result.version == version for g in grids)
