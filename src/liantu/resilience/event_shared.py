"""What the outputs of risk events share: real events only, and rows named by their event."""

from __future__ import annotations

from typing import Any

import narwhals as nw


def real(risk_event: Any) -> Any:
    """Events that are no drill."""
    return risk_event.filter(nw.col("drill").is_null())


def of_real(rows: Any, risk_event: Any) -> Any:
    """Rows of events that are no drill, with the event's code, title and chain (id)."""
    events = real(risk_event).select(nw.col("id").alias("event"), nw.col("code").alias("event_code"), nw.col("title").alias("event_title"),
                                     nw.col("chain").alias("event_chain"))
    return rows.join(events, on="event", how="inner")
