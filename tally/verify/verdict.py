"""The findings of a whole record, and the verdict on them.

A list of findings is not a yes: ``RecordReport.require_valid`` demands that every check which must
have run for the record, and for every slot in it, did run and passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voting.errors import VerificationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tally.verify.findings import Finding
    from tally.verify.remarks import Remark

WHOLE: Final = ("V1", "V2", "V3", "V4", "V5", "V17", "V18", "V19", "V20", "V21")
"""The checks of the record as a whole; V6 to V16 are made for each slot."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A finding, and the slot that it is about; empty for the record as a whole."""

    finding: Finding
    slot: str = ""


@dataclass(frozen=True, slots=True)
class RecordReport:
    """What the checks found. It is a verdict only through ``require_valid``.

    Attributes:
        needed: By slot (empty: the record as a whole), the checks that must pass.
        remarks: What a reader should know though nothing is wrong.
    """

    checked: tuple[Checked, ...]
    needed: Mapping[str, tuple[str, ...]]
    remarks: tuple[Remark, ...] = ()

    def require_valid(self) -> None:
        """Return if the record is valid; otherwise raise VerificationError ``not-valid``.

        Every needed check must have run and passed, for every slot, and none may have failed.
        """
        failed = [one.finding for one in self.checked if one.finding.status == "failed"]
        passed = {
            (one.slot, one.finding.check) for one in self.checked if one.finding.status == "passed"
        }
        missing = [
            check
            for slot, checks in self.needed.items()
            for check in checks
            if (slot, check) not in passed
        ]
        if failed or missing:
            wrong = dict.fromkeys([finding.check for finding in failed] or missing)
            cause = next((finding.error for finding in failed), None)
            raise VerificationError("not-valid", checks=list(wrong)) from cause
