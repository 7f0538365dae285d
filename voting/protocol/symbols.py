"""The 32 symbols of printed tokens, and two check symbols over GF(32) (docs/spec/ticket.md).

Read n <= 31 symbols as elements s_0 .. s_(n-1) of GF(32) (x^5 + x^2 + 1, bit i of a symbol's
value being the coefficient of x^i) and let a = x. The last two are chosen so that

    sum s_i = 0    and    sum a^i * s_i = 0.

*This catches every change of one or of two symbols*, so every substitution and every exchange
of two symbols, adjacent or not. Proof: let symbols i and j change by d and e (e = 0 if only one
does). If both sums still hold, d + e = 0 and a^i d + a^j e = 0, hence (a^i - a^j) d = 0. The
order of a divides 31, a prime, and a is not 1, so a^i = a^j for 0 <= i, j <= 30 only if i = j;
therefore d = 0 and e = 0: nothing changed. An exchange of s_i and s_j changes both by their
difference. Of random faults in more symbols one in 1024 goes unseen.
"""

from __future__ import annotations

from typing import Final

from voting.crypto.hashing import ALPHABET

MAX_SYMBOLS: Final = 31


def check_symbols(symbols: str) -> str:
    """Return the two symbols to print after ``symbols`` (at most 29)."""
    n = len(symbols)
    plain, weighted = _sums(symbols)
    # s + t = plain and a^n s + a^(n+1) t = weighted; put s = plain + t into the second.
    t = _times(weighted ^ _times(_POWERS[n], plain), _inverse(_POWERS[n] ^ _POWERS[n + 1]))
    return ALPHABET[plain ^ t] + ALPHABET[t]


def fits(symbols: str) -> bool:
    """Tell whether the last two of these symbols are the right check symbols."""
    return _sums(symbols) == (0, 0)


def _sums(symbols: str) -> tuple[int, int]:
    plain = weighted = 0
    for symbol, power in zip(symbols, _POWERS, strict=False):
        value = ALPHABET.index(symbol)
        plain ^= value
        weighted ^= _times(power, value)
    return plain, weighted


def _times(a: int, b: int) -> int:
    """Multiply in GF(2)[x] / (x^5 + x^2 + 1)."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 32:
            a ^= 0b100101
        b >>= 1
    return product


def _powers() -> list[int]:
    powers = [1]
    while len(powers) < MAX_SYMBOLS:
        powers.append(_times(powers[-1], 2))
    return powers


_POWERS: Final = _powers()


def _inverse(a: int) -> int:
    """Return a^30, since a^31 = 1."""
    result = 1
    for _ in range(30):
        result = _times(result, a)
    return result
