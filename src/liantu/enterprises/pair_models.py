"""What people said of two records of the register that look like one firm."""

from __future__ import annotations

from django.db import models

from liantu.kernel import fields
from liantu.kernel.tables import Record


class KeptApart(Record):
    """不是同一家：有人核对过两条相似的企业记录，判定是两家；以后不再提示，也不再合并。"""

    enterprise = fields.reference("enterprises.Enterprise", "企业", "Enterprise", required=True)
    other = fields.reference("enterprises.Enterprise", "另一家", "The other firm")
    other_name = fields.text("另一家名称", "Its name, when it was not registered", length=200)
    reason = fields.text("理由", "Reason", length=200)
    who = fields.text("核对人", "Who", length=60)
    decided_on = fields.date("核对日期", "Decided on")

    class Table:
        zh, en, key, caption = "不是同一家", "Kept apart", ("enterprise", "other", "other_name"), "reason"
        importable = False

    class Meta:
        app_label = "enterprises"
        constraints = [models.UniqueConstraint(fields=["enterprise", "other"], name="one_word_per_pair_of_firms"),
                       models.UniqueConstraint(fields=["enterprise", "other_name"], name="one_word_per_firm_and_name")]
