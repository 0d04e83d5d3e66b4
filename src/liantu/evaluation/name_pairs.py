"""Asked names with known answers: reading the folder, the fixed development part, and lines for a wanted precision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
import polars as pl
from numpy.typing import NDArray

from liantu.enterprises.matching import national_regions
from liantu.kernel.problems import UserError
from liantu.methods.linkage import NameIndex, Pairs, Side
from liantu.methods.pair_model import PairModel
from liantu.methods.text import Floats, Ints

COLUMNS = {"q", "truth", "kind"}


@dataclass(frozen=True)
class NamePairs:
    """One pair of files ``queries_N``, ``reference_N``. ``truth`` is a position of the reference or −1; ``dev`` is fixed by the asked text."""

    size: int
    names: list[str]
    asked_names: list[str]
    index: NameIndex
    asked: Side
    pairs: Pairs
    truth: Ints
    kind: NDArray[np.str_]
    dev: NDArray[np.bool_]

    @property
    def hit(self) -> NDArray[np.bool_]:
        """Whether each candidate pair is the right one."""
        return np.asarray(self.truth[self.pairs.asked] == self.pairs.known)


def sizes(folder: Path) -> list[int]:
    """Sizes for which the folder has both files."""
    found = sorted(int(p.stem.partition("_")[2]) for p in (folder / "names").glob("reference_*.parquet") if (folder / "names" / f"queries_{p.stem.partition('_')[2]}.parquet").is_file())
    if not found:
        raise UserError(f"「{folder}」里没有 names/queries_N.parquet 与 names/reference_N.parquet。", code="no-names", hint="见 docs/evaluation.md 的文件说明。")
    return found


def load(folder: Path, size: int, models: Mapping[str, PairModel]) -> NamePairs:
    """Read one pair of files and find candidates."""
    asked = pl.read_parquet(folder / "names" / f"queries_{size}.parquet").fill_null("")
    known = pl.read_parquet(folder / "names" / f"reference_{size}.parquet").fill_null("")
    missing = COLUMNS - set(asked.columns)
    if missing:
        raise UserError(f"queries_{size}.parquet 缺少列：{'、'.join(sorted(missing))}。", code="bad-names", hint="需要 q（名称）、truth（信用代码或空）、kind（类别）。")
    index = NameIndex(known["name"].to_list(), regions=national_regions(), models=models, cities=known["city"].to_list(), addresses=known["address"].to_list())
    side = index.read(asked["q"].to_list(), asked["city"].to_list(), asked["address"].to_list())
    place = {code: at for at, code in enumerate(known["uscc"].to_list())}
    truth = np.array([place.get(t, -1) if t else -1 for t in asked["truth"].to_list()])
    dev = np.array([crc32(q.encode()) % 10 < 3 for q in asked["q"].to_list()])
    return NamePairs(size, known["name"].to_list(), asked["q"].to_list(), index, side, index.candidates(side), truth, asked["kind"].to_numpy(), dev)


def line_for(probability: Floats, right: NDArray[np.bool_], wanted: float) -> float:
    """The lowest probability from which on the share right is at least ``wanted``; above 1 when there is none."""
    order = np.argsort(-probability, kind="stable")
    kept = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(kept >= wanted)
    return float(probability[order[good[-1]]]) if len(good) else 1.01
