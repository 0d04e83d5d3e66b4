"""Allowed values of the places' records, as plain data."""

from __future__ import annotations

from liantu.kernel.columns import Choice

PARK_KINDS = (Choice("township", "镇街", "Township", ("乡镇", "街道", "镇", "乡")), Choice("park", "园区", "Park", ("工业园", "开发区", "产业园")),
              Choice("specialised", "专业园区", "Specialised park"))
