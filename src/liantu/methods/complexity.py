"""What a region can do, told by what else is done there: location quotients, relatedness and complexity, each convention a named option.

Rows are regions (R), columns industries (I). Packages clash in how they standardise, round, sign and count the diagonal; where they do, the
option says whose way it is, and :data:`CONVENTIONS` names the four packages' choices together. Figures of all of them are pinned in the tests.

Sources: Balassa (1965), location quotient; Hidalgo, Klinger, Barabási, Hausmann (2007), proximity and density; Hidalgo, Hausmann (2009), reflections;
Hausmann et al. (2014), *The Atlas of Economic Complexity*, ECI, PCI, COI, COG; Tacchella et al. (2012), fitness; van Eck, Waltman (2009), association strength.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import LinearOperator, eigsh

Floats = NDArray[np.floating[Any]]
SMALL = 300
"""Side of a matrix up to which a full symmetric eigenproblem is the quickest way."""

ALIKE = 1e-12
"""Second eigenvalue below which all regions have the same profile and the rest is rounding."""


def checked(values: Any, name: str = "values") -> Floats:
    """A matrix of floats, two-dimensional, finite and not negative; ValueError in words otherwise."""
    x = np.asarray(values)
    x = x if x.dtype in (np.float32, np.float64) else x.astype(float)
    if x.ndim != 2:
        raise ValueError(f"{name} must be a matrix of regions × industries, not of {x.ndim} dimensions")
    if not np.isfinite(x).all() or (x < 0).any():
        raise ValueError(f"{name} must hold finite amounts that are not negative: put 0 where nothing is known to be there")
    return x


def divided(a: Any, b: Any) -> Floats:
    """a / b, 0 where b is 0: an industry that is nowhere has no share."""
    a, b = np.asarray(a, dtype=float if np.asarray(a).dtype != np.float32 else np.float32), np.asarray(b)
    return np.divide(a, b, out=np.zeros(np.broadcast_shapes(a.shape, b.shape), dtype=a.dtype), where=b != 0)


def rca(values: Any, *, rounded: int | None = None) -> Floats:
    """Location quotient, (R, I) → (R, I): ``(x_ri / x_r) / (x_i / x)``; 0 where a row or column is empty (Balassa 1965).

    Products before the one division, so that whole amounts that are exactly average give exactly 1 and keep their presence.
    ``rounded=2`` is EconGeo's habit, which moves values across the threshold of 1. Does not know the unit: ``rca(10_000 * x) = rca(x)``.
    """
    given = checked(values)
    x = given.astype(float, copy=False)
    x = np.ldexp(x, -int(np.frexp(x.max(initial=0))[1]))  # by a power of two, exact: products of sums stay in range
    found = divided(x * x.sum(), x.sum(axis=1)[:, None] * x.sum(axis=0)).astype(given.dtype, copy=False)
    return found if rounded is None else np.round(found, rounded)


def presence(quotient: Any, threshold: float = 1.0) -> Floats:
    """1.0 where the location quotient reaches the threshold, else 0.0; (R, I) → (R, I). A quotient of exactly the threshold counts, also when rounding took its last digits."""
    q = np.asarray(quotient)
    slack = 8 * float(np.finfo(q.dtype).eps) if q.dtype.kind == "f" else 0.0
    return (q >= threshold * (1 - slack)).astype(np.float32 if q.dtype == np.float32 else float)


def diversity(m: Any) -> Floats:
    """How many industries each region has, (R, I) → (R,)."""
    found: Floats = checked(m, "m").sum(axis=1)
    return found


def ubiquity(m: Any) -> Floats:
    """In how many regions each industry stands, (R, I) → (I,)."""
    found: Floats = checked(m, "m").sum(axis=0)
    return found


def proximity(m: Any) -> Floats:
    """Least conditional probability that who has one industry has the other, (R, I) → (I, I), diagonal 1: ``Σ_r m_ri m_rj / max(u_i, u_j)``."""
    x = checked(m, "m")
    together = x.T @ x
    u = together.diagonal().copy()
    return divided(together, np.maximum(u[:, None], u))


def relatedness(together: Any, *, method: Literal["association", "cosine", "jaccard", "probability"] = "association") -> Floats:
    """Normalised co-occurrence, (I, I) → (I, I), diagonal 0 (EconGeo's ``relatedness``).

    association: ``(c_ij / c) / (s_i s_j / c²)``; cosine ``c_ij / √(s_i s_j)``; jaccard ``c_ij / (s_i + s_j − c_ij)``; probability is the association
    strength of draws without repetition (van Eck, Waltman 2009; Steijn 2017). ``s`` are column sums without the diagonal, ``c`` their sum.
    """
    c = checked(together, "together").copy()
    np.fill_diagonal(c, 0)
    s, total = c.sum(axis=0), c.sum()
    a, b = s[None, :], s[:, None]
    if method == "association":
        found = divided(c * total, a * b)
    elif method == "cosine":
        found = divided(c, np.sqrt(a * b))
    elif method == "jaccard":
        found = divided(c, a + b - c)
    elif method == "probability":
        expected = divided(a * b, total - a) + divided(a * b, total - b)
        found = divided(2 * c, expected)
    else:
        raise ValueError(f"method must be association, cosine, jaccard or probability, not {method!r}")
    np.fill_diagonal(found, 0)
    return found


def density(m: Any, phi: Any, *, diagonal: Literal["included", "excluded"] = "included", scale: float = 1.0) -> Floats:
    """Relatedness density, (R, I), (I, I) → (R, I): share of what is close to an industry that the region already has, ``Σ_j m_rj φ_ij / Σ_j φ_ij``.

    Harvard's package counts the industry itself (``diagonal="included"``); econcomplex leaves it out and gives percent (``"excluded"``, ``scale=100``).
    """
    x, near = checked(m, "m"), np.array(phi, dtype=np.asarray(m).dtype if np.asarray(m).dtype == np.float32 else float)
    if diagonal == "excluded":
        np.fill_diagonal(near, 0)
    elif diagonal != "included":
        raise ValueError(f"diagonal must be included or excluded, not {diagonal!r}")
    return divided((x @ near) * scale, near.sum(axis=0))


@dataclass(frozen=True)
class Complexity:
    """``eci`` (R,) and ``pci`` (I,), NaN for empty rows and columns; ``eigenvalue``: the second one of the projected matrix (all of them: :func:`spectrum`).

    ``components`` are the parts that share no industry. With two, 1 is a double eigenvalue and the index only tells the parts apart; with three or more the second
    eigenvector is not determined and both are NaN: ask for the largest part instead. Where all regions are alike ``eigenvalue`` is 0 and so are all indices.
    """

    eci: Floats
    pci: Floats
    eigenvalue: float
    components: int


CONVENTIONS: dict[str, dict[str, Any]] = {
    "harvard": {"pci_moments": "eci"},
    "econcomplex": {"pci_sign": "ubiquity"},
    "datawheel": {"method": "reflections", "steps": 18, "ddof": 1},
    "econgeo": {"scale": "sum", "rounded": 4},
}
"""Options that give each package's figures: ``complexity(m, **CONVENTIONS["harvard"])``. econcomplex turns PCI against its own ECI; EconGeo's KCI is not standardised and rounds the projected matrix."""


def complexity(m: Any, *, method: Literal["eigen", "reflections"] = "eigen", steps: int = 18, ddof: int = 0, pci_moments: Literal["own", "eci"] = "own",
               pci_sign: Literal["eci", "ubiquity"] = "eci", scale: Literal["moments", "sum"] = "moments", rounded: int | None = None,
               parts: Literal["all", "largest"] = "all") -> Complexity:
    """Economic and product complexity of a 0/1 matrix (R, I).

    ECI is the second eigenvector of ``W_rs = Σ_i m_ri m_si / (d_r u_i)``, signed to rise with diversity; it is found through the symmetric form
    ``D^-½ M U^-½`` on the smaller side. PCI is the vector whose mean over a region's industries is that region's ECI.

    ``method="reflections"`` stops after ``steps`` (even) reflections for ECI and one more for PCI, as Datawheel does, instead of at the limit.
    ``ddof`` of the standard deviation: 0 (Harvard, econcomplex) or 1 (Datawheel). ``pci_moments="eci"``: PCI standardised with ECI's mean and deviation (Harvard).
    ``pci_sign="ubiquity"``: PCI turned to correlate negatively with ubiquity whatever ECI does (econcomplex). ``scale="sum"``: divided by the
    sum of the vector and not standardised; ``rounded``: decimals to which W is rounded first (both EconGeo). ``parts="largest"``: only the part with the most
    regions and industries, NaN elsewhere; one region with an industry of its own otherwise takes the whole index (as it does in the packages).

    Raises ValueError when fewer than two regions or industries are left.
    """
    x, rows, columns, d, u = _filled(_largest(m) if parts == "largest" else m)
    if parts not in ("all", "largest"):
        raise ValueError(f"parts must be all or largest, not {parts!r}")
    if min(x.shape, default=0) < 2:
        raise ValueError("complexity needs at least two regions and two industries that are not empty")
    if method == "reflections":
        e, p, value = _reflected(x, d, u, steps)
    elif method == "eigen":
        e, p, value = _second(x, d, u) if rounded is None else _rounded(x, d, u, rounded)
    else:
        raise ValueError(f"method must be eigen or reflections, not {method!r}")
    e, p = _signed(e, p, d, pci_sign, x)
    e, p = (e / abs(e.sum()), p / abs(p.sum())) if scale == "sum" else _standardised(e, p, ddof, pci_moments)
    eci, pci = np.full(rows.size, np.nan), np.full(columns.size, np.nan)
    components = 1 if value < 1 - 1e-9 else int(_components(x)[0])
    if components < 3:
        eci[rows], pci[columns] = (np.zeros_like(e), np.zeros_like(p)) if value < ALIKE else (e, p)
    return Complexity(eci, pci, value, components)


def spectrum(m: Any) -> Floats:
    """All eigenvalues of the projected matrix W of a 0/1 matrix (R, I), falling, as many as its smaller side without empty rows and columns; the first is 1.

    The second against the third tells how well the index is determined: where they are equal, its direction is not.
    """
    x, _, _, d, u = _filled(m)
    n = x / np.sqrt(d)[:, None] / np.sqrt(u)
    side = n.T if n.shape[0] > n.shape[1] else n
    found: Floats = np.clip(eigh(side @ side.T, eigvals_only=True)[::-1], 0, 1) if n.size else np.zeros(0)
    return found


def _filled(m: Any) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_], Floats, Floats]:
    """The matrix without its empty rows and columns, which those are, and the sums that are left."""
    x = checked(m, "m").astype(float, copy=False)
    d, u = x.sum(axis=1), x.sum(axis=0)
    rows, columns = d > 0, u > 0
    if not (rows.all() and columns.all()):
        x, d, u = x[rows][:, columns], d[rows], u[columns]
    return x, rows, columns, d, u


def _second(x: Floats, d: Floats, u: Floats) -> tuple[Floats, Floats, float]:
    """ECI and PCI before standardising, through ``N = D^-½ M U^-½``; PCI such that ``M pci / d = eci``."""
    n = x / np.sqrt(d)[:, None] / np.sqrt(u)
    tall = x.shape[0] > x.shape[1]
    side = n.T if tall else n
    first = np.sqrt(u if tall else d)
    vector, value = _deflated(side @ side.T, first / np.linalg.norm(first))
    if tall:
        p = vector / np.sqrt(u)
        return (x @ p) / d, p, value
    e = vector / np.sqrt(d)
    p = (x.T @ e) / u / value if value > 1e-12 else (x.T @ e) / u
    return e, p, value


def _deflated(gram: Floats, first: Floats) -> tuple[Floats, float]:
    """Largest eigenvector of a gram matrix beside the known first one, whose eigenvalue is 1."""
    size = len(first)
    if size <= SMALL:
        values, vectors = eigh(gram - np.outer(first, first), subset_by_index=[size - 1, size - 1])
        return vectors[:, 0], float(values[0])

    def apply(v: Floats) -> Floats:
        found: Floats = gram @ v - first * (first @ v)
        return found

    start = np.random.default_rng(0).standard_normal(size)
    values, vectors = eigsh(LinearOperator((size, size), matvec=apply, dtype=float), k=1, which="LA", v0=start, tol=1e-12)  # type: ignore[call-overload]
    return vectors[:, 0], float(values[0])


def _rounded(x: Floats, d: Floats, u: Floats, decimals: int) -> tuple[Floats, Floats, float]:
    """The same of the projected matrix rounded first: no longer exactly stochastic, so the plain eigenproblem is solved."""
    def second(w: Floats) -> tuple[Floats, float]:
        values, vectors = np.linalg.eig(np.round(w, decimals))
        order = np.argsort(-values.real)
        return vectors[:, order[1]].real, float(values[order[1]].real)

    e, value = second((x / d[:, None]) @ (x.T / u[:, None]))
    p, _ = second((x.T / u[:, None]) @ (x / d[:, None]))
    return e, p * (np.sign(np.dot((x.T @ e) / u - np.mean(e), p - p.mean())) or 1.0), value


def _reflected(x: Floats, d: Floats, u: Floats, steps: int) -> tuple[Floats, Floats, float]:
    if steps < 2 or steps % 2:
        raise ValueError(f"reflections need an even number of steps of at least 2, not {steps}")
    share, kc = d / d.sum(), d
    for _ in range(steps // 2):
        kc = kc - share @ kc  # what all have in common, which reflections leave as it is and standardising takes away: kept, it drowns the rest in rounding
        kc = kc / (np.abs(kc).max() or 1.0)
        kc = (x @ ((x.T @ kc) / u)) / d
    return kc, (x.T @ kc) / u, float("nan")


def _signed(e: Floats, p: Floats, d: Floats, pci_sign: str, x: Floats) -> tuple[Floats, Floats]:
    """ECI rises with diversity (where that is undecided, its first non-zero entry is positive); PCI goes along, or falls with ubiquity's opposite."""
    turn = float(np.dot(e - e.mean(), d - d.mean()))
    if abs(turn) < 1e-12 * (1 + float(np.abs(d).sum())):
        turn = float(e[np.abs(e - e.mean()).argmax()] - e.mean())
    if turn < 0:
        e, p = -e, -p
    if pci_sign == "ubiquity":
        u = x.sum(axis=0)
        p = -p if np.dot(p - p.mean(), u - u.mean()) > 0 else p
    elif pci_sign != "eci":
        raise ValueError(f"pci_sign must be eci or ubiquity, not {pci_sign!r}")
    return e, p


def _standardised(e: Floats, p: Floats, ddof: int, moments: str) -> tuple[Floats, Floats]:
    if moments not in ("own", "eci"):
        raise ValueError(f"pci_moments must be own or eci, not {moments!r}")
    of = e if moments == "eci" else p
    return divided(e - e.mean(), e.std(ddof=ddof)), divided(p - of.mean(), of.std(ddof=ddof))


def _components(x: Floats) -> tuple[int, NDArray[np.int32]]:
    """Parts of the bipartite graph of regions and industries: their number and each node's own, regions first."""
    r, i = np.nonzero(x)
    size = sum(x.shape)
    number, label = connected_components(csr_array((np.ones(r.size), (r, i + x.shape[0])), shape=(size, size)), directed=False)
    return number, label


def _largest(m: Any) -> Floats:
    """The matrix with all but its largest part emptied; of equally large ones the first."""
    x = checked(m, "m")
    _, label = _components(x)
    return np.where((label == np.bincount(label).argmax())[: x.shape[0], None], x, 0)


def fitness(m: Any, *, steps: int = 100, tolerance: float = 1e-12) -> tuple[Floats, Floats]:
    """Fitness of regions (R,) and complexity of industries (I,), each of mean 1 (Tacchella et al. 2012, eq. 1); 0 for empty rows and columns.

    ``F_r = Σ_i m_ri Q_i``, ``Q_i = 1 / Σ_r m_ri / F_r``, both divided by their mean in each step; stops when no fitness moves by ``tolerance`` of itself.
    """
    x, rows, columns, _, _ = _filled(m)
    f, q = np.ones(x.shape[0]), np.ones(x.shape[1])
    for _ in range(steps if x.size else 0):
        f_next, q_next = x @ q, 1 / (x.T @ (1 / np.maximum(f, 1e-300)))
        f_next, q_next = f_next / f_next.mean(), q_next / q_next.mean()
        moved = np.abs(f_next - f).max() <= tolerance * f_next.max()
        f, q = f_next, q_next
        if moved:
            break
    fit, quality = np.zeros(rows.size), np.zeros(columns.size)
    fit[rows], quality[columns] = f, q
    return fit, quality


def outlook(m: Any, phi: Any, pci: Any) -> tuple[Floats, Floats]:
    """Complexity outlook (R,) and outlook gain (R, I) (Hausmann et al. 2014): what lies near and is complex, and what entering one industry would open.

    ``COI_r = Σ_i d_ri (1 − m_ri) PCI_i``; ``COG_ri = Σ_j φ_ij (1 − m_rj) PCI_j / Σ_k φ_jk − d_ri PCI_i``, given where the region has not the industry, else 0.
    """
    x, near, worth = checked(m, "m"), np.asarray(phi, dtype=float), np.nan_to_num(np.asarray(pci, dtype=float))
    d = density(x, near)
    missing = 1 - x
    coi = (d * missing * worth).sum(axis=1)
    gain = (missing * worth) @ divided(near, near.sum(axis=0)[:, None]) - d * worth
    return coi, gain * missing
