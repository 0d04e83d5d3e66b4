"""The detector on monthly series: electricity, output and employees of each firm against its own seasons and its peers."""

from __future__ import annotations

from liantu.kernel.edition import Edition
from liantu.resilience.findings import Finding


def changes(edition: Edition) -> list[Finding]:
    """Findings of the detector on an edition."""
    return []
