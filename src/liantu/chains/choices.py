"""Allowed values of the chains' records, as plain data."""

from __future__ import annotations

from liantu.kernel.columns import Choice

STAGES = (Choice("up", "上游", "Upstream"), Choice("mid", "中游", "Midstream"), Choice("down", "下游", "Downstream"))
ROLES = (Choice("master", "链主", "Chain master"), Choice("deputy", "副链主", "Deputy master"), Choice("backbone", "骨干", "Backbone", ("骨干企业", "龙头")),
         Choice("supplier", "配套", "Supplier", ("配套企业",)), Choice("nurtured", "培育", "Nurtured", ("培育企业", "培育对象")))
GRADES = (Choice("confirmed", "已确认", "Confirmed by a person", ("已核", "确认")), Choice("likely", "可能", "Likely"), Choice("to_verify", "待核", "To verify"),
          Choice("rejected", "已否定", "Rejected by a person", ("不是",)))
ROUTE_KINDS = (Choice("mainstream", "主流", "Mainstream", ("主流路线",)), Choice("alternative", "替代", "Alternative", ("替代路线",)), Choice("frontier", "前沿", "Frontier", ("前沿路线",)))
GRASPS = (Choice("none", "未掌握", "None", ("无", "空白")), Choice("following", "跟跑", "Following", ("引进", "消化吸收")), Choice("mastered", "并跑", "Mastered", ("已掌握", "掌握")),
          Choice("leading", "领跑", "Leading", ("领先",)))
OUTSIDE_KINDS = (Choice("leader", "龙头企业", "Lead firm", ("龙头", "企业", "链主企业")), Choice("cluster", "产业集群", "Cluster", ("集群", "产业基地", "园区")))
