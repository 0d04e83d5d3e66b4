"""Chain templates as records: loaded, edited, told back, and never taken from under a firm."""

from dataclasses import replace

import pytest

from liantu.chains.models import Chain, ChainNode, NodeLink, SupplyLink
from liantu.chains.placing import place_at, reject
from liantu.chains.records import load_template_records, save_template, template_of_records
from liantu.chains.template import builtin_templates, load_builtin
from liantu.kernel.batch import Planned, undo
from liantu.kernel.models import Change
from liantu.kernel.problems import Refused, UserError
from tests.robust.kit import form_batch, register, replay

CHAIN = "specialty_agriculture"


@pytest.mark.parametrize("code", sorted(builtin_templates()))
def test_in_and_out_again(db, code):
    template = load_builtin(code)
    batch = load_template_records(code)
    assert batch.created == 2 + len(template.nodes) + len(template.links)
    again = template_of_records(code)
    assert {n.code: n for n in again.nodes} == {n.code: n for n in template.nodes}
    assert {(k.source, k.target, k.item, k.weight, k.recycling) for k in again.links} == {(k.source, k.target, k.item, k.weight, k.recycling) for k in template.links}
    assert (again.zh, again.industry, again.edition) == (template.zh, template.industry, template.edition)
    assert load_template_records(code) is None
    assert save_template(again) is None
    assert register() == replay()


def test_an_edit_is_one_batch_of_differences(db):
    load_template_records(CHAIN)
    template = template_of_records(CHAIN)
    nodes = list(template.nodes)
    nodes[0] = replace(nodes[0], zh="改了名的环节", weight=9)
    batch = save_template(replace(template, nodes=tuple(nodes)))
    assert (batch.created, batch.updated, batch.deleted) == (0, 1, 0)
    assert set(batch.changes.get().after) == {"name", "weight"}
    undo(batch)
    assert {n.code: n for n in template_of_records(CHAIN).nodes} == {n.code: n for n in template.nodes}


def _without_last(template):
    gone = template.nodes[-1]
    return replace(template, nodes=template.nodes[:-1], links=tuple(k for k in template.links if gone.code not in (k.source, k.target))), f"{template.code}/{gone.code}"


def test_a_removed_node_goes_with_its_links_and_comes_back(db):
    load_template_records(CHAIN)
    before = register()
    smaller, code = _without_last(template_of_records(CHAIN))
    batch = save_template(smaller)
    assert not ChainNode.objects.filter(code=code).exists() and batch.deleted >= 1
    assert register() == replay()
    undo(batch)
    assert register() == before == replay()


def test_a_node_at_which_firms_stand_is_kept(db):
    load_template_records(CHAIN)
    smaller, code = _without_last(template_of_records(CHAIN))
    firm = Planned("enterprise", {"name": "甲公司"})
    form_batch([firm])
    place_at(firm.record, ChainNode.objects.get(code=code).pk, None)
    with pytest.raises(Refused) as refused:
        save_template(smaller)
    assert refused.value.code == "node-in-use" and "1 家" in str(refused.value)
    from liantu.chains.models import Placement

    reject(Placement.objects.get().pk, None)
    assert save_template(smaller).deleted >= 2
    assert register() == replay()


def test_a_node_that_a_supply_link_names_is_kept(db):
    load_template_records(CHAIN)
    smaller, code = _without_last(template_of_records(CHAIN))
    form_batch([Planned("supply_link", {"supplier_name": "甲", "customer_name": "乙", "item": "货", "year": 2025, "chain_node": ChainNode.objects.get(code=code).pk})])
    with pytest.raises(Refused) as refused:
        save_template(smaller)
    assert "供需关系" in str(refused.value) and SupplyLink.objects.count() == 1
    assert ChainNode.objects.filter(code=code).exists()


def test_unknown_chain(db):
    with pytest.raises(UserError) as error:
        template_of_records("no_chain")
    assert error.value.code == "unknown-chain"
    assert (Chain.objects.count(), NodeLink.objects.count(), Change.objects.count()) == (0, 0, 0)
