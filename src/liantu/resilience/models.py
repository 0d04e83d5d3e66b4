"""产业链供应链安全: records of the room."""

from __future__ import annotations

from liantu.resilience.capacity_models import SupplyCapacity  # noqa: F401  a record of this room in its own file
