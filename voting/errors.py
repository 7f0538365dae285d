"""Every error that is raised on purpose.

    PiaojueError
    ├── InputError               the caller can mend what was given; nothing was changed
    │   ├── FormatError          bytes that are not a well-formed, canonical message
    │   ├── UnsupportedError     well formed, of a kind that this system refuses by name
    │   └── DraftError           a fault in a meeting draft, a roll, a rule file: names the place
    ├── RefusedError             well formed, but not allowed here or not now
    ├── ConflictError            somebody else was first: read the state again and retry
    ├── UnavailableError         a server or a device does not answer: wait and retry
    └── VerificationError        something that had to hold does not: a finding, never retried
        ├── ProofError           a zero-knowledge proof or a signature
        └── FaultyTrusteeError   and we can say whose

Callers catch by what they can do about it. Each error has a stable ``code`` and ``params``;
the sentence for people is ``voting.words.explain(error, lang)``. No error ever carries a
secret, a choice, or a person's name together with either. Errors of libraries do not cross
a room's edge unwrapped.
"""

from __future__ import annotations


class PiaojueError(Exception):
    """Base of every error below. ``code`` is stable and safe to show, log and send."""

    code = "error"

    def __init__(self, code: str | None = None, /, **params: object) -> None:
        if code is not None:
            self.code = code
        self.params = params
        detail = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(f"{self.code}: {detail}" if detail else self.code)

    def __reduce__(self) -> tuple[object, ...]:
        return _restore, (type(self), self.code, self.params)


def _restore(kind: type[PiaojueError], code: str, params: dict[str, object]) -> PiaojueError:
    """Make an error again on the other side of a process boundary."""
    error = kind.__new__(kind)
    PiaojueError.__init__(error, code, **params)
    return error


class InputError(PiaojueError):
    """The input has to be mended by whoever gave it."""

    code = "bad-input"


class FormatError(InputError):
    """Bytes that are not a well-formed, canonical message of the expected type.

    Attributes:
        place: Where in the message, as ``ballot.answers[0].choices``.
        what: What is wrong there, in English, for the log and the developer.
    """

    code = "malformed"

    def __init__(self, place: str, what: str) -> None:
        super().__init__(None, place=place, what=what)

    @property
    def place(self) -> str:
        return str(self.params["place"])

    @property
    def what(self) -> str:
        return str(self.params["what"])


class UnsupportedError(InputError):
    """A well-formed message of a kind that is refused by name (``params['kind']``)."""

    code = "unsupported"


class DraftError(InputError):
    """A fault in something a person wrote: a meeting draft, a roll, a rule file.

    Attributes:
        place: File, table and key or row, as ``roll[3].name``.
    """

    code = "draft"

    def __init__(self, code: str, place: str, /, **params: object) -> None:
        super().__init__(code, place=place, **params)

    @property
    def place(self) -> str:
        return str(self.params["place"])


class RefusedError(PiaojueError):
    """The message is well formed, but it is not allowed here or not now."""

    code = "refused"


class ConflictError(PiaojueError):
    """The state moved since the caller read it; read again and retry."""

    code = "conflict"


class UnavailableError(PiaojueError):
    """A server or a device gave no answer; wait and retry."""

    code = "unavailable"


class VerificationError(PiaojueError):
    """Something that had to hold does not. A finding, never retried."""

    code = "invalid"


class ProofError(VerificationError):
    """A zero-knowledge proof or a signature does not verify."""

    code = "bad-proof"


class FaultyTrusteeError(VerificationError):
    """A trustee published a value whose proof fails.

    Attributes:
        trustee: 1-based index in the meeting's list of trustees.
    """

    code = "faulty-trustee"

    def __init__(self, trustee: int, /, **params: object) -> None:
        super().__init__(None, trustee=trustee, **params)

    @property
    def trustee(self) -> int:
        value = self.params["trustee"]
        assert isinstance(value, int)
        return value
