"""The watch of the months before, as the synthetic district's clerks would have run and verified it, so that rules have a record.

Verdicts follow from what is planted: a firm that broke off, declines or prepares to move was real, with an invented day on which it
stopped; all others were false alarms of some kind. The last month is run and left to be verified.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from liantu.demo.figures import MONTHS
from liantu.demo.planted import Planted
from liantu.demo.troubles import RAMP_START
from liantu.kernel.edition import Edition

BEFORE = (date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30))
LEAD = (4, 34)  # days between a signal and what came of it
FALSE = ("false", "false", "seasonal", "data_error")
LASTING = ("slow_decline", "staff_cuts", "relocation_signs")  # planted from spring on
NOTES = {"real": "电话核实，已停线或减产（合成数据）", "false": "电话核实，生产正常（合成数据）", "seasonal": "订单淡季，往年也有（合成数据）", "data_error": "报数有误，已更正（合成数据）"}


def play(edition: Edition, planted: Planted) -> Iterator[str]:
    """Run and verify the months before, then run the edition's own month; tells what was done."""
    from liantu.resilience.rules import DETECTOR
    from liantu.resilience.watching import watch

    for day in BEFORE:
        then = replace(edition, manifest=replace(edition.manifest, as_of=day.isoformat()))
        done = watch(then, without=(DETECTOR,))
        yield f"{done.month} 预警 {done.alarmed} 家，核实 {_verify(day, planted)} 家"
    done = watch(edition)
    yield f"{done.month} 预警 {done.alarmed} 家，待核实"


def _verify(day: date, planted: Planted) -> int:
    from liantu.resilience.models import Signal
    from liantu.resilience.rule_record import verify

    real = {f["uscc"] for f in planted.power_falls if f["first_month"] <= day.isoformat()[:7]}
    real |= {uscc for kind in LASTING for uscc in planted.watch["found"][kind] if day.isoformat()[:7] > MONTHS[RAMP_START]}
    open_: dict[str, list[str]] = {}
    for code, uscc in Signal.objects.filter(lane="risk", in_budget=True, verdict=None, ended_on=None).exclude(enterprise=None).order_by("id").values_list("code", "enterprise__uscc"):
        open_.setdefault(uscc, []).append(code)
    for uscc, codes in open_.items():
        chance = Random(f"verdict:{uscc}")
        verdict = "real" if uscc in real else chance.choice(FALSE)
        event = day + timedelta(days=chance.randint(*LEAD)) if verdict == "real" else None
        verify(codes, verdict, None, note=NOTES[verdict], event_on=event, on=max(event or day, day + timedelta(days=3)))
    return len(open_)
