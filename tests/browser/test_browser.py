"""What a person meets in the browser: the right view from the first link, codes in the address, nothing cut off."""

import re
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import VIEWS

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

CHARTS = {
    "/": 3,
    "/muutokset": 4,
    "/meri-lappi": 5,
    "/matkailu": 6,
    "/utsjoki": 4,
    "/kohtaanto": 4,
    "/kohderyhmat": 2,
    "/menetelmat": 0,
    "/aineistot": 0,
}


def open_view(page: Page, address: str) -> None:
    """Open and wait until the script has run and every chart is drawn."""
    page.goto(address)
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    charts = page.get_by_test_id("stVegaLiteChart")
    expect(charts).to_have_count(CHARTS[urlparse(address).path or "/"])
    for number in range(charts.count()):
        expect(charts.nth(number).locator("svg.marks, canvas.marks").first).to_be_attached()


def test_the_first_link_into_a_cold_server_opens_the_right_view_in_its_frame(served: str, page: Page) -> None:
    open_view(page, f"{served}/utsjoki")
    expect(page.locator("h1")).to_contain_text("Utsjoella on 50 työtöntä työnhakijaa ja 13 avointa paikkaa")
    expect(page.get_by_test_id("stTopNav").get_by_role("link", name="Aineistot")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("Page not found")).to_have_count(0)


def test_no_page_asks_anything_of_another_host(served: str, context: BrowserContext) -> None:
    asked: set[str] = set()
    context.on("request", lambda request: asked.add(urlparse(request.url).netloc))
    page = context.new_page()
    for view in VIEWS:
        open_view(page, served + view)
    page.get_by_role("link", name="Meri-Lappi").first.click()
    expect(page.locator("h1")).to_contain_text("Meri-Lapissa")
    assert asked == {urlparse(served).netloc}


def test_the_address_carries_the_view_and_a_shared_link_opens_it(
    served: str, page: Page, context: BrowserContext
) -> None:
    open_view(page, f"{served}/meri-lappi")
    page.get_by_role("radio", name="6 kuntaa").click()
    expect(page.locator("h1")).to_contain_text("3 132 työtöntä".replace(" ", "\u00a0", 1))
    page.get_by_role("radio", name="SV").click()
    expect(page.locator("h1")).to_contain_text("I Havslappland")
    expect(page).to_have_url(re.compile("lang=sv"))
    assert parse_qs(urlparse(page.url).query) == {"lang": ["sv"], "area": ["meri-lappi-ea"]}
    other = context.new_page()
    open_view(other, page.url)
    assert other.locator("h1").inner_text() == page.locator("h1").inner_text()


def test_reload_and_back_keep_the_state(served: str, page: Page) -> None:
    open_view(page, f"{served}/?lang=en&period=2020-04")
    expect(page.locator("h1")).to_contain_text("In ")
    page.reload()
    expect(page.get_by_text("April 2020").first).to_be_visible()
    page.get_by_role("link", name="Tourism").first.click()
    expect(page.locator("h1")).to_contain_text("In the tourism municipalities")
    expect(page.get_by_text("April 2020").first).to_be_visible()
    expect(page).to_have_url(re.compile("matkailu.*period=2020-04"))  # two entries: the view, and its state
    page.go_back()
    page.go_back()
    expect(page.get_by_text("Lapland situational picture").first).to_be_visible()
    expect(page.get_by_text("April 2020").first).to_be_visible()


def test_back_undoes_a_choice_and_then_leaves_the_view(served: str, page: Page) -> None:
    open_view(page, f"{served}/utsjoki?lang=fi")
    page.get_by_role("radio", name="SV").click()
    expect(page.locator("h1")).to_contain_text("I Utsjoki finns")
    expect(page).to_have_url(re.compile("lang=sv"))
    page.go_back()
    expect(page.locator("h1")).to_contain_text("Utsjoella on")
    page.get_by_test_id("stTopNav").get_by_role("link", name="Matkailu").click()
    expect(page.locator("h1")).to_contain_text("Matkailukunnissa")
    expect(page).to_have_url(re.compile("matkailu.*lang=fi"))
    page.go_back()
    page.go_back()
    expect(page.locator("h1")).to_contain_text("Utsjoella on")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_page_declares_its_language(served: str, page: Page, language: str) -> None:
    open_view(page, f"{served}/?lang={language}")
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_every_chart_says_its_message_to_those_who_do_not_see_it(served: str, page: Page) -> None:
    for view in VIEWS[:-1]:
        open_view(page, served + view)
        headings = page.locator("h4").all_inner_texts()
        charts = page.get_by_test_id("stVegaLiteChart")
        for number in range(charts.count()):
            label = charts.nth(number).get_attribute("aria-label")
            assert label in headings


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("width", [1920, 1366, 400])
def test_nothing_is_cut_off(served: str, page: Page, width: int, language: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for view in VIEWS:
        open_view(page, f"{served}{view}?lang={language}")
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0, f"{view} scrolls sideways by {sideways} px"
        cut = page.locator("[data-testid='stMetric'] *, [data-testid='stPageLink'] *").evaluate_all(
            """nodes => nodes.filter(node => node.scrollWidth > node.clientWidth + 1
                 && getComputedStyle(node).textOverflow === 'ellipsis').map(node => node.innerText)"""
        )
        assert cut == []


def test_a_chart_gives_its_numbers_as_a_table_and_as_files(served: str, page: Page) -> None:
    open_view(page, f"{served}/")
    page.get_by_role("button", name="Luvut").first.click()
    row = page.get_by_role("row", name=re.compile("^Posio"))
    expect(row).to_contain_text("1–4, salattu")
    with page.expect_download() as got:
        page.get_by_role("button", name="CSV (Excel)").click()
    text = got.value.path().read_bytes().decode("utf-8")
    assert text.startswith("\ufeffarea_code;month;measure;value;status")
    assert "KU614;2026-06;AVPAIKATLOPUSSA;;suppressed" in text
    for kind, first_bytes in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download() as got:
            page.get_by_role("button", name=kind, exact=True).click()
        assert got.value.path().read_bytes().startswith(first_bytes)


def test_the_dark_theme_draws_light_text(served: str, browser_dark: Page) -> None:
    open_view(browser_dark, f"{served}/")
    fill = browser_dark.locator("[data-testid='stVegaLiteChart'] svg.marks .role-axis-label text").first.evaluate(
        "node => getComputedStyle(node).fill"
    )
    red = int(re.findall(r"\d+", fill)[0])
    assert red > 150


@pytest.fixture
def browser_dark(browser):  # type: ignore[no-untyped-def]
    context = browser.new_context(viewport={"width": 1366, "height": 768}, color_scheme="dark")
    context.set_default_timeout(40_000)
    yield context.new_page()
    context.close()
