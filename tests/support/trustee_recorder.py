"""A plugin for pytest: writes down what tests ask of a trustee's device, and what it answered.

``pytest -p tests.support.trustee_recorder``, the file in ``PIAOJUE_ASKED``. As ``fold_recorder``:
what was demanded of one program can so be demanded of another (``test_js_fold``).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tally import mixing, rehearsal, release, trustee
from tally.memory import TrusteeSecrets, encode_keys
from voting.crypto.hashing import sha256_hex
from voting.errors import PiaojueError
from voting.protocol.tally import encode_tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from tally.memory import TrusteeMemory
    from tally.mixing import Mixed
    from tally.trustee import SealedBox

_texts: dict[str, str] = {}
_cases: dict[str, dict[str, Any]] = {}
_SHUFFLED = b'{"type":"NonHomomorphic"'
"""In an election that no meeting has here (``tests.support.shuffled``): nobody could rebuild it."""
_NOBODY = TrusteeSecrets(1, "1" * 22, bytes(32), bytes(32))


def pytest_configure() -> None:
    _wrap(trustee, "acknowledge", _of_acknowledge)
    _wrap(trustee, "check_sealed", _of_check)
    for name in ("follow", "add_shuffle", "agree_to_chain"):
        _wrap(mixing, name, _of_mixing)
    _wrap(release, "sign_checkpoint", _of_sign)
    _wrap(release, "release_factors", _of_release)
    _wrap(release, "sign_destroy", _of_destroy)
    _wrap(rehearsal, "answer_rehearsal", _of_answer)


def pytest_sessionfinish() -> None:
    made = {"texts": _texts, "cases": list(_cases.values())}
    Path(os.environ["PIAOJUE_ASKED"]).write_text(json.dumps(made))


def _wrap(module: Any, name: str, describe: Callable[..., dict[str, Any] | None]) -> None:
    inner = getattr(module, name)

    def recorded(*args: Any, **named: Any) -> Any:
        asked = describe(*args, **named)
        try:
            answer = inner(*args, **named)
        except PiaojueError as e:
            _note(name, asked, e.code, None)
            raise
        _note(name, asked, None, answer)
        return answer

    setattr(module, name, recorded)


def _note(name: str, asked: dict[str, Any] | None, code: str | None, answer: Any) -> None:
    if asked is None:
        return
    said = answer[1] if isinstance(answer, tuple) and isinstance(answer[1], str) else None
    case = {"step": name, **asked, "code": code, "said": said}
    # What a device remembers changes nothing in a shuffle that it takes: one case for each.
    same = {**case, "keys": ""} if name == "follow" and code is None else case
    _cases.setdefault(sha256_hex(json.dumps(same, sort_keys=True)), case)


def _kept(data: bytes | str) -> str:
    """Keep a text once, by its digest: bytes as latin-1, which every byte has a letter of."""
    text = data.decode("latin-1") if isinstance(data, bytes) else data
    digest = sha256_hex(text)
    _texts.setdefault(digest, text)
    return digest


def _keys(memory: TrusteeMemory, secrets: TrusteeSecrets) -> str:
    return _kept(encode_keys(secrets, memory))


def _of_acknowledge(
    memory: TrusteeMemory, secrets: TrusteeSecrets, **given: Any
) -> dict[str, Any] | None:
    if _SHUFFLED in given["election"]:
        return None
    body = dict(given.pop("binding_body"))
    files = {name: _kept(data) for name, data in given.items()}
    return {"keys": _keys(memory, secrets), "body": {**body, "acks": []}, **files}


def _of_check(memory: TrusteeMemory, *, slot: str, **given: Any) -> dict[str, Any] | None:
    if _SHUFFLED in given["archive"]:
        return None
    files = {name: _kept(given[name]) for name in ("meeting", "ledger", "archive")}
    return {"keys": _public(memory), "slot": slot, **files}


def _of_sign(
    memory: TrusteeMemory, secrets: TrusteeSecrets, box: SealedBox, *, compared: bool = False
) -> dict[str, Any]:
    return {"keys": _keys(memory, secrets), "box": _box(box), "compared": compared}


def _of_release(
    memory: TrusteeMemory,
    secrets: TrusteeSecrets,
    box: SealedBox,
    note: bytes,
    *,
    mixed: Mixed | None = None,
    shuffles: bytes | None = None,
    compared: bool = False,
    rand: object = None,
) -> dict[str, Any]:
    asked = _of_sign(memory, secrets, box, compared=compared)
    asked |= {"note": _kept(note), "drawn": rand is not None}
    if mixed is not None and shuffles is not None:
        asked |= {"mixed": _mixed(mixed), "shuffles": _kept(shuffles)}
    return asked


def _of_mixing(
    memory: TrusteeMemory, *args: Any, compared: bool = False, rand: object = None
) -> dict[str, Any]:
    """What ``follow``, ``add_shuffle`` and ``agree_to_chain`` are asked, in their order."""
    secrets = args[0] if isinstance(args[0], TrusteeSecrets) else _NOBODY
    box, *rest = args[1:] if secrets is not _NOBODY else args
    asked = {"keys": _keys(memory, secrets), "box": _box(box), "compared": compared}
    asked["drawn"] = rand is not None
    for one in rest:
        if isinstance(one, bytes):
            asked["note"] = _kept(one)
        elif isinstance(one, mixing.Mixed):
            asked["mixed"] = _mixed(one)
        else:
            asked["given"] = {"owner": one.owner, "body": _kept(one.body), "line": one.line}
    return asked


def _mixed(mixed: Mixed) -> dict[str, Any]:
    chain, tally = _kept(mixed.chain.text.encode()), _kept(encode_tally(mixed.ciphertexts))
    return {"chain": chain, "tally": tally}


def _of_destroy(memory: TrusteeMemory, secrets: TrusteeSecrets, **given: bytes) -> dict[str, Any]:
    files = {name: _kept(data) for name, data in given.items()}
    return {"keys": _keys(memory, secrets), **files}


def _of_answer(memory: TrusteeMemory, secrets: TrusteeSecrets, data: bytes) -> dict[str, Any]:
    return {"keys": _keys(memory, secrets), "rehearsal": _kept(data)}


def _public(memory: TrusteeMemory) -> str:
    """Keys with secrets of no meaning: the step that is asked for needs none."""
    return _keys(memory, _NOBODY)


def _box(box: SealedBox) -> dict[str, Any]:
    compared = box.compared
    return {
        "slot": box.slot,
        "election": _kept(box.election.raw),
        "tally": _kept(encode_tally(box.ciphertexts)),
        "checkpoint": _kept(box.checkpoint.text.encode()),
        "active": box.active,
        "compared": None
        if compared is None
        else {"checkpoint": compared.checkpoint, "missing": list(compared.missing)},
        "known": box.known,
    }
