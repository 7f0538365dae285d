"""Write ``data/{token,credential,ballot,spoil}.json``.

Run ``python -m tests.vectors.generate_protocol``. Deterministic:
the same code gives the same bytes, and ``test_protocol_vectors`` demands it. Python and JavaScript
read the same files. Seeds, nonces and keys in them are public and must never be used for
anything else.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.support import ballots as b
from tests.support.scalars import repeatable
from voting.crypto.group import ED25519
from voting.crypto.hashing import seeded_scalars
from voting.errors import FormatError, PiaojueError
from voting.protocol import credential as c
from voting.protocol.ballot import decode_ballot, short_tracker, size_limit, verify_ballot
from voting.protocol.spoil import check_opening, decode_opening, encode_opening, opening_of
from voting.protocol.values import proof_json

DATA = Path(__file__).parent / "data"
MEETING = "5f" * 32
TOKEN = c.token_from_bytes(bytes.fromhex("9c1185a5c5e9fc54612808977ee8f548"))


def files() -> dict[str, bytes]:
    """Return every file's bytes by its name."""
    made = {"token": token(), "credential": credential(), "ballot": ballot(), "spoil": spoil()}
    return {
        f"{name}.json": (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
        for name, value in made.items()
    }


def error_of(call) -> dict[str, object]:
    """Return what has to be raised: the code, and the place or the params."""
    try:
        call()
    except FormatError as e:
        return {"code": e.code, "place": e.place}
    except PiaojueError as e:
        return {"code": e.code, "params": e.params}
    raise AssertionError("a vector of a refusal was accepted")


def token() -> dict[str, object]:
    raws = [bytes(16), b"\xff" * 16, bytes(range(16)), bytes.fromhex("80" + "00" * 14 + "01")]
    good = [
        {
            "kind": "token",
            "id": f"token {i}",
            "raw": raw.hex(),
            "token": (made := c.token_from_bytes(raw)),
            "printed": c.format_token(made),
            "qr": c.qr_payload(made),
        }
        for i, raw in enumerate([*raws, bytes.fromhex("9c1185a5c5e9fc54612808977ee8f548")])
    ]
    printed, bare = c.format_token(TOKEN), c.format_token(TOKEN).replace("-", "")
    typed = {
        "lower case": printed.lower(),
        "spaces for dashes": printed.replace("-", " "),
        "no groups": bare,
        "one symbol wrong": ("1" if bare[0] != "1" else "2") + bare[1:],
        "last check symbol wrong": bare[:-1] + ("1" if bare[-1] != "1" else "2"),
        "two neighbours exchanged": exchanged(bare),
        "a symbol missing": bare[:-1],
        "a symbol too many": bare + "0",
        "a letter O": bare[:3] + "O" + bare[4:],
        "a full-width letter": bare[:3] + "Ａ" + bare[4:],
        "a long s, whose capital is S": bare[:3] + "ſ" + bare[4:],
        "nothing": "",
        "more than 128 bits": c.format_token(c.Token("8" + "0" * 25)),
    }
    payload = c.qr_payload(TOKEN)
    scanned = {
        "a ticket": payload,
        "half a ticket": payload[:17],
        "half a prefix": payload[:2],
        "a web address": "HTTPS://EXAMPLE.ORG/PJ1:",
        "empty": "",
        "lower case": payload.lower(),
        "lower case after the prefix": payload[:4] + payload[4:].lower(),
        "two symbols exchanged": payload[:4] + exchanged(bare),
        "a symbol too many": payload + "0",
    }
    return {
        "spec": "docs/spec/ticket.md, version 1",
        "run": "token: write raw, print it, make the QR text. typed, scanned: read input; it gives "
        "token, or raises error",
        "tests": [
            *good,
            *(reading("typed", name, text, c.parse_token) for name, text in typed.items()),
            *(reading("scanned", name, text, c.parse_qr) for name, text in scanned.items()),
        ],
    }


def exchanged(text: str) -> str:
    i = next(i for i in range(len(text) - 1) if text[i] != text[i + 1])
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]


def reading(kind: str, name: str, text: str, read) -> dict[str, object]:
    test: dict[str, object] = {"kind": kind, "id": name, "input": text}
    try:
        return {**test, "token": read(text)}
    except PiaojueError:
        return {**test, "error": error_of(lambda: read(text))}


def credential() -> dict[str, object]:
    slots = [b.UUID, "22222222222222"]
    derived = [
        {"kind": "derive", "id": f"slot {i}", "token": TOKEN, "uuid": slot, **keys(x)}
        for i, slot in enumerate(slots, start=1)
        for x in [c.private_credential(TOKEN, slot, ED25519)]
    ]
    belenios = ("11111-222222-33333-444444", "AAAAAAAAAAAAAA")
    elements = [ED25519.multiply_generator(n) for n in (2, 3, 4)]
    x = c.private_credential(TOKEN, b.UUID, ED25519)
    nonce = repeatable(7)()
    acts = []
    for act in c.TICKET_ACTS:
        proof = c.sign_ticket_act(
            x, act, slot=b.UUID, meeting_fingerprint=MEETING, nonce=nonce, group=ED25519
        )
        acts.append(
            {
                "kind": "act",
                "id": act,
                "act": act,
                "slot": b.UUID,
                "meeting": MEETING,
                **keys(x),
                "nonce": str(nonce),
                "proof": proof_json(proof),
            }
        )
    replayed = {**acts[0], "id": "leftover shown as withdraw", "act": "withdraw"}
    return {
        "spec": "docs/spec/ticket.md, version 1",
        "run": "derive, derive-belenios: token or credential and uuid give x and public. list: "
        "sort the elements' texts, write them. act: sign with x and nonce, verify; with error, "
        "only verify",
        "tests": [
            *derived,
            {
                "kind": "derive-belenios",
                "id": "belenios-tool setup generate-credentials --derive",
                "credential": belenios[0],
                "uuid": belenios[1],
                **keys(c.derive_credential(*belenios, ED25519)),
            },
            {
                "kind": "list",
                "id": "one series",
                "elements": [element.text for element in elements],
                "data": c.encode_credentials(c.sorted_credentials(elements)).decode(),
            },
            *acts,
            {**replayed, "error": {"code": "ticket-act"}},
        ],
    }


def keys(x: int) -> dict[str, str]:
    return {"x": str(x), "public": c.public_credential(x, ED25519).text}


CASES = {
    "one of three": ((b.ONE_OF_THREE,), ((1, 0, 0),)),
    "blank chosen": ((b.WITH_BLANK,), ((1, 0, 0, 0),)),
    "blank allowed, two chosen": ((b.WITH_BLANK,), ((0, 1, 0, 1),)),
    "many names": ((b.NAMES,), (b.PLAINTEXT,)),
    "all kinds together": (
        (b.ONE_OF_THREE, b.TWO_TO_THREE, b.WITH_BLANK, b.NAMES),
        ((0, 0, 1), (1, 1, 0, 1), (0, 0, 1, 0), b.PLAINTEXT),
    ),
}


def ballot() -> dict[str, object]:
    tests = []
    for i, (name, (questions, choices)) in enumerate(CASES.items()):
        election = b.make(*questions)
        sealed = b.seal(election, choices, number=i)
        draw = seeded_scalars(b.seed(i), b"ballot|" + election.fingerprint.encode(), ED25519)
        tests.append(
            {
                "kind": "seal",
                "id": name,
                "election": election.raw.decode(),
                "phi": election.fingerprint,
                "x": str(b.scalar(1)),
                "choices": choices,
                "seed": b.seed(i).hex(),
                "scalars": [str(draw()) for _ in range(3)],
                "nonce": str(b.scalar(1000 + i)),
                "ballot": sealed.data.decode(),
                "tracker": sealed.tracker,
                "short": short_tracker(sealed.tracker),
                "size_limit": size_limit(election),
            }
        )
    return {
        "spec": "docs/spec/ballot.md, docs/spec/sealing-seed.md, version 1",
        "run": "seal: the seed's first scalars; seal to ballot and tracker; verify. refuse: decode "
        "and verify; it raises error (malformed: FormatError at place)",
        "tests": [*tests, *refused_ballots()],
    }


def refused_ballots() -> list[dict[str, object]]:
    election = b.make(b.ONE_OF_THREE)
    other = b.make(b.ONE_OF_THREE, uuid="2" * 22)
    good = b.seal(election, ((1, 0, 0),))
    text, value = good.data.decode(), b.parsed(good)
    broken = b.parsed(good)
    broken["answers"][0]["overall_proof"][0]["response"] = "5"
    reordered = b.parsed(good)
    reordered["answers"][0] = dict(reversed(reordered["answers"][0].items()))
    wide = b.parsed(good)
    challenge = wide["answers"][0]["overall_proof"][0]["challenge"]
    wide["answers"][0]["overall_proof"][0]["challenge"] = str(int(challenge) + ED25519.order)
    upper = b.parsed(good)
    upper["answers"][0]["choices"][0]["alpha"] = value["answers"][0]["choices"][0]["alpha"].upper()
    stolen = {**value, "credential": ED25519.multiply_generator(b.scalar(2)).text}
    signature = value["signature"]["proof"]
    texts = {
        "overall proof wrong, signed again": b.resigned(election, broken).decode(),
        "under another credential, signed again": b.resigned(election, stolen, 2).decode(),
        "signature of nobody": text.replace(signature["response"], "5"),
        "of another election": b.seal(other, ((1, 0, 0),)).data.decode(),
        "fields of an answer in another order": b.resigned(election, reordered).decode(),
        "scalar not reduced": b.resigned(election, wide).decode(),
        "upper-case hex": b.resigned(election, upper).decode(),
        "space": text.replace(",", ", ", 1),
        "key twice": text.replace("{", '{"election_uuid":"x",', 1),
        "other JSON": '{"hello":"world"}',
    }

    def accept(data: str) -> None:
        verify_ballot(election, decode_ballot(data.encode(), election))

    return [
        {
            "kind": "refuse",
            "id": name,
            "election": election.raw.decode(),
            "ballot": data,
            "error": error_of(lambda data=data: accept(data)),
        }
        for name, data in texts.items()
    ]


def spoil() -> dict[str, object]:
    questions, choices = CASES["all kinds together"]
    election = b.make(*questions)
    sealed = b.seal(election, choices, number=4)
    opening = encode_opening(opening_of(election, sealed)).decode()
    base = {"election": election.raw.decode(), "opening": opening, "tracker": sealed.tracker}
    other = opening.replace('"choices":[[0,0,1]', '"choices":[[1,0,0]')
    refused = {
        "the device sealed something else": {**base, "opening": other},
        "another tracker was scanned": {**base, "tracker": "A" * 43},
        "a choice that is not allowed": {
            **base,
            "opening": opening.replace("[[0,0,1]", "[[1,0,1]"),
        },
        "another version": {**base, "opening": opening.replace('"spoil":1', '"spoil":2')},
    }

    def check(test: dict[str, str]) -> None:
        read = decode_opening(test["opening"].encode(), election)
        check_opening(election, read, test["tracker"])

    return {
        "spec": "docs/spec/sealing-seed.md, version 1",
        "run": "read opening, rebuild the ballot, compare tracker; it gives ballot or raises error",
        "tests": [
            {"kind": "open", "id": "all kinds", **base, "ballot": sealed.data.decode()},
            *(
                {
                    "kind": "open",
                    "id": name,
                    **test,
                    "error": error_of(lambda test=test: check(test)),
                }
                for name, test in refused.items()
            ),
        ],
    }


if __name__ == "__main__":
    DATA.mkdir(exist_ok=True)
    for name, data in files().items():
        (DATA / name).write_bytes(data)
