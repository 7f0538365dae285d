"""``election.json``: what is asked, under which key. Belenios version 1 (docs/spec/ballot.md).

The bytes are the message: phi, the election's fingerprint, is the SHA-256 of exactly these
bytes and stands in every proof, so that it binds group, key, uuid and questions. ``raw`` keeps
them; nothing here ever writes an election a second time.

Stricter than the tools of Belenios, which take unknown fields and any white space: an election
has the fields below and no other, in canonical form. *Lists* questions are refused by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from voting.crypto.group import ED25519, GROUPS
from voting.crypto.hashing import b64_fingerprint, sha256_hex
from voting.errors import FormatError, UnsupportedError
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voting.crypto.group import Element, Group

MAX_ELECTION_BYTES: Final = 4 * 2**20
MAX_QUESTIONS: Final = 256
MAX_ANSWERS: Final = 256
MAX_NUMBERS: Final = 30  # what one element of Ed25519 holds

_PLACE = "election"


@dataclass(frozen=True, slots=True, kw_only=True)
class HomomorphicQuestion:
    """Each answer is chosen (1) or not (0); ``minimum`` to ``maximum`` answers are chosen.

    With ``blank`` a ballot may instead choose the blank vote, which is then its first choice
    (before the answers) and excludes all others. Ballots are added up unopened.
    """

    question: str
    answers: tuple[str, ...]
    minimum: int
    maximum: int
    blank: bool = False

    @property
    def size(self) -> int:
        """The number of choices, hence of ciphertexts, in a ballot."""
        return len(self.answers) + self.blank


@dataclass(frozen=True, slots=True, kw_only=True)
class NonHomomorphicQuestion:
    """One plaintext of ``len(answers)`` numbers 0..255; ballots are shuffled, then opened.

    ``extra`` names the counting method and is not enforced by any proof.
    """

    question: str
    answers: tuple[str, ...]
    extra: Mapping[str, object] | None = field(default=None, hash=False)

    @property
    def size(self) -> int:
        """The number of numbers in a plaintext."""
        return len(self.answers)


Question = HomomorphicQuestion | NonHomomorphicQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Election:
    """A decoded election; ``raw`` are the bytes that were hashed and must be passed on."""

    raw: bytes = field(repr=False)
    uuid: str
    name: str
    description: str
    group: Group
    public_key: Element
    questions: tuple[Question, ...]
    administrator: str | None = None
    credential_authority: str | None = None
    language: tuple[str, str] | None = None

    @property
    def fingerprint(self) -> str:
        """phi: SHA-256 of the bytes in Base64, 43 characters."""
        return b64_fingerprint(self.raw)

    @property
    def digest(self) -> str:
        """The same hash as 64 hexadecimal digits."""
        return sha256_hex(self.raw)


def decode_election(data: bytes, *, groups: Mapping[str, Group] = GROUPS) -> Election:
    """Read ``election.json``.

    Raises:
        FormatError: not canonical, an unknown field, a value out of bounds, a public key that
            is the identity or not in the group, a version other than 1.
        UnsupportedError: a group that is not in ``groups``, or a Lists question.
    """
    (
        version,
        description,
        name,
        group_name,
        key,
        questions,
        uuid,
        administrator,
        authority,
        language,
    ) = codec.fields(
        codec.decode_exact(data, _PLACE, max_bytes=MAX_ELECTION_BYTES),
        _PLACE,
        "version",
        "description",
        "name",
        "group",
        "public_key",
        "questions",
        "uuid",
        "administrator?",
        "credential_authority?",
        "language?",
    )
    if version != 1 or version is True:
        raise FormatError(f"{_PLACE}.version", "not version 1")
    group = groups.get(codec.text(group_name, f"{_PLACE}.group"))
    if group is None:
        raise UnsupportedError(kind=f"group {group_name}")
    public_key = group.decode(key, f"{_PLACE}.public_key")
    if public_key == group.identity:
        raise FormatError(f"{_PLACE}.public_key", "the identity")
    listed = codec.array(questions, f"{_PLACE}.questions", low=1, high=MAX_QUESTIONS)
    return Election(
        raw=data,
        uuid=codec.uuid(uuid, f"{_PLACE}.uuid"),
        name=codec.text(name, f"{_PLACE}.name"),
        description=codec.text(description, f"{_PLACE}.description"),
        group=group,
        public_key=public_key,
        questions=tuple(
            _question(question, f"{_PLACE}.questions[{i}]") for i, question in enumerate(listed)
        ),
        administrator=_optional_text(administrator, f"{_PLACE}.administrator"),
        credential_authority=_optional_text(authority, f"{_PLACE}.credential_authority"),
        language=_language(language),
    )


def make_election(
    *,
    uuid: str,
    name: str,
    description: str,
    public_key: Element,
    questions: Sequence[Question],
    group: Group = ED25519,
    administrator: str | None = None,
    credential_authority: str | None = None,
) -> bytes:
    """Write ``election.json``; a pure function of its arguments.

    Raises FormatError when the values are not those of an election that can be read back.
    """
    value: dict[str, object] = {
        "version": 1,
        "description": description,
        "name": name,
        "group": group.name,
        "public_key": public_key.text,
        "questions": [_question_json(question) for question in questions],
        "uuid": uuid,
    }
    if administrator is not None:
        value["administrator"] = administrator
    if credential_authority is not None:
        value["credential_authority"] = credential_authority
    data = codec.encode(value)
    decode_election(data, groups={group.name: group})
    return data


def _question(value: object, place: str) -> Question:
    if not isinstance(value, dict) or "type" not in value:
        return _homomorphic(value, place)
    kind = codec.text(value["type"], f"{place}.type", max_length=100)
    if kind != "NonHomomorphic":
        raise UnsupportedError(kind=kind)
    _, inner, extra = codec.fields(value, place, "type", "value", "extra?")
    answers, question = codec.fields(inner, f"{place}.value", "answers", "question")
    if extra is not None and not isinstance(extra, dict):
        raise FormatError(f"{place}.extra", "not an object")
    return NonHomomorphicQuestion(
        question=codec.text(question, f"{place}.value.question"),
        answers=_answers(answers, f"{place}.value.answers", MAX_NUMBERS),
        extra=extra,
    )


def _homomorphic(value: object, place: str) -> HomomorphicQuestion:
    answers, blank, minimum, maximum, question = codec.fields(
        value, place, "answers", "blank?", "min", "max", "question"
    )
    names = _answers(answers, f"{place}.answers", MAX_ANSWERS)
    low = codec.integer(minimum, f"{place}.min", high=len(names))
    return HomomorphicQuestion(
        question=codec.text(question, f"{place}.question"),
        answers=names,
        minimum=low,
        maximum=codec.integer(maximum, f"{place}.max", low=max(low, 1), high=len(names)),
        blank=blank is not None and codec.boolean(blank, f"{place}.blank"),
    )


def _answers(value: object, place: str, most: int) -> tuple[str, ...]:
    names = codec.array(value, place, low=1, high=most)
    return tuple(codec.text(name, f"{place}[{i}]") for i, name in enumerate(names))


def _optional_text(value: object, place: str) -> str | None:
    return None if value is None else codec.text(value, place)


def _language(value: object) -> tuple[str, str] | None:
    if value is None:
        return None
    place = f"{_PLACE}.language"
    code, direction = codec.array(value, place, size=2)
    if direction not in ("ltr", "rtl"):
        raise FormatError(f"{place}[1]", "neither ltr nor rtl")
    return codec.text(code, f"{place}[0]", max_length=35), str(direction)


def _question_json(question: Question) -> dict[str, object]:
    if isinstance(question, NonHomomorphicQuestion):
        inner = {"answers": list(question.answers), "question": question.question}
        value: dict[str, object] = {"type": "NonHomomorphic", "value": inner}
        if question.extra is not None:
            value["extra"] = dict(question.extra)
        return value
    return {
        "answers": list(question.answers),
        **({"blank": True} if question.blank else {}),
        "min": question.minimum,
        "max": question.maximum,
        "question": question.question,
    }
