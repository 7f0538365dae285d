"""An act that must be refused, and must leave everything as it was."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from voting.errors import PiaojueError, RefusedError

if TYPE_CHECKING:
    from tests.support.meeting import Simulation


def refused(
    m: Simulation, kind: str, family: type[PiaojueError] = RefusedError, /, **body: Any
) -> PiaojueError:
    """Return the error; the act is signed as it should be, so that only the guard is at fault."""
    before, old = copy.deepcopy(m.state), m.state
    line = m.sign(m.propose(kind, **body))
    with pytest.raises(family) as caught:
        m.append(line)
    assert m.state is old
    assert m.state == before
    return caught.value
