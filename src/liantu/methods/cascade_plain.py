"""The cascade written out literally, n × m availability and all: slow, for checking the engine and for benchmarks.

Diem et al. 2022 (see :mod:`liantu.methods.firm_network`), equations (5)–(13).
"""

from __future__ import annotations

import numpy as np

from liantu.methods.firm_network import ESSENTIAL, PLAIN, FirmNetwork, Floats


def plain_cascade(network: FirmNetwork, remaining: Floats, remaining_up: Floats | None = None, *, tolerance: float = 1e-6, replace: bool = True,
                  dead_market_unit: float = 0.0, most_steps: int = 100_000) -> tuple[Floats, Floats, int]:
    """(down (n,), up (n,), steps) of one shock: remaining output after the downstream and the upstream cascade, each in [0, 1].

    Options as in :func:`liantu.methods.cascade.shock`.

    >>> down, up, steps = plain_cascade(FirmNetwork(3, [0, 1], [1, 2], [10, 10], [0, 1, 2]), np.array([0.0, 1, 1]), tolerance=1e-2)
    >>> down.tolist(), up.tolist(), steps
    ([0.0, 0.0, 0.0], [0.0, 1.0, 1.0], 3)
    """
    n, m = network.n, int(network.sector.max()) + 1
    i, j, amount = network.supplier, network.customer, network.amount
    by_sector = np.zeros((m, n))
    np.add.at(by_sector, (network.sector[i], j), amount)
    vital, some = network.need == ESSENTIAL, network.need == PLAIN
    inside = (network.bought / np.where(network.purchases > 0, network.purchases, 1))[j]
    share = np.where(vital, amount / by_sector[network.sector[i], j], amount / network.bought[j]) * inside
    demand = amount / network.sales[i]
    low_down, low_up = remaining, remaining if remaining_up is None else remaining_up
    down, up = low_down.astype(float), low_up.astype(float)
    steps, fall = 0, np.inf
    while fall > tolerance and steps < most_steps:
        available = np.bincount(network.market, network.sold * down, network.markets)[network.market]
        if dead_market_unit:
            available = np.where(available <= 1e-10, dead_market_unit, available)
        with np.errstate(divide="ignore", invalid="ignore"):
            weight = np.where(available > 0, np.minimum(1, network.sold / available), 1.0) if replace else np.ones(n)
        loss = (weight * (1 - down))[i]
        missing = np.zeros((m, n))
        np.add.at(missing, (network.sector[i[vital]], j[vital]), (share * loss)[vital])
        linear = np.bincount(j[some], (share * loss)[some], n)
        new_down = np.maximum(0, np.minimum(low_down, np.minimum(1 - missing.max(axis=0), 1 - linear)))
        new_up = np.maximum(0, np.minimum(low_up, 1 - np.bincount(i, demand * (1 - up)[j], n)))
        fall = max((down - new_down).max(), (up - new_up).max())
        down, up, steps = new_down, new_up, steps + 1
    return down, up, steps
