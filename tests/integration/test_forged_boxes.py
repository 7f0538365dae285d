"""Counted boxes with one thing forged in each, before both verifiers.

``tests/support/box_forgeries.py`` has them. The record's verifier names the check; an officer's
page, the pages' own code under Node (``tests/web/counted_check.mjs``), refuses the very same boxes
before it certifies.
"""

from __future__ import annotations

import base64
import json
import subprocess
from functools import cache
from typing import Any

import pytest

from tests.support.act_forgeries import ACTS
from tests.support.box_forgeries import FORGED
from tests.support.forged_box import findings_of, mixed, sealed
from tests.support.web import ROOT, node
from voting.errors import PiaojueError
from voting.meeting import rounds
from voting.meeting.ledger import encode_ledger

IN_A_PAGE = {
    "shuffle: a scalar that is not reduced": "malformed",
    "shuffle: no questions": "malformed",
    "shuffle: outputs permuted after the proof": "bad-proof",
    "shuffle: no shuffle, and their end": "record-shuffles",
    "shuffle: shuffles without their end": "record-shuffles",
    "shuffle: the same shuffle again": "record-shuffles",
    "shuffle: under another's number": "record-shuffles",
    "shuffle: each of the tally itself": "bad-proof",
    "share: an entry ground by a trustee": "faulty-trustee",
    "share: ground, the weak proof twice": "faulty-trustee",
    "share: ground, without his second proofs": "proofs-owners",
    "share: ground, one second proof less": "malformed",
    "share: ground, another trustee's proofs": "faulty-trustee",
    "share: second proofs of another shuffle": "faulty-trustee",
    "share: second proofs of another slot": "malformed",
    "share: opened by too few": "share-missing",
    "share: a wrong share beside two right ones": "faulty-trustee",
    "result: entries in another order": "result-wrong",
    "result: an entry less": "result-wrong",
    "result: numbers as text": "result-wrong",
    "result: a vote moved": "result-wrong",
    "share: a first proof changed": "faulty-trustee",
    "sealed: another archive than the act names": "archive-mismatch",
    "sealed: other proofs than the act names": "archive-mismatch",
    "sealed: a tally of something else": "tally-wrong",
    "sealed: a ballot more in the tally": "tally-wrong",
    "sealed: questions in another order": "election-mismatch",
    "sealed: another time": "archive-mismatch",
    "sealed: opened by who did not shuffle": "share-unshuffled",
    "sealed: a spoiled ballot counted": "ballot-spoiled",
    "sealed: ballots that are not sorted": "record-unsorted",
    "sealed: another threshold than was frozen": "record-trustees",
}
"""What a page says of the same boxes: a sample, as its arithmetic takes a second for each."""


def test_the_forger_makes_an_honest_box():
    assert findings_of(mixed().counted()) == {}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_box_is_refused_where_it_was_forged(name):
    make, expected = FORGED[name]

    assert findings_of(make().counted()) == expected


def ledger_with(body: dict[str, Any]) -> str:
    """The ledger with a line that counts, whatever a fold says of it."""
    sim = sealed().sim
    return encode_ledger([*sim.lines, sim.sign(sim.propose("count", **body))]).decode()


@pytest.mark.parametrize("name", ACTS)
def test_a_forged_act_is_refused_by_the_fold(name):
    body, code = ACTS[name]
    sim = sealed().sim

    with pytest.raises(PiaojueError) as caught:
        rounds.count(sim.meeting, sim.state, body())
    assert caught.value.code == code


@cache
def _in_a_page() -> dict[str, Any]:
    program = node()
    if program is None:
        pytest.skip("node or the pages' packages are missing (make web): no page was asked")
    makes = {"honest": mixed, **{name: FORGED[name][0] for name in IN_A_PAGE}}
    cases = []
    for name, make in makes.items():
        one = make().counted()
        both = {"archive": one.archive, "proofs": one.proofs}
        coded = {part: base64.b64encode(data).decode() for part, data in both.items()}
        ledger = encode_ledger(one.sim.lines).decode()
        meeting = one.sim.meeting.raw.decode()
        given = {"name": name, "slot": one.slot, "meeting": meeting, "ledger": ledger}
        cases.append({**given, **coded})
    for name, (body, _) in ACTS.items():
        cases.append({**cases[0], "name": f"act: {name}", "ledger": ledger_with(body())})
    done = subprocess.run(
        [program, str(ROOT / "tests" / "web" / "counted_check.mjs")],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_page_opens_the_honest_box_as_the_verifier_does():
    assert _in_a_page()["honest"] == json.loads(mixed().result)["result"]


@pytest.mark.parametrize("name", IN_A_PAGE)
def test_a_page_refuses_the_same_box(name):
    assert _in_a_page()[name] == IN_A_PAGE[name]


@pytest.mark.parametrize("name", ACTS)
def test_a_page_s_fold_refuses_the_same_act(name):
    assert _in_a_page()[f"act: {name}"] == ACTS[name][1]
