"""One clerk's month in headless Chromium: five dirty sheets in, one column corrected, the map, a number's passport, a list out; then the next month."""

import pytest

from liantu.demo import generate, next_month
from tests.site.conftest import SCREENS, browsing, liantu, serving, sign_in

pytestmark = SCREENS
FIVE = ("01_园区名录.xlsx", "03_规上企业名录_202610.xlsx", "09_亩均效益评价基础数据.xlsx", "10_供电公司_2026年工业用电量.xlsx", "11_工信局_2026年工业产值月报.xlsx")
NEXT = ("03_规上企业名录_202611.xlsx", "10_供电公司_202611工业用电量.xlsx", "11_工信局_2026年11月工业产值月报.xlsx")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """An empty site being served, and the sheets that the departments sent: (address, password, folder of sheets)."""
    site, district = tmp_path_factory.mktemp("office"), tmp_path_factory.mktemp("district")
    liantu("setup", site=site)
    password = liantu("user", "clerk", "--group", "编辑", "--group", "内部", site=site).stdout.split("密码 ")[1].split("（")[0].strip()
    next_month(district, generate(district, firms=300), 20261123)
    with serving(site) as address:
        yield address, password, district


@pytest.fixture(scope="module")
def page(office):
    with browsing(1366, 768) as page:
        yield page


def drop(page, address, paths):
    """Drop files on the desk; gives each file's draft address."""
    page.goto(f"{address}/import/")
    page.set_input_files("input[name=files]", [str(p) for p in paths])
    page.locator("section.card table a.btn-small[href^='/import/']").nth(len(paths) - 1).wait_for()
    return {row.locator("bdi").first.inner_text(): row.locator("a.btn-small").get_attribute("href") for row in page.locator("section.card table tr:has(a.btn-small)").all()}


def take(page, address, draft):
    """Open a draft and take its good rows; gives the text of the page as it was."""
    page.goto(address + draft)
    page.wait_for_selector("button[name=rows]")
    told = page.inner_text("main")
    page.click("button[name=rows]")
    page.wait_for_url("**/import/batches/**")
    return told


def say_what_it_is(page, address, draft, header, column):
    """Correct one guessed column on a draft's page; gives what the desk had guessed."""
    page.goto(address + draft)
    choice = page.locator("tr", has=page.locator("bdi", has_text=header)).locator("select").first
    guessed = choice.input_value()
    if guessed != column:
        choice.select_option(column)
        page.locator("form[data-columns]").first.locator("button[data-save]").click()
        page.wait_for_load_state()
        page.goto(address + draft)
        assert page.locator("tr", has=page.locator("bdi", has_text=header)).locator("select").first.input_value() == column
    return guessed


def test_a_clerks_two_months(office, page, tmp_path):
    address, password, district = office
    sign_in(page, address, "clerk", password)
    drafts = drop(page, address, [district / "sheets" / name for name in FIVE])
    assert sorted(drafts) == sorted(FIVE)
    for name in FIVE[:3]:
        told = take(page, address, drafts[name])
        assert "读到" in told
        if name == FIVE[1]:
            assert "uscc-check" in told  # a broken code was named, with its cell
    say_what_it_is(page, address, drafts[FIVE[3]], "用能户主", "enterprise")
    take(page, address, drafts[FIVE[3]])
    assert say_what_it_is(page, address, drafts[FIVE[4]], "当期发生产值", "output") != "output"
    take(page, address, drafts[FIVE[4]])

    page.goto(f"{address}/maps/chain/nev_battery/")
    page.wait_for_selector("svg .cm-node, svg [data-code]")
    node = page.locator("svg [data-code^='nev_battery/'][data-firms]:not([data-firms='0'])")
    target = node.first if node.count() else page.locator("svg [data-code^='nev_battery/']").first
    code = target.get_attribute("data-code")
    page.goto(f"{address}/maps/chain/nev_battery/node/{code}/")
    assert "状态" in page.inner_text("main")

    page.goto(f"{address}/firms/?above=1")
    page.locator("td a[href^='/firms/']").first.click()
    page.wait_for_url("**/firms/*/**")
    page.locator("a[href^='/why/']").first.click()
    page.wait_for_url("**/why/**")
    proof = page.inner_text("main")
    assert ".xlsx" in proof and "凭证号" in proof

    page.goto(f"{address}/firms/")
    with page.expect_download() as waiting:
        page.locator("a[href*='xlsx']").first.click()
    saved = tmp_path / "list.xlsx"
    waiting.value.save_as(saved)
    assert saved.read_bytes()[:2] == b"PK"

    later = drop(page, address, [district / "next_month" / name for name in NEXT])
    for name in NEXT:
        page.goto(address + later[name])
        page.wait_for_selector("button[name=rows]")
        picked = page.locator("select[name^=column_]").evaluate_all("all => all.map(s => s.value)")
        assert "enterprise" in picked or "name" in picked, name
        assert any(column in picked for column in ("power_kwh", "output", "uscc")), name
        take(page, address, later[name])
    assert page.broken == []


@pytest.mark.parametrize("size", [(1440, 900), (1366, 768)])
def test_no_page_scrolls_sideways(office, page, size):
    address = office[0]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for path in ("/", "/maps/chain/nev_battery/", "/firms/", "/import/", "/register/", "/outputs/gap_list/", "/outputs/chain_masters/", "/editions/", "/passport/"):
        page.goto(address + path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, (path, wide)
        assert page.locator("h1").count() == 1, path
    assert page.broken == []
