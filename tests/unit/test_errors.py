"""voting.errors: codes, parameters, and the way across a process boundary."""

import pickle

import pytest

from voting import errors


@pytest.mark.parametrize(
    "error",
    [
        errors.FormatError("ballot.answers[0]", "not a list"),
        errors.DraftError("unknown-key", "items[2].nmae", key="nmae"),
        errors.RefusedError("round-not-open", slot="x"),
        errors.FaultyTrusteeError(2, slot="x"),
        errors.ProofError(),
    ],
    ids=lambda e: type(e).__name__,
)
def test_an_error_of_a_worker_process_arrives_whole(error):
    """A ballot is verified in another process; the voter must still hear what was wrong."""
    again = pickle.loads(pickle.dumps(error))

    assert type(again) is type(error)
    assert (again.code, again.params, str(again)) == (error.code, error.params, str(error))
