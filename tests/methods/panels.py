"""A made-up panel for the tests of the feasibility engine: regions and industries with hidden traits; what fits a region comes to it, slowly."""

from __future__ import annotations

import numpy as np

from liantu.methods.entry_panel import EntryPanel


def made_up(regions: int = 90, items: int = 60, times: int = 3, *, traits: int = 4, seed: int = 0, related: float = 1.0, level: float = 10.0) -> EntryPanel:
    """Poisson amounts around ``size × exp(related × trait·need + own taste)``; the taste of each cell drifts towards what fits, so entries can be foreseen; ``related=0`` has nothing to foresee."""
    chance = np.random.default_rng(seed)
    fit = chance.normal(size=(regions, traits)) @ chance.normal(size=(traits, items)) / np.sqrt(traits)
    size = np.exp(chance.normal(9, 0.7, regions))[:, None] * chance.dirichlet(np.full(items, 2.0))
    taste = chance.normal(0, 1.2, (regions, items))
    layers = []
    for _ in range(times):
        strength = np.exp(1.1 * related * fit + taste)
        amounts = size * strength / strength.mean()
        layers.append(chance.poisson(np.where(amounts < 3, 0, amounts)).astype(float))
        taste = 0.75 * taste + chance.normal(0, 0.8, taste.shape)
    return EntryPanel(np.array(layers), 2011 + 5 * np.arange(times), level=level)
