"""Allowed values of the firms' records, as plain data."""

from __future__ import annotations

from liantu.kernel.columns import Choice

SIZES = (Choice("large", "大型", "Large", ("大",)), Choice("medium", "中型", "Medium", ("中",)), Choice("small", "小型", "Small", ("小",)),
         Choice("micro", "微型", "Micro", ("微",)))
STATES = (Choice("active", "在营", "Active", ("正常", "存续", "开业", "生产", "在业", "正常生产")), Choice("stopped", "停产", "Stopped", ("停业", "歇业", "半停产")),
          Choice("closed", "注销", "Closed", ("吊销", "已注销")), Choice("moved", "迁出", "Moved away", ("外迁",)))
