"""Allowed values of the clusters' records, as plain data."""

from __future__ import annotations

from liantu.kernel.columns import Choice

LEVELS = (Choice("national", "国家级", "National", ("国家",)), Choice("provincial", "省级", "Provincial", ("省",)), Choice("city", "市级", "City", ("市",)),
          Choice("district", "区级", "District", ("县级", "县区级", "区县级")))
