"""Archives that belenios-tool 3.0 makes pass our verifier: keys, ballots, shuffles and all."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tally.verify.archive import verify_archive
from tests.interop.tool import belenios_oracle, tool
from voting.errors import VerificationError

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = {
    "description": "",
    "name": "会议",
    "questions": [
        {"answers": ["甲", "乙"], "blank": True, "min": 1, "max": 1, "question": "可空白"},
        {"answers": ["同意", "不同意", "弃权"], "min": 1, "max": 1, "question": "第1项"},
        {"type": "NonHomomorphic", "value": {"answers": ["1", "2", "3"], "question": "名单"}},
    ],
}
CHOICES = [
    [[1, 0, 0], [1, 0, 0], [1, 2, 3]],
    [[0, 1, 0], [1, 0, 0], [3, 2, 1]],
    [[0, 0, 1], [0, 0, 1], [0, 0, 0]],
]


@dataclass
class Tool:
    """belenios-tool in one folder."""

    folder: Path

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        done = subprocess.run(
            [str(tool("3.0")), *arguments],
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            check=False,
            env={**os.environ, "BELENIOS_USE_URANDOM": "1"},
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def read(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def write(self, name: str, data: bytes) -> None:
        (self.folder / name).write_bytes(data)

    def made(self, before: set[Path], suffix: str) -> str:
        """Return the name, without suffix, of the file that a command made."""
        (path,) = {p for p in self.folder.glob(f"*.{suffix}") if p not in before}
        return path.stem

    def add(self, kind: str, body: bytes = b"") -> None:
        self.run("archive", "add-event", "--type", kind, stdin=body)


def single_key(tool: Tool) -> str:
    """Make one trustee's key; return its name."""
    before = set(tool.folder.glob("*.pubkey"))
    tool.run("setup", "generate-trustee-key", "--group", "Ed25519")
    name = tool.made(before, "pubkey")
    tool.write("public_keys.jsons", tool.read(f"{name}.pubkey"))
    return name


def threshold_keys(tool: Tool) -> list[str]:
    """Play the six steps of the tool's own ceremony, two of three; return the keys' names."""

    def step(number: int, *arguments: str, stdin: bytes = b"") -> bytes:
        command = ("setup", "generate-trustee-key-threshold", "--group", "Ed25519")
        return tool.run(*command, "--step", str(number), *arguments, stdin=stdin)

    names = []
    for i in (1, 2, 3):
        before = set(tool.folder.glob("*.cert"))
        step(1, "--threshold-context", f"{i}/2/3")
        names.append(tool.made(before, "cert"))
    tool.write("certs", b"".join(tool.read(f"{name}.cert") for name in names))
    certs = ("--certs", "certs")
    step(2, *certs)
    polynomials = [step(3, *certs, "--key", f"{name}.key") for name in names]
    tool.write("polynomials", b"".join(polynomials))
    step(4, *certs, "--polynomials", "polynomials")
    outputs = [
        step(5, *certs, "--key", f"{name}.key", stdin=tool.read(f"{name}.vinput")) for name in names
    ]
    made = step(6, *certs, "--polynomials", "polynomials", stdin=b"".join(outputs))
    tool.write("threshold.json", made)
    return names


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    """One election: a single trustee and two of three others; its archive after each event."""
    made = Tool(tmp_path_factory.mktemp("their"))
    uuid = made.run("setup", "generate-token", "--length", "14").decode().strip()
    same = ("--uuid", uuid, "--group", "Ed25519")
    made.run("setup", "generate-credentials", *same, "--count", "3")
    private = json.loads(made.read(f"{made.made(set(), 'privcreds')}.privcreds"))
    made.write("public_creds.json", made.read(f"{made.made(set(), 'pubcreds')}.pubcreds"))
    single, threshold = single_key(made), threshold_keys(made)
    made.write("template.json", json.dumps(TEMPLATE).encode())
    made.run("setup", "make-trustees")
    made.run("setup", "make-election", *same, "--template", "template.json")
    made.run("archive", "init")
    stages = {}

    def keep(stage: str) -> None:
        stages[stage] = made.read(f"{uuid}.bel")

    for credential, choices in zip(private.values(), CHOICES, strict=True):
        made.write("credential", credential.encode())
        made.write("choice", json.dumps(choices).encode())
        given = ("--dir", ".", "--privcred", "credential", "--choice", "choice")
        made.add("Ballot", made.run("election", "generate-ballot", *given))
    keep("open")
    made.add("EndBallots")
    keep("closed")
    made.add("EncryptedTally", made.run("election", "compute-encrypted-tally"))
    for owner in "12":
        made.add("Shuffle", made.run("election", "shuffle", "--trustee-id", owner))
    made.add("EndShuffles")
    keep("tallied")
    command = ("election", "decrypt", "--privkey", f"{single}.privkey", "--trustee-id", "1")
    made.add("PartialDecryption", made.run(*command))
    for owner, name in ((2, threshold[0]), (4, threshold[2])):
        keys = ("--key", f"{name}.key", "--decryption-key", f"{name}.dkey")
        command = ("election", "decrypt-threshold", *keys, "--trustee-id", str(owner))
        made.add("PartialDecryption", made.run(*command))
    keep("decrypting")
    made.add("Result", made.run("election", "compute-result"))
    keep("result")
    return uuid, stages


@pytest.mark.parametrize("stage", ["open", "closed", "tallied", "decrypting", "result"])
def test_the_tools_archive_passes_our_verifier_at_every_stage(archives, stage):
    report = verify_archive(archives[1][stage], workers=1)

    report.require_valid()
    assert (report.stage, report.ballots) == (stage, 3)


def test_the_oracle_says_the_same(archives, tmp_path):
    uuid, stages = archives
    path = tmp_path / f"{uuid}.bel"
    path.write_bytes(stages["result"])

    belenios_oracle(path)


def test_one_changed_digit_in_it_is_refused(archives):
    data = bytearray(archives[1]["result"])
    data[data.index(b'"individual_proofs"') + 50] ^= 1

    with pytest.raises(VerificationError):
        verify_archive(bytes(data), workers=1).require_valid()
