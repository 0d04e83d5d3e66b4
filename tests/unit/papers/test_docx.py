"""The Word paper: figures keep their passports, equal papers give equal bytes, hostile and empty contents do no harm."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from docx import Document

from liantu.kernel.edition import Edition
from liantu.kernel.output import Result, run
from liantu.kernel.passport import find, why
from liantu.kernel.problems import UserError
from liantu.papers.blocks import Decision, Figure, Grid, Heading, Paper, Paragraph, Picture, figure
from liantu.papers.brief import brief
from liantu.papers.cells import HIDDEN, HIDDEN_NOTE, cell_text
from liantu.papers.docx import to_docx
from liantu.papers.docx_check import check
from liantu.papers.docx_form import chinese
from liantu.papers.figures import written
from liantu.papers.meeting import meeting_paper
from tests.unit.papers.docx_kit import controls, part, words


def small(edition: Edition, *more, **about) -> Paper:
    summary = run("chain_summary", edition)
    row = summary.frame.row(0, named=True)
    said = Paragraph(("共有环节", figure(summary, row, "nodes"), "，产值", figure(summary, row, "output"), "。"))
    return Paper(kind="简报", blocks=(Heading(1, "情况"), said, *more), **{"title": "标题", "issue": "2026年第3期", "issuer": "链长办", "signed_on": "2026年3月31日", "masthead": "工作简报", **about})


def test_every_figure_resolves_to_its_printed_value(editions):
    """Sentence and table alike, in both papers and both languages: passport id → why → the words that stand there."""
    before, now = editions
    known = {e.number: e for e in editions}
    seen = 0
    for language in ("zh", "en"):
        for paper in (brief(now, "c", since=before, language=language), meeting_paper(now, ["c", "d"], since=before, language=language)):
            for code, text in controls(to_docx(paper, edition=now, language=language)):
                found = find(code)
                passport = why(found.output, found.key, known[found.edition], column=found.column)
                column = passport.output.column(found.column)
                assert text in (written(passport.value, column, language), cell_text(passport.value, column, language)), (code, text)
                seen += 1
    assert seen > 120


def test_the_annex_lists_the_figures_in_their_order(now: Edition):
    paper = small(now)
    lines = words(to_docx(paper, edition=now)).split("数据来源与凭证")[-1]
    places = [lines.index(f.id) for f in paper.figures]
    assert places == sorted(places) and all(f.text in lines for f in paper.figures)
    assert "liantu 默认" in lines and "正式版次 2.0" in lines and "数据截至 2026-03-31" in lines


def test_the_annex_says_whose_figure_it_is_and_of_which_edition(editions):
    before, now = editions
    old = run("chain_summary", before)
    row = old.frame.row(0, named=True)
    text = words(to_docx(small(now, Paragraph(("上期", figure(old, row, "firms"), "。"))), edition=now))
    assert f"{row['chain_name']} · 企业数（版次 1.0）" in text


def test_equal_papers_give_equal_bytes(now: Edition):
    assert to_docx(small(now), edition=now) == to_docx(small(now), edition=now)


def test_word_opens_it_and_finds_its_title(now: Edition):
    made = Document(io.BytesIO(to_docx(small(now), edition=now)))
    assert made.core_properties.title == "标题" and made.core_properties.author == "链长办"
    assert [p.text for p in made.paragraphs if p.style.name == "公文标题"] == ["标题"]


def test_content_controls_have_numbers_of_their_own(now: Edition):
    gaps = run("gap_list", now)
    data = to_docx(small(now, Grid("短板", gaps, ("name", "firms"))), edition=now)
    numbers = [i.get(i.nsmap["w"].join("{}") + "val") for i in part(data).iter("{*}id") if i.getparent().tag.endswith("sdtPr")]
    assert len(numbers) == len(set(numbers)) > 3


def test_control_characters_and_line_breaks_do_no_harm(now: Edition):
    nasty = "甲\x00\x08\ufffe公司\r\n<w:p>&\ud800]]>\t乙"
    gaps = run("gap_list", now)
    frame = gaps.frame.with_columns(name=gaps.frame["name"].map_elements(lambda _: "坏\x0b\x1f名\ufffe", return_dtype=gaps.frame["name"].dtype))
    data = to_docx(small(now, Paragraph((nasty,)), Decision(nasty, (nasty,), nasty, nasty), Grid(nasty, replace(gaps, frame=frame), ("name", "firms")), title=nasty.replace("\n", ""), issuer=nasty), edition=now)
    assert "甲公司 " in words(data) and "<w:p>&]]> 乙" in words(data) and "坏名" in words(data)


def test_a_label_longer_than_word_allows_is_cut(now: Edition):
    data = to_docx(small(now, Paragraph((Figure("1个", "P00000000000.1", "很长的名称" * 40),))), edition=now)
    alias = next(a for a in part(data).iter("{*}alias") if a.get(a.nsmap["w"].join("{}") + "val").startswith("很长"))
    assert len(alias.get(alias.nsmap["w"].join("{}") + "val")) == 64


def test_very_long_names_stay_inside_the_table(now: Edition):
    gaps = run("gap_list", now)
    frame = gaps.frame.with_columns(name=gaps.frame["name"].map_elements(lambda _: "云澜澄岚新能源动力电池系统集成与回收利用产业技术研究院股份有限公司" * 3, return_dtype=gaps.frame["name"].dtype))
    grid = Grid("短板", replace(gaps, frame=frame), ("name", "group_name", "status", "action", "firms", "above_scale_firms", "to_verify", "weight", "bought_outside"))
    assert check(to_docx(small(now, grid), edition=now)) == []


def test_a_grid_without_rows_says_so(now: Edition):
    gaps = run("gap_list", now)
    data = to_docx(small(now, Grid("短板", replace(gaps, frame=gaps.frame.clear()), ("name", "firms"))), edition=now)
    assert "本期没有符合条件的记录" in words(data) and check(data) == []


def test_hidden_cells_are_marked_and_explained(now: Edition):
    gaps = run("gap_list", now)
    key = gaps.key_of(gaps.frame.row(0, named=True))
    hidden = replace(gaps, hidden=frozenset({(key, "bought_outside")}))
    text = words(to_docx(small(now, Grid("短板", hidden, ("name", "bought_outside"))), edition=now))
    assert HIDDEN in text and HIDDEN_NOTE["zh"] in text


def test_a_version_drops_the_columns_that_it_may_not_show(now: Edition):
    gaps = run("gap_list", now)
    shown = Result(gaps.output, gaps.edition, gaps.frame, "public")
    dropped = [c.zh for c in gaps.output.columns if c not in shown.columns]
    assert dropped
    text = words(to_docx(small(now, Grid("短板", shown, tuple(c.name for c in gaps.output.columns))), edition=now, version="public"))
    assert not [word for word in dropped if word in text.split("表1　短板")[1].split("附件")[0].split("\n")] and "公开版" in text


@pytest.mark.parametrize(("version", "mark"), [("internal", "内部资料"), ("department", "部门共享"), ("public", "公开版")])
def test_each_version_is_marked(now: Edition, version, mark):
    assert words(to_docx(small(now), edition=now, version=version)).startswith(mark)


def test_synthetic_data_are_marked_on_every_page(now: Edition):
    false = Edition(replace(now.manifest, synthetic=True), now.root)
    data = to_docx(small(false), edition=false)
    assert "合成数据" in words(data).splitlines()[0]
    headers = part(data, "word/header1.xml"), part(data, "word/header2.xml")
    assert all("合成数据" in "".join(h.itertext()) for h in headers)
    kinds = [{r.get(r.nsmap["w"].join("{}") + "type") for r in s.iter("{*}headerReference")} for s in part(data).iter("{*}sectPr")]
    assert len(kinds) == 3 and all(k == {"default", "even"} for k in kinds)


def test_maps_stand_on_landscape_pages_of_their_own(now: Edition):
    data = to_docx(small(now, Picture("电池链图谱", "chain_map", "c"), Picture("没有的链", "chain_map", "nothing")), edition=now)
    sizes = [s.find("{*}pgSz") for s in part(data).iter("{*}sectPr")]
    assert [s.get(s.nsmap["w"].join("{}") + "orient") for s in sizes] == [None, "landscape", "landscape", None, None]
    text = words(data)
    assert "附件：1.电池链图谱" in text and "3.数据来源与凭证" in text and "暂无可绘制的数据" in text and check(data) == []
    assert len(list(part(data).iter("{*}drawing"))) == 2  # one map, one QR


def test_a_skipped_heading_level_is_refused(now: Edition):
    with pytest.raises(UserError, match="跳级"):
        to_docx(small(now, Heading(3, "跳了")), edition=now)


def test_a_document_number_takes_its_brackets_and_the_signature_its_place(now: Edition):
    text = words(to_docx(small(now, issue="云工强办[2026]012号"), edition=now))
    assert "云工强办〔2026〕12号" in text
    assert text.index("附件：") < text.index("链长办") < text.index("2026年3月31日")


def test_a_paper_without_figures_or_head_still_stands(now: Edition):
    data = to_docx(Paper("材料", "只有标题", ()), edition=now)
    assert "正文没有引用数据" in words(data)


def test_numerals():
    assert [chinese(n) for n in (1, 10, 11, 20, 34, 99)] == ["一", "十", "十一", "二十", "三十四", "九十九"]
