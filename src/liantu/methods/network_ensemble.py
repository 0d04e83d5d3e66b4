"""What is lost when firms stop, where links are unknown: an interval instead of a number, what makes it wide, and whom to phone.

Everything in one call is :func:`answer`. Its parts are of use alone: :class:`~liantu.methods.ensemble_known.Known` (what is known),
:func:`~liantu.methods.ensemble_draw.draw_networks` (networks consistent with it), :func:`~liantu.methods.ensemble_losses.losses` (shocks on all of them),
:func:`~liantu.methods.ensemble_losses.calibrate` (does the interval hold on the answers given so far), :func:`~liantu.methods.ensemble_phone.phone_list`.

>>> known = Known(sector=[0, 1, 2, 2], sales=[90.0, 200, 40, 400], purchases=[60.0, 100, 20, 200], shares=[[0, 0.8, 0], [0, 0, 0.5], [0, 0, 0]], supplier=[0],
...               customer=[1], amount=[80.0], suppliers_complete=[True, True, False, False], customers_complete=[True, False, False, False])
>>> found = answer(known, 2, remaining=[0, 1, 1, 1], weights=[90.0, 200, 40, 400])
>>> bool(found.low[0, 0] < found.median[0, 0] < found.high[0, 0]), found.phone.firm[0].item(), found.calibration.cases
(True, 3, 0)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from liantu.methods.ensemble_draw import Ensemble, draw_networks
from liantu.methods.ensemble_known import Known
from liantu.methods.ensemble_learn import Learnt, learn
from liantu.methods.ensemble_losses import Calibration, calibrate, closures, interval, losses
from liantu.methods.ensemble_phone import Phone, phone_list
from liantu.methods.text import Floats

__all__ = ["Answer", "Calibration", "Ensemble", "Known", "Learnt", "Phone", "answer", "calibrate", "closures", "draw_networks", "interval", "learn", "losses", "phone_list"]


@dataclass(frozen=True)
class Answer:
    """``low``, ``median``, ``high`` (k, q): weight lost with shock k, the shocked firms' own among it, in the weight's unit; ``own`` (k, q): that own part.
    ``firm_low``, ``firm_median``, ``firm_high`` (k, n): lost share of each firm's output (as drawn, not calibrated). ``phone``: firms to ask, about all shocks
    together and the first weight; ``phone.share`` and ``phone.common`` say what makes the interval wide. ``calibration`` says whether the ends are calibrated."""

    low: Floats
    median: Floats
    high: Floats
    own: Floats
    firm_low: Floats
    firm_median: Floats
    firm_high: Floats
    phone: Phone
    calibration: Calibration
    draws: int


def answer(known: Known, essential: ArrayLike, remaining: ArrayLike, weights: ArrayLike, *, level: float = 0.8, draws: int = 200, firms: int = 10, seed: int = 0,
           learnt: Learnt | None = None, calibration: Calibration | None = None) -> Answer:
    """Follow shocks through networks consistent with what is known.

    ``remaining`` (n,) or (k, n) in [0, 1]: what each firm can still do; ``weights`` (n,) or (n, q): output, jobs, tax; ``essential`` as in
    :class:`liantu.methods.firm_network.FirmNetwork`. The ends are the central ``level`` of the draws, calibrated on the first weight unless ``calibration``
    (of the same district and level) is handed over; ``learnt`` likewise. Same seed, same answer.
    """
    low = np.atleast_2d(np.asarray(remaining, dtype=float))
    weight = np.asarray(weights, dtype=float).reshape(known.n, -1)
    learnt = learn(known) if learnt is None else learnt
    calibration = calibrate(known, essential, weight[:, 0], level=level, seed=seed, learnt=learnt) if calibration is None else calibration
    drawn = draw_networks(known, draws, seed=seed, learnt=learnt)
    found = losses(drawn, known.sector, essential, low, weight, states=True)
    bottom, middle, top = interval(found.beyond, found.own, level=level, calibration=calibration)
    firm_bottom, firm_middle, firm_top = interval(np.maximum(found.down, found.up), 1 - low, level=level)
    phone = phone_list(known, drawn, found, essential, low, weight[:, 0], firms=firms)
    own = found.own
    return Answer(bottom + own, middle + own, top + own, own, firm_bottom, firm_middle, firm_top, phone, calibration, draws)
