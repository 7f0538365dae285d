// Are all these curve points members of the prime-order subgroup? Tested together.
//
// One test of one point P is [q]P = O: half a millisecond in a desktop browser, and a box of 500
// ballots holds 30,000 points. Here random *sums* are tested instead. In one round every point is
// taken with a fair coin's probability and [q] of the sum must be O. Write P = Q + T with Q in the
// subgroup and T in the torsion, of order 1, 2, 4 or 8. [q] kills Q and, q being odd, is one to
// one on torsion; so the round passes if and only if the taken T sum to O. If some T is not O,
// then whatever was decided on the other points, at most one of *take it* and *leave it* passes:
// a round misses a non-member with probability at most 1/2, and ROUNDS independent rounds miss it
// with 2^-ROUNDS. The coins must be unknown to whoever chose the points, so they are drawn now.
//
// No shortcut by the cofactor is sound: multiplying an equation by 8 hides torsion, it does not
// find it (docs/adr/0100-browser-crypto.md).
//
// Eight rounds share their additions: a byte of coins for a point names one of 256 buckets, and
// round j's sum is that of the buckets whose number has bit j.

import { ORIGIN, add, addend, fromPoint, toPoint } from "./edwards.js";

const ROUNDS = 128;
const ROUNDS_AT_ONCE = 8;
const WORTH_IT = 512; // below it the buckets cost more than the tests one by one

/**
 * @param {InstanceType<typeof import("@noble/curves/ed25519.js").ed25519.Point>[]} points on the
 *   curve, of any order
 * @param {(n: number) => Uint8Array} rand uniform bytes, unpredictable to the points' author
 * @returns {boolean} false is certain; true is wrong with a probability of at most 2^-128
 */
export function allMembers(points, rand) {
  if (points.length < WORTH_IT) return points.every((point) => point.isTorsionFree());
  const addends = points.map((point) => addend(fromPoint(point)));
  for (let round = 0; round < ROUNDS; round += ROUNDS_AT_ONCE) {
    if (!eightRounds(addends, rand(points.length))) return false;
  }
  return true;
}

function eightRounds(addends, coins) {
  let sums = new Array(256).fill(ORIGIN);
  addends.forEach((one, i) => {
    sums[coins[i]] = add(sums[coins[i]], one);
  });
  // The upper half of the buckets is a round's sum; fold it onto the lower half and go on.
  for (let half = 128; half >= 1; half /= 2) {
    const upper = sums.slice(half).map(addend);
    if (!toPoint(upper.reduce((sum, bucket) => add(sum, bucket), ORIGIN)).isTorsionFree()) {
      return false;
    }
    sums = sums.slice(0, half).map((bucket, i) => add(bucket, upper[i]));
  }
  return true;
}
