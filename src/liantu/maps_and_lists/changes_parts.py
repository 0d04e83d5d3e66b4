"""The single things that can change between two editions, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from liantu.kernel.columns import Column


@dataclass(frozen=True)
class Stand:
    """Where a firm stands in one edition: its first node (None where nobody knows one) and whether it is above scale."""

    chain_code: str | None
    chain_name: str | None
    node_code: str | None
    node_name: str | None
    above_scale: bool | None


@dataclass(frozen=True)
class FirmChange:
    """A firm that entered (no ``before``), left (no ``after``), changed its first node or crossed the scale."""

    enterprise: int
    name: str
    before: Stand | None
    after: Stand | None

    @property
    def stand(self) -> Stand:
        """Where it stands now, or stood last."""
        found = self.after or self.before
        assert found is not None, "a firm stands in one edition at least"
        return found


@dataclass(frozen=True)
class RowReason:
    """Rows behind a node that came (``entered``), went (``left``) or were ``changed``: how many, and the first names."""

    table: str
    kind: str
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class FigureReason:
    """A figure of the node that moved with its status."""

    column: Column
    before: Any
    after: Any


@dataclass(frozen=True)
class RuleReason:
    """The dated rule itself changed between the two days."""

    zh: str
    en: str
    since: date


Reason = RowReason | FigureReason | RuleReason


@dataclass(frozen=True)
class NodeChange:
    """A node whose status changed, and why. ``before`` is None for a node that is new on the map, ``after`` for one taken off it."""

    code: str
    chain_code: str
    chain_name: str
    name: str
    name_en: str
    before: str | None
    after: str | None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class ProjectState:
    """How a project stands in one edition. ``evidence`` is the paper that proves its latest proven stage."""

    stage: str | None
    side_state: str | None
    lamp: str | None
    evidence: str | None
    verification: str | None


@dataclass(frozen=True)
class ProjectChange:
    """A project that is new, moved to another stage, was halted or restarted, shows another lamp, or is gone."""

    project: int
    name: str
    chain_code: str | None
    chain_name: str | None
    before: ProjectState | None
    after: ProjectState | None


@dataclass(frozen=True)
class CaseChange:
    """A case (问题) that was opened, settled, or went past its due day. States are those of the two editions."""

    case: int
    code: str
    title: str
    chain_code: str | None
    chain_name: str | None
    before: str | None
    after: str | None
    due_on: date | None
    lead_office: str | None


@dataclass(frozen=True)
class PolicyChange:
    """A policy that is new or no longer in force. ``why``: registered, in_force, expired, withdrawn."""

    policy: int
    name: str
    code: str | None
    chain_code: str | None
    chain_name: str | None
    why: str
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True)
class FigureChange:
    """A head figure in both editions with its ids; None where an edition does not have it."""

    output: str
    key: str
    column: Column
    chain_code: str
    chain_name: str
    before: Any
    after: Any
    before_id: str
    after_id: str

    @property
    def changed(self) -> bool:
        return bool(self.before != self.after)

    def label(self, language: str = "zh") -> str:
        """What the figure is, without its chain."""
        return self.column.zh if language == "zh" else self.column.en


@dataclass(frozen=True)
class RecordChange:
    """How many rows of a table entered, left or were changed; ``columns`` names what was changed."""

    table: str
    entered: int
    left: int
    changed: int
    columns: tuple[str, ...]
