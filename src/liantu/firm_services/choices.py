"""Allowed values of the policies' records, as plain data."""

from __future__ import annotations

from liantu.kernel.columns import Choice

LEVELS = (Choice("national", "国家", "National", ("国家级",)), Choice("provincial", "省", "Provincial", ("省级",)), Choice("city", "市", "City", ("市级",)),
          Choice("district", "区", "District", ("区级", "县级", "县区")))
REDEMPTIONS = (Choice("no_application", "免申即享", "Without application"), Choice("fast", "快申快享", "Fast application"), Choice("application", "申报", "By application", ("申报享受", "申请")))
REVIEWS = (Choice("passed", "已通过", "Passed", ("通过", "已审查", "已审查通过")), Choice("exception", "适用例外", "Exception", ("例外规定",)), Choice("pending", "待审查", "Pending", ("未审查", "审查中")),
           Choice("not_needed", "无需审查", "Not needed"))
