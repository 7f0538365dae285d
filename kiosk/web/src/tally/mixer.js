// The work of a shuffle, for a Worker: bytes in, bytes out. The permutation is drawn here, is of no
// other message, and is gone with the call (tally/mixing.js says who asks, and when).

import { freshScalars } from "../crypto/hashing.js";
import {
  afterShuffle,
  decodeShuffle,
  encodeShuffle,
  makeShuffle,
  verifyShuffle,
} from "../protocol/shuffles.js";
import { decodeTally, encodeTally } from "../protocol/tally.js";
import { electionOf } from "./recount.js";

/** @typedef {{rand: (n: number) => Uint8Array, progress?: (done: number, total: number) => void}}
 *   Options */

/**
 * Shuffle and prove.
 * @param {Uint8Array} electionRaw
 * @param {Uint8Array} tally ciphertexts of all questions, as `encodeTally` writes them
 * @param {Options} options
 * @returns {Uint8Array} the shuffle as it stands in the archive
 */
export function shuffleTally(electionRaw, tally, { rand, progress }) {
  const election = electionOf(electionRaw);
  const ciphertexts = decodeTally(tally, election, { rand });
  const draw = freshScalars(rand, election.group);
  return encodeShuffle(makeShuffle(election, ciphertexts, rand, draw, progress));
}

/**
 * Verify a shuffle of these ciphertexts.
 * @param {Uint8Array} body
 * @param {Options} options
 * @returns {Uint8Array} what it makes of them, as `encodeTally` writes it
 * @throws {FormatError|ProofError}
 */
export function checkShuffle(electionRaw, tally, body, { rand, progress }) {
  const election = electionOf(electionRaw);
  const ciphertexts = decodeTally(tally, election, { rand });
  const shuffle = decodeShuffle(body, election, ciphertexts, rand);
  verifyShuffle(election, ciphertexts, shuffle, rand, progress);
  return encodeTally(afterShuffle(election, ciphertexts, shuffle));
}
