"""Allowed values of the platforms' records, as plain data."""

from __future__ import annotations

from liantu.kernel.columns import Choice

LEVELS = (Choice("national", "国家级", "National"), Choice("provincial", "省级", "Provincial"), Choice("city", "市级", "City"), Choice("district", "区级", "District", ("县级",)))
PLATFORM_KINDS = (Choice("research", "研发", "Research", ("研发机构", "技术中心", "重点实验室", "工程中心", "企业技术中心", "工程技术研究中心")), Choice("pilot", "中试", "Pilot", ("中试基地",)),
                  Choice("testing", "检测", "Testing", ("检验检测", "检测中心")), Choice("logistics", "物流", "Logistics"), Choice("talent", "人才", "Talent", ("院士工作站", "博士后工作站", "人才平台")),
                  Choice("incubator", "孵化", "Incubator", ("孵化器", "众创空间")))
