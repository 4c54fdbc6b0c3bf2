from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import (
    HOW_TO_GET_IT,
    PATIENCE,
    Complaints,
    chromium,
    executable,
    is_required,
    window,
)
from tests.browser.site import served

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker serves one site to one Chromium."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if executable() is None:
        (pytest.fail if is_required() else pytest.skip)(HOW_TO_GET_IT)
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the example site keeps its database."""
    return tmp_path_factory.mktemp("example_site")


@pytest.fixture(scope="session")
def site(site_folder: Path) -> Iterator[str]:
    """The example site's address, filled with all of its members."""
    with served(site_folder) as address:
        yield address


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """No page of any story may break the site's content security policy."""
    complaints = Complaints()
    yield complaints
    assert not complaints.about_security


@pytest.fixture
def page(browser: Browser, site: str, complaints: Complaints) -> Iterator[Page]:
    """A visitor's window."""
    with window(browser, site) as page:
        complaints.listen_to(page)
        yield page


@pytest.fixture
def page_without_javascript(
    browser: Browser, site: str, complaints: Complaints
) -> Iterator[Page]:
    """The window of a visitor whose browser runs no scripts."""
    with window(browser, site, java_script_enabled=False) as page:
        complaints.listen_to(page)
        yield page


@pytest.fixture
def held_back_webhooks(browser: Browser, site: str) -> Iterator[None]:
    """Stripe's webhooks do not come until the test is over."""
    with window(browser, site) as page:
        page.goto("/demo/sandbox/")
        hold_back = page.get_by_role("button", name="Hold them back")
        deliver = page.get_by_role("button", name="Deliver them")
        hold_back.click()
        expect(deliver).to_be_visible()
        yield
        page.reload()
        deliver.click()
        # A window that closes at once may take the click with it.
        expect(hold_back).to_be_visible()
