// The 32 symbols of printed tokens, and two check symbols over GF(32) (docs/spec/ticket.md).
//
// With s_i the symbols as elements of GF(32) = GF(2)[x]/(x^5 + x^2 + 1) and a = x, the last two
// are chosen so that sum s_i = 0 and sum a^i·s_i = 0. That catches every change of one or of two
// symbols; the proof is in voting/protocol/symbols.py, which this mirrors.

import { ALPHABET } from "../crypto/hashing.js";

export const MAX_SYMBOLS = 31;

const POWERS = [1];
while (POWERS.length < MAX_SYMBOLS) POWERS.push(times(POWERS[POWERS.length - 1], 2));

/**
 * The two symbols to print after `symbols` (at most 29).
 * @param {string} symbols
 * @returns {string}
 */
export function checkSymbols(symbols) {
  const n = symbols.length;
  const [plain, weighted] = sums(symbols);
  // s + t = plain and a^n s + a^(n+1) t = weighted; put s = plain + t into the second.
  const t = times(weighted ^ times(POWERS[n], plain), inverse(POWERS[n] ^ POWERS[n + 1]));
  return ALPHABET[plain ^ t] + ALPHABET[t];
}

/**
 * Whether the last two of these symbols are the right check symbols.
 * @param {string} symbols
 * @returns {boolean}
 */
export function fits(symbols) {
  return sums(symbols).every((sum) => sum === 0);
}

function sums(symbols) {
  let plain = 0;
  let weighted = 0;
  [...symbols].forEach((symbol, i) => {
    const value = ALPHABET.indexOf(symbol);
    plain ^= value;
    weighted ^= times(POWERS[i], value);
  });
  return [plain, weighted];
}

function times(a, b) {
  let product = 0;
  for (let i = 0, power = a; i < 5; i++) {
    if ((b >> i) & 1) product ^= power;
    power <<= 1;
    if (power & 32) power ^= 0b100101;
  }
  return product;
}

/** a^30, since a^31 = 1. */
function inverse(a) {
  let result = 1;
  for (let i = 0; i < 30; i++) result = times(result, a);
  return result;
}
