"""An honest shuffle is proved; nobody can add, drop, swap or change a ciphertext in one."""

from collections import Counter
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.finite_field import BELENIOS_2048
from tests.support.scalars import repeatable
from voting.crypto import shuffle
from voting.crypto.elgamal import Ciphertext, encrypt
from voting.crypto.group import ED25519
from voting.errors import ProofError

SECRET = 31


def shuffled(permutation, group=ED25519, seed=0):
    key, draw = group.multiply_generator(SECRET), repeatable(seed, group)
    inputs = [encrypt(group, key, 10 + i, draw()) for i in range(len(permutation))]
    outputs, secret = shuffle.shuffle(group, key, inputs, permutation, draw)
    return key, inputs, outputs, shuffle.prove(group, key, "phi", inputs, outputs, secret, draw)


@given(permutation=st.integers(0, 5).flatmap(lambda n: st.permutations(range(n))))
@settings(max_examples=15, deadline=None)
def test_every_permutation_is_proved_and_only_permutes(permutation):
    key, inputs, outputs, proof = shuffled(permutation)

    shuffle.verify(ED25519, key, "phi", inputs, outputs, proof)

    opened = [e.beta - SECRET * e.alpha for e in outputs]
    assert opened == [(10 + i) * ED25519.generator for i in permutation]
    assert not {e.alpha for e in inputs} & {e.alpha for e in outputs}


def test_another_group_does_as_well():
    key, inputs, outputs, proof = shuffled([1, 0, 2], BELENIOS_2048)

    shuffle.verify(BELENIOS_2048, key, "phi", inputs, outputs, proof)
    with pytest.raises(ProofError):
        shuffle.verify(BELENIOS_2048, key, "phi", inputs, outputs[::-1], proof)


KEY, INPUTS, OUTPUTS, PROOF = shuffled([2, 0, 1])
FOREIGN = encrypt(ED25519, KEY, 1, 5)


@pytest.mark.parametrize(
    ("phi", "inputs", "outputs"),
    [
        pytest.param("psi", INPUTS, OUTPUTS, id="another election"),
        pytest.param("phi", INPUTS, (OUTPUTS[1], OUTPUTS[0], OUTPUTS[2]), id="outputs swapped"),
        pytest.param("phi", INPUTS[::-1], OUTPUTS, id="inputs swapped"),
        pytest.param("phi", INPUTS, (FOREIGN, *OUTPUTS[1:]), id="output replaced"),
        pytest.param("phi", [FOREIGN, *INPUTS[1:]], OUTPUTS, id="input replaced"),
        pytest.param("phi", INPUTS, (OUTPUTS[0], *OUTPUTS[:2]), id="output doubled"),
        pytest.param("phi", INPUTS, OUTPUTS[:2], id="output dropped"),
        pytest.param("phi", INPUTS[:2], OUTPUTS, id="input dropped"),
        pytest.param("phi", [], [], id="nothing at all"),
    ],
)
def test_a_proof_does_not_carry_over(phi, inputs, outputs):
    with pytest.raises(ProofError):
        shuffle.verify(ED25519, KEY, phi, inputs, outputs, PROOF)


@pytest.mark.parametrize("name", [field.name for field in fields(PROOF)])
def test_every_part_of_the_proof_counts(name):
    value = getattr(PROOF, name)
    change = {
        int: lambda: [value + 1, value + ED25519.order, -1],
        tuple: lambda: [(value[1], value[0], *value[2:]), value[:-1], ()],
    }.get(type(value), lambda: [value + ED25519.generator])

    for changed in change():
        broken = replace(PROOF, **{name: changed})
        with pytest.raises(ProofError):
            shuffle.verify(ED25519, KEY, "phi", INPUTS, OUTPUTS, broken)


ONE = ED25519.generator


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda a, b, c: (FOREIGN, b, c), id="replaced"),
        pytest.param(lambda a, b, c: (Ciphertext(a.alpha, a.beta + ONE), b, c), id="beta"),
        pytest.param(lambda a, b, c: (Ciphertext(a.alpha + ONE, a.beta), b, c), id="alpha"),
        pytest.param(lambda a, b, c: (a, a, c), id="doubled"),
        pytest.param(lambda a, b, c: (b, a, c), id="swapped behind the commitment"),
    ],
)
def test_a_prover_who_changed_a_ciphertext_convinces_nobody(change):
    draw = repeatable(8)
    outputs, secret = shuffle.shuffle(ED25519, KEY, INPUTS, [0, 1, 2], draw)
    outputs = change(*outputs)

    proof = shuffle.prove(ED25519, KEY, "phi", INPUTS, outputs, secret, draw)

    with pytest.raises(ProofError):
        shuffle.verify(ED25519, KEY, "phi", INPUTS, outputs, proof)


def test_a_list_that_is_no_permutation_is_not_shuffled():
    for bad in ([0, 0, 1], [0, 1], [0, 1, 3]):
        with pytest.raises(ValueError, match="permutation"):
            shuffle.shuffle(ED25519, KEY, INPUTS, bad, repeatable())


def test_random_permutations_favour_none():
    stream = repeatable(11)
    count = Counter(
        shuffle.random_permutation(3, lambda n: stream().to_bytes(32, "little")[:n])
        for _ in range(6000)
    )

    assert len(count) == 6
    assert all(900 < times < 1100 for times in count.values())  # 1000, sigma 29


def test_the_secret_of_a_shuffle_never_prints_itself():
    assert "777" not in repr(shuffle.ShuffleSecret((777,), (777,)))
