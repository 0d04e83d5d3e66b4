"""Every figure of every output, recomputed from nothing but its own rows, and every row followed to its cells."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest

from liantu.chains.models import ChainNode
from liantu.chains.placing import confirm, place_at, place_firms, reject
from liantu.chains.records import load_template_records
from liantu.enterprises.models import Enterprise
from liantu.kernel.batch import undo
from liantu.kernel.desk import accept, open_draft
from liantu.kernel.edition import freeze
from liantu.kernel.history import cell_value, origins, origins_of_many
from liantu.kernel.models import Batch, Change
from liantu.kernel.output import output_of, outputs, run
from liantu.kernel.passport import agreement, clean, figure_id, find, index_of, passport_id, recompute, why
from liantu.kernel.problems import UserError
from liantu.kernel.tables import table_of
from liantu.kernel.values import parse_value
from tests.robust.kit import csv_bytes, firm_row, firm_sheet

FIRMS = 24


def district(seed: int) -> None:
    """A small district through the desk: firms, figures of two years in different units, supply links, placements decided and not."""
    chance = random.Random(seed)
    chain = chance.choice(["nev_battery", "digital_culture", "specialty_agriculture"])
    load_template_records(chain)
    nodes = list(ChainNode.objects.order_by("id"))
    rows = []
    for n in range(FIRMS):
        words = "、".join(chance.choice((node.products or node.name).split("、")) for node in chance.sample(nodes, 2))
        rows.append({**firm_row(n), "企业名称": f"云澜第{n}{chance.choice(nodes).name[:8]}有限公司", "经营范围": f"{words}的制造、销售", "2025年营业收入（千元）": chance.choice(["", f"{chance.randint(1, 90000)}.5"]),
                     "2024年营业收入（亿元）": chance.choice(["", f"{chance.random():.4f}"]), "2025年工业总产值（万元）": str(chance.randint(0, 30000)), "2025年从业人数（人）": str(chance.randint(1, 900)),
                     "资质": chance.choice(["", "高企", "专精特新", "小巨人"]), "是否规上": chance.choice(["是", "否", ""])})
    accept(open_draft(csv_bytes(rows), "名录.csv"), good_only=True)
    links = [{"供应商": rows[a]["企业名称"] if chance.random() < 0.7 else f"区外第{a}厂", "客户": rows[b]["企业名称"], "物料": chance.choice((chance.choice(nodes).products or "零件").split("、")),
              "年份": "2025", "年采购额（万元）": str(chance.randint(1, 5000))} for a, b in (chance.sample(range(FIRMS), 2) for _ in range(40))]
    accept(open_draft(csv_bytes(links), "供需.csv", as_table="supply_link"), good_only=True)
    place_firms()
    for firm in chance.sample(list(Enterprise.objects.order_by("id")), 8):
        place_at(firm.pk, chance.choice(nodes).pk, None, role=chance.choice(["master", "backbone", None]))
    from liantu.chains.models import Placement

    for placement in chance.sample(list(Placement.objects.order_by("id")), 3):
        chance.choice([confirm, reject])(placement.pk, None)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_comes_from_its_rows(site, db, seed):
    district(seed)
    edition = freeze(as_of=date(2026, 3, 31))
    chance = random.Random(seed)
    seen = 0
    for name, output in outputs().items():
        result = run(name, edition)
        rows = list(result.frame.iter_rows(named=True))
        for row in chance.sample(rows, min(2, len(rows))):
            key = result.key_of(row)
            whole = why(name, key, edition)
            assert recompute(whole) == row, (name, key)
            assert whole.id == passport_id(name, key, edition.number)
            again: dict[frozenset[str], dict[str, object]] = {}  # figures that rest on the same inputs are recomputed from the same rows
            for column in [c.name for c in output.columns if c.numeric and row[c.name] is not None]:
                told = why(name, key, edition, column=column)
                assert told.value == row[column]
                rests_on = frozenset(told.rows)
                if rests_on not in again:
                    again[rests_on] = recompute(told)
                assert again[rests_on][column] == row[column], (name, key, column)
                seen += 1
    assert seen > 30
    some = run("firm_list", edition)
    key = some.key_of(some.frame.row(0, named=True))
    assert find(passport_id("firm_list", key, edition.number).lower(), edition) == (edition.number, "firm_list", key, None)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_value_leads_to_its_cell(site, db, seed):
    """The cell's text, read again for its column and unit, is the stored value."""
    district(seed)
    edition = freeze()
    seen = 0
    for table in ("enterprise", "annual_figure", "supply_link"):
        frame = edition.table(table)
        records = frame["id"].to_list()
        stored = {row["id"]: row for row in frame.iter_rows(named=True)}
        for record, found in origins_of_many(table, records, upto_change=edition.manifest.last_change).items():
            for origin in found:
                column = table_of(table).column(origin.column)
                if origin.cell is None or column.reference:
                    continue
                batch = Batch.objects.get(pk=int(origin.batch[1:]))
                layout = batch.layouts[origin.sheet]["columns"]
                entry = layout.get(origin.column) or layout.get(f"{table}.{origin.column}") or {}
                if column.kind == "year" and not origin.seen.isdigit():
                    assert str(stored[record][origin.column]) in origin.seen
                    continue
                again = parse_value(cell_value(batch.file_id, batch.file.name, origin.sheet, origin.cell), column, unit=_unit(batch, origin)).value
                assert again is not None, (table, origin)
                assert _plain(again) == _plain(stored[record][origin.column]), (table, origin, entry)
                seen += 1
    assert seen > 300


def _unit(batch: Batch, origin) -> str | None:
    letter = origin.cell.rstrip("0123456789")
    return next((e["unit"] for e in batch.layouts[origin.sheet]["columns"].values() if e["letter"] == letter), None) or _unit_of_header(batch, letter, origin.sheet)


def _unit_of_header(batch: Batch, letter: str, sheet: str) -> str | None:
    from liantu.kernel.units import parse_unit

    return parse_unit(str(cell_value(batch.file_id, batch.file.name, sheet, f"{letter}1")))


def _plain(value):
    if isinstance(value, (tuple, list)):
        return "、".join(value)
    return round(float(value), 3) if isinstance(value, (float, int, Decimal)) and not isinstance(value, bool) else value


def test_an_undone_change_is_no_origin(take):
    take(firm_sheet([1]))
    firm = Enterprise.objects.get()
    second = take(firm_sheet([1], 地址="新址"), "二.csv")
    then = Change.objects.order_by("-id").first().id
    undo(second)
    now = {o.column: o for o in origins("enterprise", firm.pk)}
    assert (now["address"].cell, now["address"].seen, now["address"].file) == ("D2", firm_row(1)["地址"], "名录.csv")
    before = {o.column: o for o in origins("enterprise", firm.pk, upto_change=then)}
    assert (before["address"].seen, before["address"].file) == ("新址", "二.csv")


def test_a_firm_that_changed_its_name(take):
    take(firm_sheet([1]))
    take(csv_bytes([{**firm_row(1), "企业名称": "云澜新名精密有限公司"}]), "二.csv")
    firm = Enterprise.objects.get()
    assert (firm.name, firm.former) == ("云澜新名精密有限公司", firm_row(1)["企业名称"])
    assert {o.column: o.seen for o in origins("enterprise", firm.pk)}["name"] == "云澜新名精密有限公司"


@pytest.mark.parametrize(("arguments", "code"), [(("no_output", "x"), "unknown-output"), (("firm_list", "a|b|c|d"), "bad-key"), (("firm_list", "没有"), "unknown-key")])
def test_wrong_questions_are_answered_in_words(site, db, arguments, code):
    load_template_records("nev_battery")
    accept(open_draft(firm_sheet(range(3)), "名录.csv"))
    edition = freeze()
    with pytest.raises(UserError) as error:
        why(*arguments, edition)
    assert error.value.code == code
    with pytest.raises(UserError) as error:
        find("P00000000000", edition)
    assert error.value.code == "unknown-passport"


def test_output_keys_are_unique(site, db):
    district(4)
    edition = freeze()
    for name in outputs():
        frame = run(name, edition).frame
        assert frame.select(output_of(name).key).is_unique().all(), name


@pytest.mark.parametrize("typed", ["P0A1B2C3D4E5.7", "p0a1b2c3d4e5.7", " Ｐ０Ａ１Ｂ２Ｃ３Ｄ４Ｅ５．７ ", "POAIB2C3D4E5.7", "P0AlB2C3D4ES.7", "P0A1-B2C3 D4E5。7", "http://10.1.2.3:8000/passport/P0A1B2C3D4E5.7/"])
def test_a_code_is_read_as_people_type_it(typed):
    assert clean(typed) == "P0A1B2C3D4E5.7"


@pytest.mark.parametrize("typed", ["", "P", "0A1B2C3D4E5", "P0A1B2C3D4E", "P0A1B2C3D4E5F", "P0A1B2C3D4X5", "P0A1B2C3D4E5.", "P0A1B2C3D4E5.abc", "'; drop table", "P0A1B2C3D4E5.7.8"])
def test_what_is_no_code_is_refused_in_words(typed):
    with pytest.raises(UserError) as error:
        clean(typed)
    assert error.value.code == "bad-passport"


def three_editions(site) -> list:
    """Three small editions that differ in one firm each, the middle one formal."""
    from tests.unit.maps_and_lists.district import two_chains

    made, found = two_chains(), []
    for n, number in enumerate((None, "2026-1.0", None)):
        made.put("enterprise", name=f"第{n}家", status="active")
        found.append(made.edition(site / "editions", number))
    return found


def test_a_code_leads_to_its_edition_without_naming_it(site):
    editions = three_editions(site)
    for edition in editions:
        for name, output in outputs().items():
            result = run(name, edition)
            for row in result.frame.iter_rows(named=True):
                key, column = result.key_of(row), output.columns[-1].name
                assert find(passport_id(name, key, edition.number)) == (edition.number, name, key, None)
                assert find(figure_id(output, key, column, edition.number)) == (edition.number, name, key, column)
    code = passport_id("firm_list", "1", "2026-1.0")
    with pytest.raises(UserError, match="W000001"):
        find(code, editions[0])
    with pytest.raises(UserError, match="没有编号 99 的列"):
        find(f"{code}.99")
    with pytest.raises(UserError, match="3 个版次"):
        find("P00000000000")


def test_the_index_is_made_once_and_made_again_when_the_code_changes(site, monkeypatch):
    from liantu.kernel import passport

    edition = three_editions(site)[0]
    first = index_of(edition)
    stamp = first.stat().st_mtime_ns
    assert index_of(edition) == first and first.stat().st_mtime_ns == stamp
    passport._index_name.cache_clear()
    monkeypatch.setattr(passport, "content_key", lambda *_: "other code")
    second = index_of(edition)
    assert second != first and second.exists() and not first.exists(), "an edition keeps one index"
    passport._index_name.cache_clear()


def test_agreement_names_what_differs(site):
    edition = three_editions(site)[0]
    told = why("chain_summary", "c", edition)
    assert agreement(told).equal and agreement(told, ["firms"]).equal
    told.rows = {**told.rows, "placement": told.rows["placement"].clear()}
    found = agreement(told)
    assert not found.equal and {"firms", "missing", "completeness"} <= set(found.different) and "chain_name" not in found.different
    assert agreement(told, ["chain_name"]).equal
    told.rows = {name: frame.clear() for name, frame in told.rows.items()}
    assert agreement(told).error is not None and not agreement(told).equal
