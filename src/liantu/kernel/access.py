"""Who may write and who may see what: the one gate that every page and the API ask.

Roles are Django groups: members of 「编辑」 (and staff) may write records; members of 「内部」 (and staff) see columns whose
secrecy is ``confidential``. Everybody signed in may read the rest: of outputs the department's version (:func:`released`), in
which sums over firms stand with their small cells kept back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from liantu.kernel.columns import Column
from liantu.kernel.edition import Edition, list_editions, open_edition
from liantu.kernel.output import Result, Version
from liantu.kernel.problems import Refused, UserError
from liantu.kernel.release import VERSIONS, release

EDITORS = "编辑"
INSIDERS = "内部"


def _groups(user: Any) -> frozenset[str]:
    """The user's groups, asked once per request (kept on the user object)."""
    known = getattr(user, "_liantu_groups", None)
    if known is None:
        known = frozenset(user.groups.values_list("name", flat=True))
        user._liantu_groups = known
    return known


def _signed_in(user: Any) -> bool:
    return bool(user is not None and user.is_authenticated and user.is_active)


def may_write(user: Any) -> bool:
    """Whether a person may import, fill in forms, undo and make editions."""
    return _signed_in(user) and (user.is_staff or user.is_superuser or EDITORS in _groups(user))


def may_see_confidential(user: Any) -> bool:
    """Whether a person may see single firms' figures."""
    return _signed_in(user) and (user.is_staff or user.is_superuser or INSIDERS in _groups(user))


def require_write(user: Any) -> None:
    """Raise Refused (``read-only``) unless the person may write."""
    if not may_write(user):
        raise Refused("您的账号只能查看，不能修改。", code="read-only", hint=f"需要修改时请管理员把您加入「{EDITORS}」组。")


def visible_columns(user: Any, columns: Iterable[Column]) -> list[Column]:
    """The columns that a person may see of rows as they are, in their order.

    Sums over firms are not among them for people outside 「内部」: those come only through :func:`released`.
    """
    if may_see_confidential(user):
        return list(columns)
    return [c for c in columns if c.secrecy != "confidential" and not c.sums]


def version_for(user: Any) -> Version:
    """The fullest version that a person may see: internal for those who see single firms' figures, else the department's."""
    return "internal" if may_see_confidential(user) else "department"


def version_asked(user: Any, asked: str = "") -> Version:
    """The version asked for (the fullest one that the person may see, when nothing is asked), never above the person's right."""
    right = version_for(user)
    if not asked:
        return right
    if asked not in VERSIONS:
        raise UserError(f"没有版本「{asked[:20]}」。", code="unknown-version", hint="、".join(f"{name}（{zh}）" for name, zh in VERSIONS.items()))
    if list(VERSIONS).index(asked) < list(VERSIONS).index(right):
        raise UserError(f"您的账号不能取{VERSIONS[asked]}。", code="not-visible", hint=f"您可以取{VERSIONS[right]}及更公开的版本。")
    return asked  # type: ignore[return-value]


def released(user: Any, name: str, edition: Edition, asked: str = "") -> Result:
    """An output as a person may see it, or as the version asked for shows it; ``columns`` of the result are those to show."""
    return release(name, edition, version_asked(user, asked))


def edition_numbered(number: str) -> Edition:
    """An edition by the number that came with a request: only numbers that exist are opened, never a path."""
    if not any(m.number == number for m in list_editions()):
        known = "、".join(m.number for m in list_editions()[-6:]) or "还没有版次"
        raise UserError(f"没有版次 {number[:40]}。", code="unknown-edition", hint=f"最近的版次：{known}")
    return open_edition(number)
