"""The synthetic district 云澜区（合成数据）: dirty sheets as departments hand them over, with known answers. Needs no Django.

``generate`` writes the first month, ``next_month`` the same departments' sheets one month later under other headers, and
``liantu.demo.self_check`` compares what the system found with what was planted. Nothing in it is real.
"""

from __future__ import annotations

from liantu.demo.generator import generate
from liantu.demo.later import next_month
from liantu.demo.planted import Planted

__all__ = ["Planted", "generate", "next_month"]
