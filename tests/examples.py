"""Play every meeting of ``examples/`` to a verified record: ``make examples``.

Each is rehearsed by the real programs and verified by ``piaojue verify``; then every paper of its
record is given to belenios-tool 3.0, soundly used, where that can be had. Prints a table; fails if
one does not verify. Names of examples as arguments: only those.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tally.record.layout import RESULT, archive_path
from tally.record.pack import unpack
from tests.interop.tool import ask_oracle, installed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT: Final = Path(__file__).parents[1]
EXAMPLES: Final = ROOT / "examples"
OUT: Final = ROOT / "out" / "examples"


def rehearse(draft: Path, out: Path, *, seed: int = 7) -> subprocess.CompletedProcess[str]:
    """Play a draft; its record is verified by the command itself."""
    command = [sys.executable, "-m", "kiosk", "rehearse", str(draft), "--out", str(out)]
    return subprocess.run(
        [*command, "--seed", str(seed)], cwd=ROOT, capture_output=True, text=True, check=False
    )


def papers(record: Mapping[str, bytes], folder: Path) -> Iterator[Path]:
    """Write every paper that was counted to a file of its slot's name."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in json.loads(record[RESULT])["rounds"]:
        if archive_path(one["slot"]) in record:
            path = folder / f"{one['slot']}.bel"
            path.write_bytes(record[archive_path(one["slot"])])
            yield path


def decisions(record: Mapping[str, bytes]) -> str:
    """Return how often each decision was come to."""
    found: dict[str, int] = {}
    for one in json.loads(record[RESULT])["rounds"]:
        for item in one["items"]:
            decision = item["evaluation"]["decision"]
            found[decision] = found.get(decision, 0) + 1
    return ", ".join(f"{count} {what}" for what, count in found.items())


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(names: list[str]) -> int:
    """Play, ask, print; return 1 if anything was not as it should be."""
    path, why = installed("3.0")
    _say(f"belenios-tool: {why or path}\n")
    _say("| example | rounds | decisions | seconds | verified | belenios-tool |")
    _say("|---|---|---|---|---|---|")
    bad = 0
    for draft in sorted(EXAMPLES.glob("*.toml")):
        if names and draft.stem not in names:
            continue
        out = OUT / draft.stem
        shutil.rmtree(out, ignore_errors=True)
        started = time.monotonic()
        done = rehearse(draft, out)
        seconds = round(time.monotonic() - started)
        if done.returncode:
            bad += 1
            _say(f"| {draft.stem} | | | {seconds} | **no** | |")
            _say(done.stdout + done.stderr)
            continue
        record = unpack((out / "record.zip").read_bytes())
        asked = [] if why else [ask_oracle(one) for one in papers(record, OUT / "papers")]
        bad += not all(accepted for accepted, _ in asked)
        rounds = len(json.loads(record[RESULT])["rounds"])
        accepted = sum(one for one, _ in asked)
        said = f"{accepted} of {len(asked)}" if asked else "not here"
        _say(f"| {draft.stem} | {rounds} | {decisions(record)} | {seconds} | yes | {said} |")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
