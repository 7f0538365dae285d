"""Small elections and their ballots, all repeatable. Never draw real secrets like this."""

from __future__ import annotations

import hashlib
import json

from tests.support.scalars import repeatable
from voting.crypto.group import ED25519
from voting.crypto.hashing import b64_fingerprint
from voting.crypto.signature import sign_ballot
from voting.protocol import codec
from voting.protocol.ballot import seal_ballot
from voting.protocol.election import (
    HomomorphicQuestion,
    NonHomomorphicQuestion,
    decode_election,
    make_election,
)
from voting.protocol.values import proof_json

UUID = "11111111111111111112Ae"
ONE_OF_THREE = HomomorphicQuestion(
    question="第1项", answers=("同意", "不同意", "弃权"), minimum=1, maximum=1
)
TWO_TO_THREE = HomomorphicQuestion(
    question="选举委员", answers=("甲", "乙", "丙", "丁"), minimum=2, maximum=3
)
WITH_BLANK = HomomorphicQuestion(
    question="可空白", answers=("甲", "乙", "丙"), minimum=1, maximum=2, blank=True
)
NAMES = NonHomomorphicQuestion(
    question="推荐",
    answers=tuple(str(n) for n in range(1, 31)),
    extra={"method": "piaojue-roster/1", "max": 15, "roster": ["张三", "李四"]},
)
PLAINTEXT = (0, 1, 0, 2, *[0] * 26)


def make(*questions, group=ED25519, uuid=UUID, secret_key=5):
    key = group.multiply_generator(secret_key)
    data = make_election(
        uuid=uuid, name="会议", description="", public_key=key, questions=questions, group=group
    )
    return decode_election(data, groups={group.name: group})


def seed(number=0):
    return hashlib.sha256(b"test seed %d" % number).digest()


def scalar(number=0, group=ED25519):
    return repeatable(number, group)()


def seal(election, choices, *, voter=1, number=0):
    return seal_ballot(
        election,
        scalar(voter, election.group),
        choices,
        seed=seed(number),
        signature_nonce=scalar(1000 + number, election.group),
    )


def resigned(election, ballot, voter=1):
    """Write a changed ballot with a right hash and signature: only its proofs can be wrong."""
    unsigned = {name: value for name, value in ballot.items() if name != "signature"}
    hashed = b64_fingerprint(codec.encode(unsigned))
    proof = sign_ballot(election.group, scalar(voter, election.group), hashed, scalar(999))
    return codec.encode({**unsigned, "signature": {"hash": hashed, "proof": proof_json(proof)}})


def parsed(sealed):
    return json.loads(sealed.data)
