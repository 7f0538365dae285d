"""Recounting a box of 500 ballots in Chromium: all that a trustee's page does before it signs."""

from __future__ import annotations

import shutil
from dataclasses import replace

from tests.bench.box import archive
from tests.bench.browser_sealing import WEB, page_of, served
from tests.bench.measure import processor, table
from voting.protocol.archive import read_archive, write_archive

BALLOTS = 500
_RECOUNT = "() => import('/recount.js').then((bench) => bench.recounted('/sealed.bel'))"


def measure() -> None:
    chromium = shutil.which("chromium")
    if chromium is None or shutil.which("node") is None or not (WEB / "node_modules").is_dir():
        table("recounting in a browser", [("left out", "needs node, chromium and make web")])
        return
    scripts = {
        "tests/bench/browser_recount.mjs": "recount.js",
        "kiosk/web/src/tally/trustee.worker.js": "assets/trustee.worker.js",
    }
    with served(scripts, {"sealed.bel": _sealed()}) as address, page_of(chromium) as (page, root):
        page.goto(address)
        before = processor(root)
        seconds, workers, ballots = page.evaluate(_RECOUNT)
        used = processor(root) - before
        rows = [
            (f"{ballots} ballots of 10 x 3, {workers} Workers", f"{seconds:.1f} s"),
            ("processor, the whole browser", f"{used:.1f} s"),
        ]
        table("a sealed box recounted in Chromium", rows)


def _sealed() -> bytes:
    """The archive of the other benches as it was when its box was sealed."""
    whole = read_archive(archive(BALLOTS).read_bytes())
    sealed = replace(
        whole, tally=None, shuffles=[], shuffles_ended=False, shares=[], result=None, stage="closed"
    )
    return b"".join(write_archive(sealed))
