"""Accepting one ballot over HTTP: a real server, a real meeting, and two kiosks.

The meeting is the example's with more members and ten items on one paper; everything up to the
opening is what ``piaojue rehearse`` does. Ballots are sealed before the clock starts: what is
timed is a kiosk's request until the answer says that the ballot is durable, its proofs verified.
"""

from __future__ import annotations

import re
import secrets
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.draft import DRAFT
from kiosk.rehearsal.play import Play
from tests.bench.measure import Times, table
from voting.meeting.draft import read_draft
from voting.meeting.marks import choices_of

if TYPE_CHECKING:
    from kiosk.device.kiosk import Kiosk
    from voting.protocol.ballot import SealedBallot
    from voting.protocol.election import Election

EXAMPLE = Path(__file__).parents[2] / "examples" / "standing-committee.toml"
MEMBERS = 200
ITEMS = 10


def draft_text() -> str:
    """Write the example's draft again with more members and items, and nobody absent."""
    parts = re.split(r"(?m)^(?=\[)", EXAMPLE.read_text("utf-8"))
    item = next(part for part in parts if part.startswith("[[items]]"))
    items = [item.replace('"i1"', f'"i{n}"') for n in range(1, ITEMS + 1)]
    people = [f'[[roll]]\nname = "成员{n}"\npost = "委员"\n\n' for n in range(MEMBERS)]
    kept = [
        re.sub(r"printed = \d+", f"printed = {MEMBERS + 20}", part)
        for part in parts
        if not part.startswith(("[[items]]", "[rehearsal"))
    ]
    last = next(i for i, part in enumerate(kept) if part.startswith("[[series]]"))
    rehearsal = "[rehearsal]\n\n[rehearsal.weights]\ndefault = { agree = 8, disagree = 1 }\n"
    return "".join([*kept[:last], *people, *items, *kept[last:], rehearsal])


def measure() -> None:
    text = draft_text()
    with tempfile.TemporaryDirectory(prefix="piaojue-bench-") as name, ExitStack() as stack:
        private, out = Path(name), Path(name) / "out"
        (private / "meeting").mkdir(mode=0o700)
        out.mkdir()
        (private / "meeting" / DRAFT).write_text(text, "utf-8")
        play = Play(read_draft(text), private, out, None, lambda *_, **__: None, stack)
        for step in (play.start, play.ceremony, play.freeze, play.tickets, play.sign_in):
            step()
        play.introduce()
        play.open_papers()
        _measure_casts(play)


def _measure_casts(play: Play) -> None:
    election, sealed = _seal_all(play)
    half = len(sealed) // 2
    first, second = play.kiosks
    alone = Times(tuple(_cast(first, election, one) for one in sealed[:half]))
    start = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        begun = [
            pool.submit(lambda k=kiosk, some=some: [_cast(k, election, one) for one in some])
            for kiosk, some in ((first, sealed[half::2]), (second, sealed[half + 1 :: 2]))
        ]
        both = Times(tuple(seconds for one in begun for seconds in one.result()))
    rate = len(both.seconds) / (time.perf_counter() - start)
    rows = [
        (f"{name}: {what}", f"{times.quantile(share) * 1000:.0f} ms")
        for name, times in (("one kiosk", alone), ("two kiosks at once", both))
        for what, share in (("p50", 0.5), ("p99", 0.99))
    ]
    title = f"accepting a ballot of {ITEMS} items over HTTP, {len(sealed)} ballots"
    table(title, [*rows, ("two kiosks at once: ballots a second", f"{rate:.0f}")])


def _seal_all(play: Play) -> tuple[Election, list[SealedBallot]]:
    kiosk, meeting = play.kiosks[0], play.meeting
    assert meeting is not None
    (paper,) = kiosk.papers(meeting)
    election, items = paper.election, paper.items
    sealed = [
        kiosk.seal(election, v.token, choices_of(meeting, items, v.mind.marks(meeting, items)))
        for v in play.voters
    ]
    secrets.SystemRandom().shuffle(sealed)
    return election, sealed


def _cast(kiosk: Kiosk, election: Election, ballot: SealedBallot) -> float:
    start = time.perf_counter()
    kiosk.cast(election, ballot)
    return time.perf_counter() - start
