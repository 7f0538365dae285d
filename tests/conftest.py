"""What every test shares: in CI a skip is a failure, because a claim nobody tested is no claim."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.support.browser import browser, chromium, playwright
from tests.support.postgres import postgres
from tests.support.stores import storage_place, store

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["browser", "chromium", "playwright", "postgres", "storage_place", "store"]


_LONG = (
    "browser/test_meeting.py",
    "integration/test_js_trustee.py",
    "integration/test_rehearsal.py",
    "browser/test_console_page.py",
    "browser/test_kiosk_page.py",
    "integration/test_js_fold.py",
    "browser/test_trustee_meeting.py",
    "browser/test_scans.py",
    "browser/",
    "unit/test_web_modules.py",
    "integration/",
    "interop/",
)
"""Files that take minutes: they begin first, so that no worker waits for the last at the end."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def turn(item: pytest.Item) -> int:
        path = item.path.as_posix()
        return next((i for i, long in enumerate(_LONG) if f"/tests/{long}" in path), len(_LONG))

    items.sort(key=turn)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _fail_a_skip_in_ci(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _fail_a_skip_in_ci(report)
    return report


def _fail_a_skip_in_ci(report: pytest.TestReport | pytest.CollectReport) -> None:
    if os.environ.get("CI") != "true" or not report.skipped or hasattr(report, "wasxfail"):
        return
    why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"skipped in CI, which counts as a failure: {why}"
