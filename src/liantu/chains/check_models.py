"""The monthly sample by which live accuracy is known: what was drawn, what the machine had said, what a person answered."""

from __future__ import annotations

from django.db import models

from liantu.chains.choices import GRADES
from liantu.kernel import fields
from liantu.kernel.columns import Choice
from liantu.kernel.tables import Record

SAMPLED = (Choice("placed", "机器已判环节", "Placed by the machine"), Choice("unplaced", "机器未判环节", "Not placed by the machine"))
ANSWERS = (Choice("right", "对", "Right"), Choice("wrong", "错", "Wrong"), Choice("unclear", "说不清", "Cannot tell"), Choice("belongs", "应在某环节", "Belongs at a node"),
           Choice("none", "都不是", "At no node"))


class PlacementCheck(Record):
    """抽样核对：某月抽到的一家企业、机器当时怎么判、人怎么答；准确率只由这些答案算出。"""

    month = fields.month("抽样月份", "Month of the sample", required=True)
    sampled = fields.choice("抽样对象", "Drawn from", *SAMPLED, required=True)
    enterprise = fields.reference("enterprises.Enterprise", "企业名称", "Enterprise", required=True)
    chain = fields.reference("chains.Chain", "产业链", "Chain", help="机器判断的环节所在的链；机器未判的为空")
    chain_node = fields.reference("chains.ChainNode", "机器判断的环节", "Node the machine proposed")
    grade = fields.choice("机器判断程度", "The machine's grade", *(g for g in GRADES if g.value in ("likely", "to_verify")))
    score = fields.number("机器判断分", "The machine's score", unit="分")
    evidence = fields.long_text("机器依据", "The machine's evidence")
    why_not = fields.text("未选理由", "Why not the runner-up")
    out_of = fields.integer("本层总数", "Size of the stratum", unit="条", help="抽样时这条链这个程度的机器判断总数；机器未判的为企业数")
    answer = fields.choice("答案", "Answer", *ANSWERS)
    right_node = fields.reference("chains.ChainNode", "应在环节", "Node it belongs at")
    missed = fields.flag("机器漏判", "Missed by the machine", help="应在环节机器没有提出过")
    who = fields.text("核对人", "Who answered", length=60)
    answered_on = fields.date("核对日期", "Answered on")

    class Table:
        zh, en, key, caption = "抽样核对", "Placement checks", ("month", "enterprise", "chain_node"), "month"
        importable = False

    class Meta:
        app_label = "chains"
        constraints = [models.UniqueConstraint(fields=["month", "enterprise", "chain_node"], name="one_check_per_month_and_placement")]
