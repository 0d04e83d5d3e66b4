"""The style checker: silent on what we make, and on each mutation it names exactly the rule that was broken."""

from __future__ import annotations

import re

import pytest

from liantu.papers.brief import brief
from liantu.papers.docx import to_docx
from liantu.papers.docx_check import RULES, check
from liantu.papers.meeting import meeting_paper
from tests.unit.papers.docx_kit import changed

STYLES, DOCUMENT, SETTINGS = "word/styles.xml", "word/document.xml", "word/settings.xml"
NUMBER_FOOT = "word/footer[12].xml"
LAST_FOOT = "word/footer[34].xml"


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return {}


@pytest.fixture
def paper(editions, made) -> bytes:
    if "brief" not in made:
        before, now = editions
        made["brief"] = to_docx(brief(now, "c", since=before, issue="云工强办〔2026〕12号"), edition=now)
    return made["brief"]


def in_style(name: str, old: str, new: str):
    """Rewrite inside one style."""
    def edit(text: str) -> str:
        return re.sub(rf'(<w:style [^>]*w:styleId="{name}".*?</w:style>)', lambda m: re.sub(old, new, m.group(1)), text, count=1, flags=re.S)

    return edit


def swap(old: str, new: str, count: int = 0):
    return lambda text: re.sub(old, new, text, count=count)


MUTATIONS = [
    ("页边距", DOCUMENT, swap('w:top="2098"', 'w:top="1701"', 1)),
    ("页边距", DOCUMENT, swap('w:right="1474"', 'w:right="1587"')),
    ("纸张", DOCUMENT, swap('w:w="11906" w:h="16838"', 'w:w="11906" w:h="17338"')),
    ("行数字数", DOCUMENT, swap('w:linePitch="579"', 'w:linePitch="312"')),
    ("行数字数", DOCUMENT, swap('<w:docGrid w:type="lines" w:linePitch="579"/>', "")),
    ("行数字数", STYLES, in_style("Body", 'w:spacing w:val="-5"', 'w:spacing w:val="0"')),
    ("行距", STYLES, in_style("Body", 'w:line="579" w:lineRule="exact"', 'w:line="360" w:lineRule="auto"')),
    ("行距", STYLES, in_style("Heading2", 'w:line="579"', 'w:line="640"')),
    ("字体字号", STYLES, in_style("Body", "仿宋_GB2312", "宋体")),
    ("字体字号", STYLES, in_style("Heading1", "黑体", "楷体_GB2312")),
    ("字体字号", STYLES, in_style("Heading2", "楷体_GB2312", "仿宋_GB2312")),
    ("字体字号", STYLES, in_style("PaperTitle", 'w:sz w:val="44"', 'w:sz w:val="36"')),
    ("字体字号", STYLES, in_style("AttachmentMark", "黑体", "仿宋_GB2312")),
    ("版头", STYLES, in_style("Masthead", "FF0000", "000000")),
    ("版头", STYLES, in_style("Masthead", "方正小标宋_GBK", "黑体")),
    ("版头", DOCUMENT, swap('w:color="FF0000"', 'w:color="000000"')),
    ("层次序数", DOCUMENT, swap("二、", "三、", 1)),
    ("层次序数", DOCUMENT, swap("（一）短板环节", "（二）短板环节")),
    ("页码", SETTINGS, swap("<w:evenAndOddHeaders/>", "")),
    ("页码", NUMBER_FOOT, swap("— ", "第")),
    ("页码", NUMBER_FOOT, swap('w:jc w:val="(left|right)"', 'w:jc w:val="center"')),
    ("页码", STYLES, in_style("PageNumber", 'w:sz w:val="28"', 'w:sz w:val="21"')),
    ("表格", DOCUMENT, swap("<w:tblHeader/>", "")),
    ("表格", DOCUMENT, swap("<w:cantSplit/>", "", 1)),
    ("表格", STYLES, in_style("TableText", 'w:line="360"', 'w:line="240"')),
    ("表格", STYLES, in_style("TableMiddle", '<w:snapToGrid w:val="0"/>', "")),
    ("表格", DOCUMENT, swap(r'<w:gridCol w:w="\d+"/>', '<w:gridCol w:w="9999"/>', 1)),
    ("版记", DOCUMENT, swap("evenPage", "nextPage")),
    ("版记", LAST_FOOT, swap('<w:top w:val="single" w:sz="8"', '<w:top w:val="single" w:sz="4"')),
    ("版记", LAST_FOOT, swap('w:insideH w:val="single" w:sz="6"', 'w:insideH w:val="single" w:sz="12"')),
    ("版记", LAST_FOOT, swap("印发", "")),
    ("版记", STYLES, in_style("Colophon", 'w:sz w:val="28"', 'w:sz w:val="32"')),
    ("发文字号", DOCUMENT, swap("〔2026〕12号", "[2026]12号")),
    ("发文字号", DOCUMENT, swap("〔2026〕12号", "〔2026〕第12号")),
    ("日期", DOCUMENT, swap(r"(<w:t[^>]*>)2026年3月31日(</w:t>)", r"\g<1>二〇二六年三月三十一日\2")),
    ("日期", LAST_FOOT, swap("2026年3月31日", "2026年03月31日")),
    ("附件", DOCUMENT, swap("1.电池链图谱", "电池链图谱。")),
    ("附件", DOCUMENT, swap(r'<w:p><w:pPr><w:pStyle w:val="AttachmentNote"/>((?!</w:p>).)*</w:p>', "")),
]


@pytest.mark.parametrize(("rule", "where", "edit"), MUTATIONS, ids=[f"{n}-{m[0]}" for n, m in enumerate(MUTATIONS)])
def test_a_mutation_is_told_by_its_rule_and_no_other(paper, rule, where, edit):
    faults = check(changed(paper, where, edit))
    assert faults and {f.split("：", 1)[0] for f in faults} == {rule}, faults


def test_every_rule_has_a_mutation():
    assert {m[0] for m in MUTATIONS} == set(RULES)


def test_every_paper_that_we_make_passes(editions):
    before, now = editions
    for version in ("internal", "department", "public"):
        for since in (None, before):
            papers = [brief(now, "c", since=since, version=version), brief(now, "d", since=since, version=version), meeting_paper(now, ["c"], since=since, version=version),
                      meeting_paper(now, ["c", "d"], since=since, version=version)]
            for paper in papers:
                assert check(to_docx(paper, edition=now, version=version)) == [], (paper.title, version)
