"""The machine's own Chromium, driven by Playwright.

When it is missing, root installs Debian's package; anybody else sees the tests skipped with the
reason, which in CI is a failure. A camera is a film in MJPEG (JPEG pictures one after another),
shown for ever. What a page throws, or its content policy refuses, is collected by ``watch``.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PATIENCE = 90_000  # milliseconds: a busy machine is slow, and no fault of a page
expect.set_options(timeout=PATIENCE)


class NoChromiumError(Exception):
    """This machine has no Chromium and we may not install one; says why."""


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of Chromium."""
    try:
        return _find() or _install()
    except NoChromiumError as reason:
        pytest.skip(f"Chromium is missing, no page was tested: {reason}")


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """The driver, for one module: while it runs, no other test of this thread may have a loop."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """A browser without a camera; each test makes contexts of its own."""
    with launched(playwright, chromium) as found:
        yield found


@contextmanager
def launched(driver: Playwright, path: str, *, film: Path | None = None) -> Iterator[Browser]:
    """Start a browser; ``film`` is what its camera sees, by permission and without asking."""
    arguments = [*QUIET]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to run as root with one
    if film is not None:
        arguments += [
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        ]
    found = driver.chromium.launch(executable_path=path, args=arguments)
    contexts = found.new_context

    def patient_context(**options: Any) -> BrowserContext:
        made = contexts(**options)
        made.set_default_timeout(PATIENCE)
        return made

    found.new_context = patient_context  # type: ignore[assignment]
    try:
        yield found
    finally:
        found.close()


def watch(page: Page) -> list[str]:
    """Collect what goes wrong in a page; a test ends with ``assert faults == []``."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"{error}"))
    page.on(
        "console",
        lambda said: faults.append(said.text) if said.type == "error" and _fault(said.text) else 0,
    )
    return faults


def _fault(text: str) -> bool:
    """The browser reports every answer that is not 2xx; refusals are no fault of a page."""
    return not text.startswith("Failed to load resource")


def _find() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _install() -> str:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NoChromiumError("none on the PATH (Debian: apt-get install chromium)")
    with (Path(tempfile.gettempdir()) / "piaojue-apt.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if found := _find():
            return found
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
        ):
            done = subprocess.run(command, env=environment, capture_output=True, text=True)
            if done.returncode:
                raise NoChromiumError(f"{' '.join(command)}: {done.stderr[-500:]}")
    found = _find()
    if found is None:
        raise NoChromiumError("the package chromium brought no command of that name")
    return found


def axe(page: Page) -> list[str]:
    """Return what axe finds in a page as it is now, one line each: rule, element, why."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]
