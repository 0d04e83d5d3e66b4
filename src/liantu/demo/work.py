"""What the district works on, as it truly is: projects, cases, clusters, policies, routes, uses, presence elsewhere. Plain data.

Money is 万元; nodes are written ``chain_code/node_code``; ``firm`` is None where the firm is not of the district.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from liantu.chains import ChainTemplate, Node
from liantu.demo.cities import City
from liantu.demo.district import Park
from liantu.demo.firms import Firm
from liantu.demo.route_words import RouteWord

FIRST_DAY, SECOND_DAY = dt.date(2026, 10, 31), dt.date(2026, 11, 20)  # as-of days of the two formal editions
STAGES = ("线索", "研判", "在谈", "评审", "签约", "注册", "备案审批", "开工", "入统", "竣工", "投产", "入规", "达产")
RED = ("neglect", "late_start", "late_finish")
SIGNED, REGISTERED, APPROVED, STARTED, IN_STATISTICS, COMPLETED, PRODUCING = 4, 5, 6, 7, 8, 9, 10


@dataclass
class Project:
    """One project; ``stage`` is a place in STAGES, ``days`` when each stage was reached."""

    name: str
    code: str
    chain: str
    node: str
    category: str
    move: str
    firm: Firm | None
    firm_name: str
    investor: str
    park: Park
    content: str
    total: float
    stage: int
    days: dict[int, dt.date]
    updated: dt.date
    plan_year: float = 0.0
    done: float = 0.0
    arrived: float = 0.0
    side: str = "正常"
    formal: bool = False
    start_plan: dt.date | None = None
    finish_plan: dt.date | None = None
    output: float = 0.0
    jobs: int = 0
    land_mu: float = 0.0
    energy_tce: float = 0.0
    problem: str = ""
    office: str = ""
    owner: str = ""
    leader: str = ""
    why: str = ""  # what is planted about its lamp: one of RED, or slow, paused (yellow)


@dataclass
class Event:
    """A project reached a stage; without proof it stays to be verified."""

    project: Project
    stage: int
    day: dt.date
    proof: str
    number: str
    who: str


@dataclass
class Need:
    """What a project lacks of one factor, in ``unit``."""

    project: Project
    factor: str
    needed: float
    secured: float
    unit: str
    office: str
    due: dt.date


@dataclass
class Case:
    """One matter that a firm or project raised; ``planted`` names what a list must find about it ("" for nothing)."""

    code: str
    title: str
    source: str
    category: str
    firm: Firm | None
    project: Project | None
    chain: str
    node: str
    raised: dt.date
    office: str
    partners: list[str]
    owner: str
    measure: str
    due: dt.date
    state: str
    progress: str = ""
    share: float = 0.0
    closed: dt.date | None = None
    proof: str = ""
    satisfaction: str = ""
    level: str = "责任科室"
    ask: str = ""
    updated: dt.date = FIRST_DAY
    planted: str = ""


@dataclass
class Cluster:
    """A cluster with the figures that its office reports."""

    name: str
    level: str
    chain: str
    leading: list[str]
    park: Park
    leader: Firm | None
    output: float
    above: int
    share: float
    area_km2: float
    platforms: list[str]
    land_mu: float
    plant_m2: float
    goal: str


@dataclass
class Policy:
    """A policy document and its items (item, condition, support, 万元 at most, above scale only, qualification)."""

    name: str
    code: str
    level: str
    issuer: str
    chain: str
    start: dt.date
    until: dt.date
    targets: str
    redemption: str
    office: str
    review: str
    items: list[PolicyItem] = field(default_factory=list)


@dataclass
class PolicyItem:
    """One measure of a policy; empty conditions mean no limit."""

    item: str
    condition: str
    support: str
    at_most: float | None = None
    above_only: bool = False
    qualification: str = ""
    revenue_min: float | None = None
    rd_min: float | None = None


@dataclass
class Route:
    """A technology route as the district sees it."""

    word: RouteWord
    grasp: str
    leaders: list[str]
    local: list[Firm]


@dataclass
class Use:
    """What a node's product is used for."""

    chain: str
    node: str
    product: str
    use: str
    buyer: str
    payer: str
    market: str
    local: list[Firm]


@dataclass
class Presence:
    """An invented firm or cluster of a node in a real city."""

    name: str
    kind: str
    chain: str
    node: str
    city: City
    revenue: float
    marks: list[str]
    ties: str


@dataclass
class Platform:
    """An innovation platform and its host."""

    name: str
    kind: str
    level: str
    host: Firm
    chain: str
    node: str
    services: list[str]
    year: int
    open: bool


@dataclass
class Talent:
    """An invented expert of a firm."""

    name: str
    firm: Firm
    title: str
    field: str
    chain: str
    node: str
    year: int


@dataclass
class Work:
    """All of it. ``templates`` are all five chains, also those that a small district cannot fill with firms."""

    templates: dict[str, ChainTemplate]
    chiefs: dict[str, str]
    projects: list[Project] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    clusters: list[Cluster] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    presence: list[Presence] = field(default_factory=list)
    platforms: list[Platform] = field(default_factory=list)
    talents: list[Talent] = field(default_factory=list)
    doubles: list[tuple[Project, Project, str]] = field(default_factory=list)  # signed first, signed again, what was changed

    def node(self, ref: str) -> Node:
        """The node of a reference."""
        chain, code = ref.split("/")
        return self.templates[chain].node(code)
