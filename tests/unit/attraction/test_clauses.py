"""The clause check on own sentences: what must be found, what must be left alone, measured together."""

from __future__ import annotations

from io import BytesIO

import pytest

from liantu.attraction import clauses
from liantu.kernel.problems import UserError

BAD = [
    ("tax_linked", "项目投产后前三年，按其缴纳税收地方留成部分的80%给予奖励。"), ("tax_linked", "企业年度纳税额超过500万元的，超出部分的区级留存全额奖励给企业。"),
    ("tax_linked", "扶持资金按乙方形成的地方经济贡献的五成兑付。"), ("tax_linked", "对高管缴纳的个人所得税区级留存部分，五年内予以返还。"), ("tax_linked", "乙方享受先征后返政策。"),
    ("tax_linked", "补贴额度以企业当年入库增值税为限，不超过其纳税总额的三成。"), ("tax_linked", "企业所得税地方所得部分全部用于扶持乙方发展。"),
    ("tax_favour", "入驻企业五年内免征房产税和城镇土地使用税。"), ("tax_favour", "企业所得税实行两免三减半。"), ("tax_favour", "园区内经营者可享受区级税收优惠。"), ("tax_favour", "对乙方应缴的土地使用税减半征收三年。"),
    ("chosen_firm", "甲方给予乙方固定资产投资额10%的一次性补贴。"), ("chosen_firm", "对蓝桥新材料有限公司给予设备购置补助3000万元。"), ("chosen_firm", "重大项目可一事一议给予奖励。"), ("chosen_firm", "支持政策实行一企一策，另行给予优惠。"),
    ("chosen_firm", "为项目公司提供三年期流动资金贷款贴息。"),
    ("factor_favour", "项目用地按零地价供应。"), ("factor_favour", "乙方缴纳的土地出让金，超过基准地价的部分全额返还。"), ("factor_favour", "标准厂房前三年租金全免，后两年减半。"), ("factor_favour", "用电价格在目录电价基础上下浮一成，差额由园区补贴。"),
    ("factor_favour", "基础设施配套费全免。"), ("factor_favour", "企业缴纳的社会保险费单位部分由财政补贴一半。"), ("factor_favour", "甲方无偿提供办公用房两千平方米。"), ("factor_favour", "免收前两年租金。"),
    ("local_purchase", "乙方建设所需建材应优先采购本地产品。"), ("local_purchase", "投产三年内本地配套率不低于60%。"), ("local_purchase", "使用区内企业产品的，给予采购额3%的奖励。"), ("local_purchase", "项目施工由甲方指定的建筑企业承建。"),
    ("local_purchase", "园区物流由城投公司独家经营。"),
    ("force_settle", "乙方须在本区注册独立法人公司。"), ("force_settle", "中标单位必须在我区设立分公司。"), ("force_settle", "企业承诺十年内不迁出，注册地不得迁离本区。"), ("force_settle", "提前迁出的，应当退还已享受的全部扶持资金。"),
    ("outsiders", "外地供应商需提供额外保证金方可参加投标。"), ("outsiders", "评标时本地企业加3分。"), ("outsiders", "投标人须为本市注册企业。"),
    ("entry_barrier", "未经管委会批准不得进入园区经营物业。"), ("entry_barrier", "授予乙方二十年充电站特许经营权。"),
    ("price", "由协会组织会员企业联合限产。"), ("price", "各企业统一销售价格，不得低价倾销。"),
]
FINE = [
    "奖励和补贴不得与企业缴纳的税收挂钩。", "严禁以税收返还、先征后返等方式招商。", "企业依法享受国家规定的高新技术企业所得税优惠。", "按国家规定落实小微企业税费减免。", "清理与税收挂钩的奖补政策。",
    "不得要求企业优先采购本地产品。", "不得强制企业在本地设立分支机构。", "不得违法给予特定经营者税收优惠。", "项目总投资5亿元，达产后年产值8亿元，年税收2000万元。", "乙方承诺亩均税收不低于15万元。",
    "甲方协助乙方办理注册、备案、环评等手续。", "甲方按程序以招标拍卖挂牌方式供地。", "项目用地按不低于国家最低价标准出让。", "双方成立工作专班，每月会商一次。", "甲方负责场地平整和道路、供水、供电接入红线。",
    "本办法对各类经营者一视同仁，不限注册地。", "取消对外地企业参加投标的限制。", "鼓励企业开展研发，符合条件的依法享受研发费用加计扣除。", "企业应当依法缴纳社会保险费。", "租金按市场评估价确定。",
    "电价执行省发展改革委公布的目录。", "项目公司应按期开工、竣工、投产。", "纳税信用等级为A级的企业可参加评选。", "本地配套率仅作统计监测，不作为任何条件。", "支持企业参加展会，所有符合条件的企业均可申报。",
    "乙方自主选择建设单位和供应商。", "不以企业规模、所有制设置门槛。", "废止零地价供地等做法。", "禁止对外地产品加收费用。", "企业可以自由迁移，任何单位不得阻挠。",
    "税收数据由税务部门提供，仅用于统计。", "工业用地实行弹性年期出让。", "行政事业性收费按国家公布的目录执行。", "投资协议签订后十五日内报市场监管部门审查。", "依法落实国家出台的房产税减免政策。", "不与税收、地方贡献挂钩，不设地域条件。",
]


def test_what_must_go_to_review_is_found_by_its_article():
    missed = [(rule, text) for rule, text in BAD if rule not in {f.rule.id for f in clauses.check_text(text)}]
    assert len(BAD) == 40 and len(missed) <= 2, missed


def test_what_is_lawful_or_forbids_is_left_alone():
    false = [(text, [f.phrase for f in clauses.check_text(text)]) for text in FINE if clauses.check_text(text)]
    assert len(FINE) == 36 and len(false) <= 2, false


def test_a_finding_stands_where_it_says():
    text = "第一条　双方友好协商。\n第二条　项目用地按零地价供应；企业所得税两免三减半。"
    found = clauses.check_text(text)
    assert [(f.rule.id, text[f.start : f.end] == f.phrase) for f in found] == [("factor_favour", True), ("tax_favour", True)]
    assert found[0].rule.article == "第十条第三项"


def test_documents_are_read_and_others_refused():
    from docx import Document

    paper, kept = Document(), BytesIO()
    paper.add_paragraph("项目用地按零地价供应。")
    paper.add_table(1, 2).rows[0].cells[1].text = "租金全免"
    paper.save(kept)
    assert [f.rule.id for f in clauses.check_text(clauses.read_document("协议.docx", kept.getvalue()))] == ["factor_favour", "factor_favour"]
    assert clauses.read_document("a.txt", "零地价".encode("gb18030")) == "零地价"
    for name, data in (("a.docx", b"no"), ("a.pdf", b"%PDF"), ("a.doc", b"\xd0\xcf")):
        with pytest.raises(UserError) as error:
            clauses.read_document(name, data)
        assert error.value.code == "bad-document"


def test_a_text_too_long_is_refused_and_a_broken_form_told(tmp_path, monkeypatch):
    with pytest.raises(UserError, match="分段|最多"):
        clauses.check_text("字" * (clauses.LONGEST + 1))
    monkeypatch.setattr(clauses, "home", lambda: tmp_path)
    (tmp_path / clauses.FILE).write_text("rules: [{id: a}]", encoding="utf-8")
    with pytest.raises(UserError) as error:
        clauses.check_text("零地价")
    assert error.value.code == "bad-clauses-file"
