"""The meeting paper: five numbers, cases, decisions, lamps; one chain or all."""

from __future__ import annotations

from datetime import date

from liantu.kernel.edition import Edition
from liantu.kernel.home import folder
from liantu.kernel.passport import recompute, why
from liantu.papers.blocks import Decision, Grid, Heading
from liantu.papers.chain import chain_of
from liantu.papers.chain_state import Telling
from liantu.papers.docx import to_docx
from liantu.papers.docx_check import check
from liantu.papers.meeting import CASE_ROWS, DECISIONS, five_numbers, meeting_paper
from tests.unit.maps_and_lists.district import District
from tests.unit.papers.docx_kit import words
from tests.unit.papers.test_brief import text


def heads(paper, level: int) -> list[str]:
    return [b.text for b in paper.blocks if isinstance(b, Heading) and b.level == level]


def test_one_chain_has_its_parts(now: Edition):
    paper = meeting_paper(now, ["c"])
    assert heads(paper, 1) == ["五项数字", "问题清单", "需链长协调事项", "项目亮灯情况"]


def test_several_chains_begin_with_a_table_of_all_and_a_page_each(now: Edition):
    paper = meeting_paper(now, ["d", "c"])
    assert heads(paper, 1) == ["各链主要数字", "文旅链", "电池链"]
    first = next(b for b in paper.blocks if isinstance(b, Grid))
    assert first.result.frame["chain_code"].to_list() == ["d", "c"]
    assert [b.new_page for b in paper.blocks if isinstance(b, Heading) and b.level == 1] == [False, True, True]
    assert check(to_docx(paper, edition=now)) == []


def test_the_five_numbers_and_the_one_that_nobody_records(now: Edition):
    lines = ["".join(p if isinstance(p, str) else p.text for p in one.parts) for one in five_numbers(Telling(now, chain_of(now, "c")))]
    assert lines[0] == "一是外出招商次数：系统尚未登记，请会前补报。"
    assert lines[1].startswith("二是在谈到签约：现有在谈项目0个，本年以来新签约0个")
    assert lines[2].startswith("三是签约到开工：本年以来新开工1个")
    assert lines[4].startswith("五是到位资金：累计8,000.0万元") and len(lines) == 5


def test_what_is_put_to_the_chief_becomes_a_decision(now: Edition):
    asked = [b for b in meeting_paper(now, ["c"]).blocks if isinstance(b, Decision)]
    assert [(d.text, d.owner, d.due) for d in asked] == [("请链长召集供电公司定方案。", "发改局", "2026年2月1日")]
    assert asked[0].reason == ("事由：用电增容没有排期，影响扩产。",)


def test_a_case_at_the_general_chief_without_an_ask_is_still_put(site, district: District):
    district.row("case", 1).update(level="general")
    asked = [b.text for b in meeting_paper(district.edition(folder("editions"), "1.0"), ["c"]).blocks if isinstance(b, Decision)]
    assert asked == ["请链长召集供电公司定方案。", "提请总链长协调：缺变压器。"]  # red first


def test_closed_cases_are_neither_listed_nor_put(site, district: District):
    for number in (1, 2):
        district.row("case", number).update(state="closed", closed_on=date(2026, 3, 1))
    told = text(meeting_paper(district.edition(folder("editions"), "1.0"), ["c"]))
    assert "目前没有未办结的问题。" in told and "没有需要链长协调的事项" in told


def test_many_cases_are_cut_and_the_rest_pointed_to(site, district: District):
    for number in range(30):
        district.put("case", code=f"X{number}", title=f"第{number}件事", ask=f"定第{number}件", chain=1, state="doing", level="chief", due_on=date(2026, 5, 1))
    paper = meeting_paper(district.edition(folder("editions"), "1.0"), ["c"])
    grid = next(b for b in paper.blocks if isinstance(b, Grid))
    assert grid.limit == CASE_ROWS and grid.note == "其余见问题清单"
    assert len([b for b in paper.blocks if isinstance(b, Decision)]) == DECISIONS and "其余提请事项见问题清单" in text(paper)


def test_the_firm_has_a_column_when_titles_do_not_name_it(site, district: District):
    district.row("case", 1).update(enterprise=2)
    grid = next(b for b in meeting_paper(district.edition(folder("editions"), "1.0"), ["c"]).blocks if isinstance(b, Grid))
    assert grid.columns[0] == "enterprise_name"
    district.row("case", 1).update(title="乙缺变压器")
    grid = next(b for b in meeting_paper(district.edition(folder("editions"), "2.0"), ["c"]).blocks if isinstance(b, Grid))
    assert "enterprise_name" not in grid.columns


def test_an_empty_chain_says_so(site):
    empty = District()
    empty.put("chain", code="e", name="空链")
    edition = empty.edition(folder("editions"), "1.0")
    paper = meeting_paper(edition, ["e"])
    assert "本链目前没有在库项目。" in text(paper) and check(to_docx(paper, edition=edition)) == []


def test_no_chains_at_all(now: Edition):
    assert "没有产业链。" in text(meeting_paper(now, []))


def test_the_public_version_has_no_cases(now: Edition):
    paper = meeting_paper(now, ["c"], version="public")
    assert heads(paper, 1) == ["五项数字", "项目亮灯情况"]
    assert "变压器" not in words(to_docx(paper, edition=now, version="public"))


def test_numbers_are_proved_by_their_own_rows(now: Edition):
    for name, key in (("meeting_numbers", "c"), ("meeting_numbers", "d")):
        passport = why(name, key, now)
        assert recompute(passport) == passport.row


def test_english_does_not_break(editions):
    before, now = editions
    paper = meeting_paper(now, ["c", "d"], since=before, language="en")
    assert heads(paper, 1) == ["All chains", "Battery", "Culture"]
    assert "1.1 Five numbers" not in words(to_docx(paper, edition=now, language="en")).splitlines()[0]
