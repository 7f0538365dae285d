"""Two trustees on the command line and one in a page shuffle one box in turn, and open it.

The second device is the pages' own code under Node (``tests/web/mix_driver.mjs``). Nobody could
tell from the archive which was which; the independent tool accepts it.
"""

from __future__ import annotations

import json
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tally.count import complete_archive
from tally.memory import encode_keys
from tally.mixing import Shuffled
from tally.outcome import opened_of
from tally.release import Factors
from tests.interop.tool import belenios_oracle, tool
from tests.support.shuffled import ENTRIES, numbers, roster, signed_case
from tests.support.web import ROOT, node
from voting.protocol.archive import read_archive
from voting.protocol.tally import encode_tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.usefixtures(roster.__name__)


@contextmanager
def page() -> Iterator[Callable[..., dict[str, Any]]]:
    program = node()
    if program is None:
        pytest.skip("node or the pages' packages are missing (make web): nobody was mixed")
    command = [program, str(ROOT / "tests" / "web" / "mix_driver.mjs")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def ask(step: str, **given: Any) -> dict[str, Any]:
            process.stdin.write(json.dumps({"step": step, **given}) + "\n")
            process.stdin.flush()
            said = process.stdout.readline()
            assert said, f"the page's device stopped at {step}"
            found: dict[str, Any] = json.loads(said)
            return found

        yield ask
        process.stdin.close()


def test_two_programs_and_a_page_shuffle_one_box_and_the_tool_accepts_it(tmp_path):
    tool("3.0")
    case, box, note, archive = signed_case()
    second = case.devices[1]
    with page() as ask:
        shown = {
            "slot": box.slot,
            "election": box.election.raw.decode(),
            "tally": encode_tally(box.ciphertexts).decode(),
            "checkpoint": box.checkpoint.text,
            "active": box.active,
            "compared": None,
            "known": True,
        }
        ask("begin", keys=encode_keys(second.secrets, second.memory).decode(), box=shown)

        def relay(made: Shuffled) -> None:
            case.chain.append(made)
            given = {"owner": made.owner, "body": made.body.decode(), "line": made.line}
            ask("follow", given=given)

        relay(case.shuffle(1, box, note))
        theirs = ask("shuffle", note=note.decode())
        assert ask("shuffle", note=note.decode()) == theirs
        relay(Shuffled(theirs["owner"], theirs["body"].encode(), theirs["line"]))
        relay(case.shuffle(3, box, note))
        lines = [case.agree(1, box), ask("agree")["line"], case.agree(3, box)]
        shuffles = case.chain_note(box, *lines)
        answer = ask("release", note=note.decode(), shuffles=shuffles.decode())
    factors = Factors(2, answer["share"].encode(), answer["proofs"].encode())
    count = case.counted(box, [factors, case.release(3, box, note, shuffles)])

    assert list(count.shares) == [2, 3]
    final = complete_archive(archive, read_archive(archive), count)
    assert sorted(opened_of(final).entries[1]) == sorted(map(numbers, ENTRIES))
    path = tmp_path / f"{box.slot}.bel"
    path.write_bytes(final)
    belenios_oracle(path)
