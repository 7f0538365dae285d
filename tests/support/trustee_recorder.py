"""A plugin for pytest: writes down what tests ask of a trustee's device, and what it answered.

``pytest -p tests.support.trustee_recorder``, the file in ``PIAOJUE_ASKED``. As ``fold_recorder``:
what was demanded of one program can so be demanded of another (``test_js_fold``).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tally import rehearsal, release, trustee
from tally.memory import TrusteeSecrets, encode_keys
from voting.crypto.hashing import sha256_hex
from voting.errors import PiaojueError
from voting.protocol.tally import encode_tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from tally.memory import TrusteeMemory
    from tally.trustee import SealedBox

_texts: dict[str, str] = {}
_cases: dict[str, dict[str, Any]] = {}
_NOBODY = TrusteeSecrets(1, "1" * 22, bytes(32), bytes(32))


def pytest_configure() -> None:
    _wrap(trustee, "acknowledge", _of_acknowledge)
    _wrap(trustee, "check_sealed", _of_check)
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
    _cases.setdefault(sha256_hex(json.dumps(case, sort_keys=True)), case)


def _kept(data: bytes | str) -> str:
    """Keep a text once, by its digest: bytes as latin-1, which every byte has a letter of."""
    text = data.decode("latin-1") if isinstance(data, bytes) else data
    digest = sha256_hex(text)
    _texts.setdefault(digest, text)
    return digest


def _keys(memory: TrusteeMemory, secrets: TrusteeSecrets) -> str:
    return _kept(encode_keys(secrets, memory))


def _of_acknowledge(memory: TrusteeMemory, secrets: TrusteeSecrets, **given: Any) -> dict[str, Any]:
    body = dict(given.pop("binding_body"))
    files = {name: _kept(data) for name, data in given.items()}
    return {"keys": _keys(memory, secrets), "body": {**body, "acks": []}, **files}


def _of_check(memory: TrusteeMemory, *, slot: str, **given: Any) -> dict[str, Any]:
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
    compared: bool = False,
    rand: object = None,
) -> dict[str, Any]:
    asked = _of_sign(memory, secrets, box, compared=compared)
    return {**asked, "note": _kept(note), "drawn": rand is not None}


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
