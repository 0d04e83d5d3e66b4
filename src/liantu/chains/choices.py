"""Allowed values of the chains' records, as plain data."""

from __future__ import annotations

from liantu.kernel.columns import Choice

STAGES = (Choice("up", "上游", "Upstream"), Choice("mid", "中游", "Midstream"), Choice("down", "下游", "Downstream"))
ROLES = (Choice("master", "链主", "Chain master"), Choice("deputy", "副链主", "Deputy master"), Choice("backbone", "骨干", "Backbone", ("骨干企业", "龙头")),
         Choice("supplier", "配套", "Supplier", ("配套企业",)), Choice("nurtured", "培育", "Nurtured", ("培育企业", "培育对象")))
GRADES = (Choice("confirmed", "已确认", "Confirmed by a person", ("已核", "确认")), Choice("likely", "可能", "Likely"), Choice("to_verify", "待核", "To verify"),
          Choice("rejected", "已否定", "Rejected by a person", ("不是",)))
