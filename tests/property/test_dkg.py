"""Any t of n trustees open what the combined key sealed; fewer do not; a bad share is blamed."""

from itertools import combinations

import pytest

from tests.support.finite_field import BELENIOS_2048
from tests.support.scalars import repeatable
from voting.crypto import decryption, dkg
from voting.crypto.elgamal import encrypt
from voting.crypto.group import ED25519
from voting.errors import FaultyTrusteeError, VerificationError

both_groups = pytest.mark.parametrize("group", [ED25519, BELENIOS_2048], ids=lambda g: g.name)


def ceremony(group, threshold, size):
    draw = repeatable(threshold * 100 + size, group)
    polynomials = [dkg.draw_polynomial(group, threshold, draw) for _ in range(size)]
    commitments = [dkg.commit(group, polynomial) for polynomial in polynomials]
    for recipient in range(1, size + 1):
        for dealer in range(1, size + 1):
            dkg.check_share(
                group,
                threshold=threshold,
                dealer=dealer,
                commitments=commitments[dealer - 1],
                recipient=recipient,
                share=polynomials[dealer - 1].share(recipient),
            )
    keys = {
        j: dkg.combine_shares(group, (f.share(j) for f in polynomials)) for j in range(1, size + 1)
    }
    return commitments, keys


@both_groups
@pytest.mark.parametrize(("threshold", "size"), [(1, 1), (1, 2), (2, 3), (3, 3), (3, 5)])
def test_any_t_trustees_open_and_fewer_do_not(group, threshold, size):
    commitments, keys = ceremony(group, threshold, size)
    sealed = encrypt(group, dkg.combined_public_key(group, commitments), 42, 4711)
    factors = {j: key * sealed.alpha for j, key in keys.items()}

    for j, key in keys.items():
        assert dkg.verification_key(group, commitments, j) == group.multiply_generator(key)
    for chosen in combinations(keys, threshold):
        factor = decryption.combine_threshold(group, threshold, {j: factors[j] for j in chosen})
        opened = decryption.remove_factors(group, sealed, [factor])
        assert decryption.open_count(group, opened, 50) == 42
    for chosen in combinations(keys, threshold - 1):
        given = {j: factors[j] for j in chosen}
        with pytest.raises(VerificationError) as caught:
            decryption.combine_threshold(group, threshold, given)
        assert caught.value.code == "too-few-shares"
        if chosen:
            factor = decryption.combine_threshold(group, threshold - 1, given)
            opened = decryption.remove_factors(group, sealed, [factor])
            assert opened != group.multiply_generator(42)


def test_more_factors_than_needed_use_the_first_by_index():
    commitments, keys = ceremony(ED25519, 2, 3)
    sealed = encrypt(ED25519, dkg.combined_public_key(ED25519, commitments), 7, 5)
    factors = {3: ED25519.generator} | {j: keys[j] * sealed.alpha for j in (2, 1)}

    factor = decryption.combine_threshold(ED25519, 2, factors)

    assert decryption.remove_factors(ED25519, sealed, [factor]) == 7 * ED25519.generator


def share_of(polynomial, **change):
    honest = {
        "threshold": 2,
        "dealer": 3,
        "commitments": dkg.commit(ED25519, polynomial),
        "recipient": 1,
        "share": polynomial.share(1),
    }
    return honest | change


POLYNOMIAL = dkg.draw_polynomial(ED25519, 2, repeatable(9))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"share": POLYNOMIAL.share(2)}, id="share of another trustee"),
        pytest.param({"share": POLYNOMIAL.share(1) + 1}, id="off by one"),
        pytest.param({"share": 0}, id="zero"),
        pytest.param({"share": POLYNOMIAL.share(1) + ED25519.order}, id="not reduced"),
        pytest.param({"share": POLYNOMIAL.share(1) - ED25519.order}, id="negative"),
        pytest.param({"threshold": 3}, id="too few commitments"),
        pytest.param({"commitments": [ED25519.generator] * 2}, id="other commitments"),
    ],
)
def test_a_wrong_share_is_blamed_on_its_dealer(change):
    dkg.check_share(ED25519, **share_of(POLYNOMIAL))

    with pytest.raises(FaultyTrusteeError) as caught:
        dkg.check_share(ED25519, **share_of(POLYNOMIAL, **change))

    assert caught.value.trustee == 3


def test_keys_come_from_the_seed_by_two_labels():
    one, other = dkg.secrets_from_seed(ED25519, "a" * 22), dkg.secrets_from_seed(ED25519, "b" * 22)

    assert len({one.signing, one.decryption, other.signing, other.decryption}) == 4


def test_secrets_never_print_themselves():
    polynomial = dkg.Polynomial(ED25519.order, (987654321,))

    assert "987654321" not in repr(polynomial)
    assert "987654321" not in repr(dkg.TrusteeSecrets(987654321, 987654321))


def test_interpolation_refuses_what_it_cannot_mean():
    for indices in ([1, 1], [0, 1], [-1]):
        with pytest.raises(ValueError, match="distinct"):
            dkg.lagrange_at_zero(ED25519, indices)
    with pytest.raises(ValueError, match="at least one"):
        dkg.draw_polynomial(ED25519, 0, repeatable())
