"""A small district for the watch: firms with monthly electricity written through the kernel, and editions of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from liantu.chains.models import ChainNode
from liantu.chains.records import load_template_records
from liantu.kernel.batch import Planned, write, writing
from liantu.kernel.edition import freeze
from liantu.kernel.models import Batch

CHAIN, NODE, OTHER = "nev_battery", "nev_battery/prismatic_cell", "nev_battery/cathode_lfp"
OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 31)


def write_rows(*planned: Planned) -> None:
    """Write rows as one batch."""
    with writing():
        batch = Batch.objects.create(kind="form")
        write(batch, list(planned))


def month(back: int, until: tuple[int, int] = (2026, 10)) -> str:
    """The month so many before the last one."""
    year, number = divmod(until[0] * 12 + until[1] - 1 - back, 12)
    return f"{year}-{number + 1:02d}"


def firm(number: int, output: float = 10_000, node: str | None = NODE) -> Planned:
    """A firm with its yearly output, placed at a node by a person."""
    one = Planned("enterprise", {"name": f"第{number}电池有限公司", "status": "active", "above_scale": True})
    rows = [one, Planned("annual_figure", {"year": 2025, "output": Decimal(output), "revenue": Decimal(output), "source": "年报"}, links={"enterprise": one})]
    if node:
        rows.append(Planned("placement", {"chain_node": ChainNode.objects.get(code=node).pk, "grade": "confirmed"}, links={"enterprise": one}))
    write_rows(*rows)
    return one


def power(one: Planned, shares: dict[int, float] | None = None, *, base: float = 10_000, months: int = 30, until: tuple[int, int] = (2026, 10)) -> None:
    """Steady electricity of some months, with the share of it in single months (counted back from the last)."""
    shares = shares or {}
    write_rows(*(Planned("monthly_figure", {"enterprise": one.record, "period": month(back, until), "power_kwh": Decimal(round(base * (1 + 0.01 * (back % 3)) * shares.get(back, 1.0))),
                                            "source": "供电"}) for back in range(months)))


def more(one: Planned, period: str, kwh: float) -> None:
    """Electricity of one more month."""
    write_rows(Planned("monthly_figure", {"enterprise": one.record, "period": period, "power_kwh": Decimal(kwh), "source": "供电"}))


def chain() -> None:
    """The one chain of the district."""
    load_template_records(CHAIN)


def edition(day: date = OCTOBER):
    """The district frozen as of a day."""
    return freeze(as_of=day)
