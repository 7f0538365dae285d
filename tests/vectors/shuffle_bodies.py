"""A trustee's shuffle as bytes, and every way in which it may be spelled or proved otherwise.

``wrong`` has a path into the JSON and what is put there, or a piece of the text and another one;
each is refused, with the place where it is a matter of form.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from tests.support import ballots as b
from voting.crypto.elgamal import encrypt
from voting.crypto.group import ED25519
from voting.errors import FormatError, ProofError
from voting.protocol import codec
from voting.protocol.shuffles import decode_shuffle, encode_shuffle, make_shuffle, verify_shuffle
from voting.protocol.tally import encode_tally

Q = ED25519.order
IDENTITY = ED25519.identity.text
ORDER_2 = f"7{'f' * 61}ec"
"""y = -1: on the curve, outside the subgroup."""
BEYOND = f"7{'f' * 61}ee"
"""y = p + 1: the identity in other words."""
OUTPUT, PROOF = ("ciphertexts", 0, 0), ("proofs", 0)
T1, S1, S_HAT = (*PROOF, 0, 0), (*PROOF, 1, 0), (*PROOF, 1, 4, 0)
C, C_HAT = (*PROOF, 2, 0), (*PROOF, 3, 0)


def vector() -> dict[str, object]:
    """Return the file: three ciphertexts of one question."""
    election = b.make(b.NAMES, secret_key=b.scalar(1))
    key = election.public_key
    rows = tuple(encrypt(ED25519, key, ED25519.embed([0, i]), b.scalar(20 + i)) for i in range(3))
    scalars = iter(b.scalar(300 + i) for i in range(99)).__next__
    draws = iter(range(99))
    made = make_shuffle(
        election, (rows,), lambda size: (7 * next(draws) % 256).to_bytes(size, "big"), scalars
    )
    body = encode_shuffle(made)
    verify_shuffle(election, (rows,), decode_shuffle(body, election, (rows,)))

    def error(data: bytes) -> dict[str, str]:
        try:
            verify_shuffle(election, (rows,), decode_shuffle(data, election, (rows,)))
        except FormatError as e:
            return {"code": e.code, "place": e.place}
        except ProofError as e:
            return {"code": e.code}
        raise AssertionError(data)

    wrong: list[dict[str, object]] = []
    for what, path, to in paths(json.loads(body)):
        wrong.append({"what": what, "path": path, "to": to, "error": error(put(body, path, to))})
    for what, old, new in TEXTS:
        data = body.replace(old.encode(), new.encode(), 1)
        assert data != body, what
        wrong.append({"what": what, "from": old, "to": new, "error": error(data)})
    return {
        "spec": "docs/spec/tally.md, section 3",
        "election": election.raw.decode(),
        "tally": encode_tally((rows,)).decode(),
        "body": body.decode(),
        "wrong": wrong,
    }


def put(body: bytes, path: list[Any], to: Any) -> bytes:
    """Return the body with another value at a path."""
    value = at = json.loads(body)
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = to
    return codec.encode(value)


def paths(value: Any) -> list[tuple[str, list[Any], Any]]:
    """Return what each fault is called, where it is, and what stands there."""

    def now(path: tuple[Any, ...]) -> Any:
        at = value
        for step in path:
            at = at[step]
        return copy.deepcopy(at)

    outputs, proof = now(("ciphertexts", 0)), now(PROOF)
    s, c = proof[1], proof[2]
    listed: list[tuple[str, tuple[Any, ...], Any]] = [
        ("a scalar that is not reduced", S1, str(int(now(S1)) + Q)),
        ("one of a list that is not reduced", S_HAT, str(int(now(S_HAT)) + Q)),
        ("a scalar that is the order", S1, str(Q)),
        ("a negative scalar", S1, "-1"),
        ("a leading zero", S1, f"0{now(S1)}"),
        ("a scalar as a number", S1, 5),
        ("an element as a number", T1, 5),
        ("upper-case digits", (*OUTPUT, "alpha"), now((*OUTPUT, "alpha")).upper()),
        ("upper-case digits in the proof", C, now(C).upper()),
        ("an element cut short", C_HAT, now(C_HAT)[2:]),
        ("a point of order 2", (*OUTPUT, "beta"), ORDER_2),
        ("a point of order 2 in the proof", C_HAT, ORDER_2),
        ("a coordinate beyond the field", T1, BEYOND),
        ("a field more", OUTPUT, {**now(OUTPUT), "gamma": IDENTITY}),
        ("null", OUTPUT, None),
        ("no outputs", ("ciphertexts",), []),
        ("no proofs", ("proofs",), []),
        ("a question's outputs more", ("ciphertexts",), [outputs, outputs]),
        ("a question's proof more", ("proofs",), [proof, proof]),
        ("an output dropped", ("ciphertexts", 0), outputs[1:]),
        ("an output more", ("ciphertexts", 0), [*outputs, outputs[0]]),
        ("a commitment dropped", (*PROOF, 2), c[1:]),
        ("a response dropped", (*PROOF, 1, 5), s[5][1:]),
        ("a part of the proof dropped", PROOF, proof[:3]),
        ("a part of the proof more", PROOF, [*proof, c]),
        ("outputs permuted after the proof", ("ciphertexts", 0), [outputs[i] for i in (1, 0, 2)]),
        ("an output twice", (*OUTPUT,), outputs[1]),
        ("an output of identity points", OUTPUT, {"alpha": IDENTITY, "beta": IDENTITY}),
        ("a commitment that is the identity", C, IDENTITY),
        ("a link that is the identity", C_HAT, IDENTITY),
        ("a response changed", S1, str((int(now(S1)) + 1) % Q)),
        ("a response of another", (*PROOF, 1, 5), [s[5][i] for i in (1, 0, 2)]),
        ("responses exchanged", (*PROOF, 1), [s[1], s[0], *s[2:]]),
        ("nothing but identity points and zeros", PROOF, _nothing(proof)),
    ]
    return [(what, list(path), to) for what, path, to in listed]


def _nothing(part: Any) -> Any:
    if isinstance(part, list):
        return [_nothing(one) for one in part]
    return IDENTITY if len(part) == 64 else "0"


TEXTS = [
    ("a key twice", '{"ciphertexts":', '{"ciphertexts":[],"ciphertexts":'),
    ("a key of a ciphertext twice", '{"alpha":', f'{{"alpha":"{IDENTITY}","alpha":'),
    ("a space", ",", ", "),
    ("a line break", "{", "{\n"),
    ("another name", '"proofs":', '"proof":'),
    ("a field before the others", "{", '{"a":1,'),
    ("an escape", '"alpha"', '"\\u0061lpha"'),
]
