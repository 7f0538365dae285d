"""Beside every test with a browser: no server and no device may have met what nobody meant.

An unexpected error is answered with ``internal`` and logged by its type and place alone. A page
asks again and goes on, so that a test could pass over it; here it fails the test.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def nothing_unexpected(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    yield
    logged = [
        one.getMessage() for one in caplog.get_records("call") if one.name.startswith("kiosk")
    ]
    said = capfd.readouterr()  # programs of their own write theirs here
    sys.stdout.write(said.out)
    sys.stderr.write(said.err)
    found = [line for line in (*logged, *said.err.splitlines()) if line.startswith("unexpected ")]
    assert not found
