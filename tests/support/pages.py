"""A built folder without a build: what every page needs, small."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from kiosk.pages import built
from voting.crypto.hashing import sha256_hex

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    **{f"{name}.html": f"<!doctype html><title>{name}</title>" for name in ("start", *built.PAGES)},
    **{f"{name}.js": f"// {name}\n" for name in ("start", *built.PAGES, "sealer.worker")},
    **{f"{name}.css": "body{}" for name in ("start", *built.PAGES)},
}


def build_into(folder: Path) -> Path:
    """Write a folder as ``make web`` would."""
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    digests = {name: sha256_hex(text) for name, text in sorted(FILES.items())}
    (folder / "manifest.json").write_text(json.dumps(digests, indent=1) + "\n")
    return folder


@pytest.fixture
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that pages are served from in a test."""
    folder = build_into(tmp_path / "dist")
    monkeypatch.setattr(built, "DIST", folder)
    return folder
