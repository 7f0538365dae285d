"""Where a test's meeting is stored: every test that asks for it runs on both databases."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from voting.storage import Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", "postgresql"])
def storage_place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A folder or a URL for ``Store.open``, empty."""
    if request.param == "sqlite":
        folder = tmp_path / "meeting"
        folder.mkdir()
        return str(folder)
    return request.getfixturevalue("postgres").fresh_database()


@asynccontextmanager
async def opened(place: str | Path) -> AsyncIterator[Store]:
    store = await Store.open(place)
    try:
        yield store
    finally:
        await store.close()


@pytest_asyncio.fixture
async def store(storage_place: str) -> AsyncIterator[Store]:
    async with opened(storage_place) as store:
        yield store
