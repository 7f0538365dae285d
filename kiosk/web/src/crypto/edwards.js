// Point arithmetic without checks, for the loops that are run a hundred thousand times: Edwards'
// curve with a = -1 in extended coordinates (x, y, z, t), all of them BigInts mod p that may be
// negative until `toPoint`. Hisil, Wong, Carter, Dawson: "Twisted Edwards curves revisited" (2008),
// sections 3.1 and 3.3: complete formulas, which hold for every pair of points.
//
// noble's own points do the same behind range checks, in twice the time. Tests compare the two.

import { ed25519 } from "@noble/curves/ed25519.js";

const { Point } = ed25519;
export const P = Point.Fp.ORDER;
export const D2 = (2n * Point.CURVE().d) % P;

/** @typedef {{x: bigint, y: bigint, z: bigint, t: bigint}} Raw */
/** @typedef {{minus: bigint, plus: bigint, t2d: bigint, z2: bigint}} Addend */

/** The identity. */
export const ORIGIN = Object.freeze({ x: 0n, y: 1n, z: 1n, t: 0n });

/** @returns {Raw} */
export function fromPoint({ X, Y, Z, T }) {
  return { x: X, y: Y, z: Z, t: T };
}

/** @param {Raw} raw */
export function toPoint({ x, y, z, t }) {
  return new Point(positive(x), positive(y), positive(z), positive(t));
}

/** What is kept of a point that will be added: y - x, y + x, 2d·t, 2z. */
export function addend({ x, y, z, t }) {
  return { minus: y - x, plus: y + x, t2d: (t * D2) % P, z2: z + z };
}

/** Point plus addend, or minus it. */
export function add({ x, y, z, t }, { minus, plus, t2d, z2 }, negative = false) {
  const a = ((y - x) * (negative ? plus : minus)) % P;
  const b = ((y + x) * (negative ? minus : plus)) % P;
  const c = negative ? -((t * t2d) % P) : (t * t2d) % P;
  const d = z2 === 2n ? z + z : (z * z2) % P;
  const e = b - a;
  const f = d - c;
  const g = d + c;
  const h = b + a;
  return { x: (e * f) % P, y: (g * h) % P, z: (f * g) % P, t: (e * h) % P };
}

/**
 * Twice a point; `t` is left out where the next step is another doubling. All four coordinates
 * have the sign that saves a negation: it cancels in x/z, y/z and t/z.
 */
export function double({ x, y, z }, needT = true) {
  const a = (x * x) % P;
  const b = (y * y) % P;
  const c = (z * z) % P;
  const e = ((x + x) * y) % P;
  const g = b - a;
  const f = c + c - g;
  const h = a + b;
  return { x: (e * f) % P, y: (g * h) % P, z: (f * g) % P, t: needT ? (e * h) % P : 0n };
}

function positive(value) {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}
