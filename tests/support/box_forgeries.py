"""Counted boxes with a shuffled question, one thing forged in each, and the check that refuses it.

The forger is every trustee and the server at once: what he changes he signs again. ``FORGED`` has
by name what makes the box, and what fails. How a shuffle may be spelled otherwise is in the vectors
(``tests/vectors/shuffle_bodies.py``).
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.support.forged_box import Opening, mixed, sealed
from tests.support.forger import weak_factor
from tests.support.meeting import uuid_of
from voting.crypto.group import ED25519
from voting.protocol import codec
from voting.protocol.shares import (
    PartialDecryption,
    SecondProofs,
    encode_partial_decryption,
    encode_second_proofs,
    make_second_proofs,
)

if TYPE_CHECKING:
    from collections.abc import Callable

ROSTER = 2
"""The question that is shuffled: the names from outside."""
IDENTITY = ED25519.identity.text


# --- shuffles ------------------------------------------------------------------------------------


def spelled(change: Callable[[bytes], bytes], at: int = 2) -> Opening:
    """One shuffle's bytes changed, and everything decrypted as if it had not been."""
    one = mixed()
    owner, body = one.shuffles[at]
    one.shuffles[at] = (owner, change(body))
    assert one.shuffles[at][1] != body
    return one


def put(value: Any, path: tuple[Any, ...], to: Any) -> None:
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = to(value[path[-1]]) if callable(to) else to


def with_(*path: Any, to: Any, at: int = 2) -> Opening:
    def change(body: bytes) -> bytes:
        value = json.loads(body)
        put(value, path, to)
        return codec.encode(value)

    return spelled(change, at)


def permuted(row: Any) -> Any:
    return [row[1], row[0], *row[2:]]


def of_other_input() -> Opening:
    """The third shuffles what the first made: the second's permutation is lost."""
    one = sealed().copy().shuffle(1)
    first = one.ciphertexts
    one.shuffle(2)
    one.ciphertexts = first
    return one.shuffle(3).decrypt(1, 2).open()


def of_the_tally() -> Opening:
    """Everybody shuffles the sorted tally; only the last hides anything."""
    one = sealed().copy()
    for owner in (1, 2, 3):
        one.ciphertexts = one.tally
        one.shuffle(owner)
    return one.decrypt(1, 2).open()


def in_another_order() -> Opening:
    one = mixed()
    one.signed, one.shuffles = list(one.shuffles), [one.shuffles[i] for i in (1, 0, 2)]
    return one


def arranged(*owners: int, bodies: tuple[int, ...] = (0, 1, 2), ended: bool = True) -> Opening:
    """The signed chain is honest; the archive has its shuffles under these numbers."""
    one = mixed()
    one.signed = list(one.shuffles)
    one.shuffles = [(owner, one.signed[i][1]) for owner, i in zip(owners, bodies, strict=True)]
    one.ended = ended
    return one


def without_shuffles() -> Opening:
    return sealed().copy().decrypt(1, 2).open()


SHUFFLES: dict[str, tuple[Callable[[], Opening], dict[str, str]]] = {
    "a scalar that is not reduced": (
        partial(with_, "proofs", 0, 1, 0, to=lambda s: str(int(s) + ED25519.order)),
        {"V13": "malformed"},
    ),
    "no questions": (
        lambda: spelled(lambda body: b'{"ciphertexts":[],"proofs":[]}'),
        {"V13": "malformed"},
    ),
    "a line break at the end": (
        lambda: spelled(lambda body: body + b"\n", 0),
        {"V13": "malformed"},
    ),
    "outputs permuted after the proof": (
        partial(with_, "ciphertexts", 0, to=permuted),
        {"V13": "faulty-trustee"},
    ),
    "outputs permuted in the first": (
        partial(with_, "ciphertexts", 0, to=permuted, at=0),
        {"V13": "faulty-trustee"},
    ),
    "no shuffle, and their end": (
        without_shuffles,
        {"V13": "shuffle-missing"},
    ),
    "shuffles without their end": (
        partial(arranged, 1, 2, 3, ended=False),
        {"V13": "record-shuffles"},
    ),
    "the same shuffle again": (
        partial(arranged, 1, 2, 3, 3, bodies=(0, 1, 2, 2)),
        {"V13": "shuffle-twice"},
    ),
    "a trustee twice": (partial(arranged, 1, 2, 2), {"V13": "shuffle-twice"}),
    "a trustee who does not exist": (partial(arranged, 1, 2, 4), {"V13": "shuffle-owner"}),
    "under another's number": (partial(arranged, 1, 3, 2), {"V13": "record-shuffles"}),
    "one left out": (
        partial(arranged, 1, 3, bodies=(0, 2)),
        {"V13": "faulty-trustee"},
    ),
    "in another order": (in_another_order, {"V13": "faulty-trustee"}),
    "of other input": (of_other_input, {"V13": "faulty-trustee"}),
    "each of the tally itself": (of_the_tally, {"V13": "faulty-trustee"}),
}


# --- what is opened ------------------------------------------------------------------------------


def ground(second: str) -> Opening:
    """Trustee 2 makes the first entry say what he found by trial; his first proof verifies.

    Args:
        second: What he gives as the second proof of that factor.
    """
    one = mixed()
    ciphertext = one.ciphertexts[ROSTER][0]
    factor, weak, _ = weak_factor(one.election, one.secret(2), ciphertext, one.chance)
    share, proofs = one.shares[2], one.seconds[2]
    one.shares[2] = PartialDecryption(
        _first_of(share.factors, factor), _first_of(share.proofs, weak)
    )
    one.share_bodies[2] = encode_partial_decryption(one.shares[2])
    if second == "weak":
        one.seconds[2] = _first_of(proofs, weak)
    elif second == "none":
        del one.seconds[2]
    elif second == "short":
        one.seconds[2] = (*proofs[:ROSTER], proofs[ROSTER][1:])
    elif second == "other entry":
        one.seconds[2] = _first_of(proofs, proofs[ROSTER][1])
    elif second == "other trustee":
        one.seconds[2] = one.seconds[1]
    elif second == "of the tally":
        draw = one.chance.draw
        one.seconds[2] = make_second_proofs(one.election, one.tally, one.secret(2), draw)
    return one.prove().open()


def _first_of(rows: Any, to: Any) -> Any:
    """The rows with another first entry of the shuffled question."""
    return (*rows[:ROSTER], (to, *rows[ROSTER][1:]))


def proofs_with(change: Callable[[Any], Any]) -> Opening:
    one = mixed()
    value = json.loads(one.proofs)
    one.proofs = codec.encode(change(value) or value)
    return one


def of_another_slot() -> Opening:
    """Honest proofs of another slot, named so; then the same under this slot's name."""
    one = mixed()
    one.proofs = encode_second_proofs(SecondProofs(uuid_of("slot 3"), one.seconds))
    return one


def replayed() -> Opening:
    """Second proofs that the same trustees made after another shuffle of the same box."""
    one, other = mixed(), sealed().copy()
    other.chance = type(other.chance)(9)
    one.seconds = other.shuffle(1, 2, 3).decrypt(1, 2).seconds
    return one.prove()


def share_with(*path: Any, to: Any) -> Opening:
    one = mixed()
    value = json.loads(one.share_bodies[2])
    put(value, path, to)
    one.share_bodies[2] = codec.encode(value)
    return one


def by_too_few() -> Opening:
    one = mixed()
    del one.share_bodies[2]
    del one.seconds[2]
    return one.prove()


def one_more_that_is_wrong() -> Opening:
    one = mixed().decrypt(3)
    one.share_bodies[3] = one.share_bodies[1]
    return one


SHARES: dict[str, tuple[Callable[[], Opening], dict[str, str]]] = {
    "an entry ground by a trustee": (partial(ground, "honest"), {"V15": "faulty-trustee"}),
    "ground, the weak proof twice": (partial(ground, "weak"), {"V15": "faulty-trustee"}),
    "ground, without his second proofs": (partial(ground, "none"), {"V15": "proofs-owners"}),
    "ground, one second proof less": (partial(ground, "short"), {"V15": "malformed"}),
    "ground, the proof of another entry": (
        partial(ground, "other entry"),
        {"V15": "faulty-trustee"},
    ),
    "ground, another trustee's proofs": (
        partial(ground, "other trustee"),
        {"V15": "faulty-trustee"},
    ),
    "ground, proofs of the sorted tally": (
        partial(ground, "of the tally"),
        {"V15": "faulty-trustee"},
    ),
    "second proofs of another shuffle": (replayed, {"V15": "faulty-trustee"}),
    "second proofs of another slot": (of_another_slot, {"V15": "malformed"}),
    "second proofs of a trustee more": (
        lambda: proofs_with(lambda v: v["trustees"].append({**v["trustees"][0], "owner": 3})),
        {"V15": "proofs-owners"},
    ),
    "second proofs not in order": (
        lambda: proofs_with(lambda v: v["trustees"].reverse()),
        {"V15": "malformed"},
    ),
    "second proofs of an owner twice": (
        lambda: proofs_with(lambda v: put(v, ("trustees", 1, "owner"), 1)),
        {"V15": "malformed"},
    ),
    "an owner as text": (
        lambda: proofs_with(lambda v: put(v, ("trustees", 0, "owner"), "1")),
        {"V15": "malformed"},
    ),
    "a second proof that is not reduced": (
        lambda: proofs_with(
            lambda v: put(
                v,
                ("trustees", 0, "proofs", 0, 0, "response"),
                lambda s: str(int(s) + ED25519.order),
            )
        ),
        {"V15": "malformed"},
    ),
    "an empty file of proofs": (
        lambda: replace_proofs(b""),
        {"V15": "malformed"},
    ),
    "a factor that is the identity": (
        partial(share_with, "decryption_factors", ROSTER, 0, to=IDENTITY),
        {"V14": "faulty-trustee"},
    ),
    "a first proof changed": (
        partial(share_with, "decryption_proofs", ROSTER, 0, "response", to="5"),
        {"V14": "faulty-trustee"},
    ),
    "opened by too few": (by_too_few, {"V14": "share-missing"}),
    "a wrong share beside two right ones": (one_more_that_is_wrong, {"V14": "faulty-trustee"}),
}


def replace_proofs(data: bytes) -> Opening:
    one = mixed()
    one.proofs = data
    return one


# --- what is stated ------------------------------------------------------------------------------


def stated(change: Callable[[Any], Any]) -> Opening:
    one = mixed()
    value = json.loads(one.result)
    one.result = codec.encode(change(value["result"]) or value)
    return one


def row(to: Any) -> Callable[[Any], None]:
    return lambda rows: put(rows, (ROSTER,), to)


RESULTS: dict[str, tuple[Callable[[], Opening], dict[str, str]]] = {
    "entries in another order": (lambda: stated(row(lambda r: r[::-1])), {"V16": "result-wrong"}),
    "another entry": (
        lambda: stated(row(lambda r: [[0, 9, *[0] * 28], *r[1:]])),
        {"V16": "result-wrong"},
    ),
    "an entry less": (lambda: stated(row(lambda r: r[1:])), {"V16": "malformed"}),
    "an entry twice": (lambda: stated(row(lambda r: [*r, r[0]])), {"V16": "malformed"}),
    "an entry of 29 numbers": (
        lambda: stated(row(lambda r: [r[0][1:], *r[1:]])),
        {"V16": "malformed"},
    ),
    "a number beyond a byte": (
        lambda: stated(row(lambda r: [[256, *r[0][1:]], *r[1:]])),
        {"V16": "malformed"},
    ),
    "numbers as text": (
        lambda: stated(row(lambda r: [[str(n) for n in r[0]], *r[1:]])),
        {"V16": "malformed"},
    ),
    "questions in another order": (lambda: stated(list.reverse), {"V16": "malformed"}),
    "one vote more": (
        lambda: stated(lambda rows: put(rows, (0, 0), lambda n: n + 1)),
        {"V16": "result-wrong"},
    ),
    "a vote moved": (
        lambda: stated(lambda rows: put(rows, (0,), lambda r: [r[0] - 1, r[1] + 1, *r[2:]])),
        {"V16": "result-wrong"},
    ),
    "a vote more than ballots": (
        lambda: stated(lambda rows: put(rows, (0, 0), 7)),
        {"V16": "result-bounds"},
    ),
    "a total as text": (lambda: stated(lambda rows: put(rows, (0, 0), "4")), {"V16": "malformed"}),
}


def told(**body: str) -> Opening:
    one = mixed()
    one.told = body
    return one


def summed(*, number: int = 0, alpha: bool = False) -> Opening:
    """Another tally in the archive than the ballots add up to."""
    one = mixed()
    one.number += number
    first = one.tally[0][0]
    other = replace(first, alpha=first.alpha + ED25519.generator) if alpha else first
    one.tally = ((other, *one.tally[0][1:]), *one.tally[1:])
    return one


def otherwise(fault: str, shufflers: tuple[int, ...] = (1, 2, 3)) -> Opening:
    return sealed(fault).copy().shuffle(*shufflers).decrypt(1, 2).open()


SEALED: dict[str, tuple[Callable[[], Opening], dict[str, str]]] = {
    "another archive than the act names": (
        partial(told, archive="ab" * 32),
        {"V6": "record-archive"},
    ),
    "other proofs than the act names": (partial(told, proofs="ab" * 32), {"V15": "proofs-digest"}),
    "a tally of something else": (partial(summed, alpha=True), {"V12": "tally-wrong"}),
    "a ballot more in the tally": (partial(summed, number=1), {"V12": "tally-number"}),
    "questions in another order": (partial(otherwise, "election"), {"V7": "election-mismatch"}),
    "another time": (partial(otherwise, "time"), {"V6": "record-time"}),
    "opened by who did not shuffle": (
        partial(otherwise, "missing", (2, 3)),
        {"V14": "share-unshuffled"},
    ),
    "a spoiled ballot counted": (
        partial(otherwise, "spoiled"),
        {"V10": "ballot-spoiled"},
    ),
    "ballots that are not sorted": (
        partial(otherwise, "unsorted"),
        {"V10": "record-unsorted"},
    ),
    "another threshold than was frozen": (
        partial(otherwise, "threshold"),
        {"V8": "record-trustees"},
    ),
}

FORGED: dict[str, tuple[Callable[[], Opening], dict[str, str]]] = {
    **{f"shuffle: {name}": case for name, case in SHUFFLES.items()},
    **{f"share: {name}": case for name, case in SHARES.items()},
    **{f"result: {name}": case for name, case in RESULTS.items()},
    **{f"sealed: {name}": case for name, case in SEALED.items()},
}
