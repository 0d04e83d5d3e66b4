"""The edition that a visitor looks at: the one chosen for the session, else the newest."""

from __future__ import annotations

from typing import Any

from liantu.kernel.access import edition_numbered
from liantu.kernel.edition import Edition, open_edition
from liantu.kernel.problems import UserError

SESSION_KEY = "edition"


def chosen_number(request: Any) -> str | None:
    """The number of the historic edition chosen for this session; None when the newest is shown."""
    number = request.session.get(SESSION_KEY)
    return number if isinstance(number, str) else None


def current_edition(request: Any) -> Edition:
    """The edition whose figures this visitor sees. Raises UserError (``no-edition``) while there is none at all."""
    number = chosen_number(request)
    if number is not None:
        try:
            return edition_numbered(number)
        except UserError:
            request.session.pop(SESSION_KEY, None)
    return open_edition()


def is_historic(request: Any) -> bool:
    """Whether the banner 「正在查看历史版次」 belongs on the page."""
    return chosen_number(request) is not None
