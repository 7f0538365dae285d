"""Every crypto vector holds, and the generator still writes these very files."""

import json
from pathlib import Path

import pytest

from tests.support.crypto_vectors import outcome
from tests.vectors.generate_crypto import FILES, build

DATA = Path(__file__).parent / "data"


def vectors():
    for name in FILES:
        for vector in json.loads((DATA / f"{name}.json").read_text("utf-8"))["tests"]:
            label = f"{name}-{vector['id']}-{vector['op']}: {vector['comment']}"
            yield pytest.param(vector, id=label)


@pytest.mark.parametrize("vector", list(vectors()))
def test_vector(vector):
    assert outcome(vector) == {"output": vector["output"], "error": vector["error"]}


@pytest.mark.parametrize("name", FILES)
def test_the_generator_writes_the_same_bytes(name):
    assert build(name) == (DATA / f"{name}.json").read_text("utf-8")
