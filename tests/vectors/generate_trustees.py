"""Write ``data/{ceremony,checkpoint,keyfile,second-proof,shuffles,shuffle-bodies}.json``.

Run ``python -m tests.vectors.generate_trustees``. Deterministic; ``test_trustee_vectors`` runs it
again and compares. Python and JavaScript read the same files: a trustee's program on the command
line and one in a page are interchangeable. Keys and seeds in them are public.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path

from kiosk.device.keyfile import KeyFile
from tally import rehearsal
from tests.support import ballots as b
from tests.support.trustees import Room, random_bytes
from tests.vectors import shuffle_bodies
from voting.crypto.elgamal import encrypt
from voting.crypto.group import ED25519
from voting.crypto.hashing import hash_to_scalar
from voting.crypto.proofs import texts
from voting.protocol.checkpoint import Checkpoint, ballots_digest, signer
from voting.protocol.mixing import Chain, sign_chain
from voting.protocol.note import encode_note, parse_signature_line, public_note_key, sign_note
from voting.protocol.shares import (
    SecondProofs,
    encode_partial_decryption,
    encode_second_proofs,
    make_partial_decryption,
    make_second_proofs,
)
from voting.protocol.values import ciphertext_json

DATA = Path(__file__).parent / "data"


def files() -> dict[str, bytes]:
    """Return every file's bytes by its name."""
    made = {
        "ceremony": ceremony(),
        "checkpoint": checkpoint(),
        "keyfile": keyfile(),
        "second-proof": second_proof(),
        "shuffles": shuffles(),
        "shuffle-bodies": shuffle_bodies.vector(),
    }
    return {
        f"{name}.json": (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
        for name, value in made.items()
    }


def _text(messages: list[bytes]) -> list[str]:
    return [message.decode() for message in messages]


def ceremony() -> dict[str, object]:
    room = Room(rand=random_bytes("ceremony vector"))
    keys = room.keys(rehearsed=False)
    asked = rehearsal.make_rehearsal(room.session, keys[0].trustees, rand=random_bytes("asked"))
    answers = [rehearsal.answer_rehearsal(k.memory, k.secrets, asked) for k in keys]
    return {
        "spec": "docs/spec/ceremony.md",
        "session": {"meeting": room.meeting, "attempt": 1, "threshold": 2, "size": 3},
        "devices": [
            {
                "seed": state.seed,
                "note_seed": state.note_seed.hex(),
                "box_secret": state.box_secret.hex(),
                "coefficients": [str(a) for a in state.polynomial.coefficients],
                "share": str(one.secrets.share),
            }
            for state, one in zip(room.states, keys, strict=True)
        ],
        "commit": _text(room.messages["commit"]),
        "reveal": _text(room.messages["reveal"]),
        "transcript": room.states[0].transcript,
        "code": room.states[0].code,
        "shares": _text(room.messages["shares"]),
        "shares_digest": room.states[0].shares_digest,
        "acknowledge": _text(room.messages["answer"]),
        "trustees": keys[0].trustees.decode(),
        "rehearsal": asked.decode(),
        "rehearsal-answer": _text(answers),
    }


def checkpoint() -> dict[str, object]:
    seeds = [hashlib.sha256(b"checkpoint vector %d" % i).digest() for i in (1, 2, 3)]
    trackers = [hashlib.sha256(b"ballot %d" % i).hexdigest() for i in range(3)]
    listed = [b.b64_fingerprint(tracker) for tracker in trackers]
    made = Checkpoint(
        meeting="5f" * 32,
        slot=b.UUID,
        phi=b.b64_fingerprint("election"),
        trustees="ab" * 32,
        credentials="cd" * 32,
        ballots=ballots_digest(listed),
        number=3,
    )
    signed = [sign_note(made.text, signer(i), seed) for i, seed in enumerate(seeds, start=1)]
    return {
        "spec": "docs/spec/checkpoint.md",
        "trackers": listed,
        "text": made.text,
        "digest": made.digest,
        "keys": [
            {"name": signer(i), "seed": seed.hex(), "public_key": public_note_key(seed).hex()}
            for i, seed in enumerate(seeds, start=1)
        ],
        "note": encode_note(made.text, signed).decode(),
    }


def shuffles() -> dict[str, object]:
    """The chain of three shuffles by trustees 1, 2 and 4 of 4, and what is refused of it."""
    seeds = {i: hashlib.sha256(b"shuffles vector %d" % i).digest() for i in (1, 2, 3, 4)}
    chain, links = Chain("5e" * 32), []
    for owner in (1, 2, 4):
        chain = chain.then(owner, hashlib.sha256(b"shuffle %d" % owner).hexdigest())
        links.append(sign_chain(chain, owner, seeds[owner]))
    lines = [sign_chain(chain, index, seeds[index]) for index in (1, 2, 4)]
    note = encode_note(chain.text, [parse_signature_line(line) for line in lines]).decode()
    one = "1 " + "ab" * 32
    head = f"piaojue/shuffles/1\n{'5e' * 32}\n"
    return {
        "spec": "docs/spec/shuffles.md",
        "keys": [public_note_key(seed).hex() for seed in seeds.values()],
        "seeds": [seed.hex() for seed in seeds.values()],
        "text": chain.text,
        "owners": list(chain.owners),
        "links": links,
        "note": note,
        "waits": [
            {"owners": owners, "size": 4, "missing": missing, "waits_for": waits}
            for owners, missing, waits in (
                ([], [], 1),
                ([1], [], 2),
                ([1, 2], [], 3),
                ([1, 2], [3], 4),
                ([1, 2, 4], [3], None),
                ([2], [1], 3),
                ([2, 3, 4], [], 1),
            )
        ],
        "wrong_texts": [
            head.replace("/1", "/2", 1),
            head[:-1],
            head.replace("5e", "5E", 1),
            f"{head}{one}\n{one}\n",
            f"{head}2{one[1:]}\n{one}\n",
            f"{head}0{one}\n",
            f"{head}{one} \n",
            f"{head}\n",
            f"{head}100{one[1:]}\n",
        ],
        "wrong_links": [
            {"what": "another's key", "number": 2, "line": sign_chain(chain.first(2), 2, seeds[3])},
            {
                "what": "another's name",
                "number": 2,
                "line": sign_chain(chain.first(2), 1, seeds[1]),
            },
            {"what": "the whole chain", "number": 2, "line": sign_chain(chain, 2, seeds[2])},
            {
                "what": "another box",
                "number": 1,
                "line": sign_chain(_elsewhere(chain), 1, seeds[1]),
            },
        ],
    }


def _elsewhere(chain: Chain) -> Chain:
    return Chain("e5" * 32, chain.links[:1])


def keyfile() -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trustee-1.key"
        passphrase, payload = "三把钥匙　１２３", b'{"trustee":1}'
        KeyFile.create([path], passphrase, payload, rand=lambda n: bytes(range(n)))
        made = path.read_text()
    return {
        "spec": "docs/spec/keyfile.md",
        "passphrase": passphrase,
        "normalized": "三把钥匙 123",
        "salt": bytes(range(16)).hex(),
        "nonce": bytes(range(24)).hex(),
        "counter": 1,
        "payload": payload.decode(),
        "file": made,
    }


def second_proof() -> dict[str, object]:
    election = b.make(b.ONE_OF_THREE, secret_key=b.scalar(1))
    rows = tuple(encrypt(ED25519, election.public_key, m, b.scalar(10 + m)) for m in (4, 1, 1))
    x, draw = b.scalar(1), iter(b.scalar(100 + i) for i in range(99)).__next__
    share = make_partial_decryption(election, (rows,), x, draw)
    proofs = make_second_proofs(election, (rows,), x, draw)
    return {
        "spec": "docs/spec/second-proof.md",
        "election": election.raw.decode(),
        "encrypted_tally": [[ciphertext_json(row) for row in rows]],
        "secret_key": str(x),
        "public_key": election.public_key.text,
        "partial_decryption": encode_partial_decryption(share).decode(),
        "proofs": encode_second_proofs(SecondProofs(election.uuid, {1: proofs})).decode(),
        "forged": _forged(election, rows[0], x),
    }


def _forged(election, ciphertext, x) -> dict[str, object]:
    """A wrong factor whose version 1 proof holds (PROTOCOL, trap 3)."""
    q, w = ED25519.order, b.scalar(77)
    a = ED25519.multiply_generator(w)
    shifted = w * ciphertext.alpha + ED25519.generator
    prefix = f"decrypt|{election.fingerprint}|{election.public_key.text}|"
    c = hash_to_scalar(ED25519, prefix, texts(a, shifted))
    r = (w - x * c) % q
    factor = pow(c, -1, q) * (shifted - r * ciphertext.alpha)
    return {
        "comment": "the proof of version 1 holds for a factor that is wrong",
        "ciphertext": ciphertext_json(ciphertext),
        "factor": factor.text,
        "proof": {"challenge": str(c), "response": str(r)},
    }


def main() -> None:
    for name, data in files().items():
        (DATA / name).write_bytes(data)


if __name__ == "__main__":
    main()
