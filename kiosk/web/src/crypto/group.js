// The prime-order subgroup of edwards25519 behind one narrow face, over @noble/curves.
//
// Text becomes an `Element` only through `decode` (or `decodeAll`), which proves that it is
// canonical and a member of the prime-order subgroup (the identity is one), so a function that is
// given an `Element` has nothing left to check. Arithmetic is total on members. Scalars are
// BigInts, read mod q. Mirrors voting/crypto/group.py; source: docs/spec/group.md.
//
// An element's text is the 32 bytes of RFC 8032 *reversed*, as 64 lower-case hex digits.
//
// BigInt arithmetic is **not constant time**; see docs/adr/0100-browser-crypto.md. `multiply`
// takes noble's path for secrets; `lincomb` and `checkAll` are for public values.

import { mulAddUnsafe, normalizeZ, pippenger } from "@noble/curves/abstract/curve.js";
import { ed25519 } from "@noble/curves/ed25519.js";

import { FormatError, ProofError } from "../errors.js";
import { bytesToHex, fromNumber, hexToBytes, toNumber } from "./bytes.js";
import { sha256Bytes } from "./hashing.js";
import { allMembers } from "./membership.js";
import { FixedBase, multiplyMany, sumOfProducts } from "./tables.js";

const { Point } = ed25519;
const Q = Point.Fn.ORDER;
const HEX64 = /^[0-9a-f]{64}$/;
const DECIMAL = /^(?:0|[1-9][0-9]*)$/;
const PADDING_BITS = 14n;
const MAX_NUMBERS = 30;
const MANY_TERMS = 24; // from here on buckets beat one table for each term
const NOT_A_MEMBER = "not a canonical element of the prime-order subgroup";

/** k mod q, never negative. */
function reduced(k) {
  const rest = k % Q;
  return rest < 0n ? rest + Q : rest;
}

/** A member of the group: immutable. Made only by `decode` and by arithmetic. */
export class Element {
  #text;
  #table = null;

  /**
   * @param {InstanceType<typeof Point>} point a member: for this module and its neighbours
   * @param {string | null} [text] its canonical text, where that is known
   */
  constructor(point, text = null) {
    this.point = point;
    this.#text = text;
  }

  /** The canonical text, as hashed and as written in JSON. */
  get text() {
    this.#text ??= bytesToHex(this.point.toBytes().reverse());
    return this.#text;
  }

  get isIdentity() {
    return this.point.is0();
  }

  /** @param {Element} other */
  equals(other) {
    return this.point.equals(other.point);
  }

  /** @param {Element} other */
  add(other) {
    return new Element(this.point.add(other.point));
  }

  /** @param {Element} other */
  subtract(other) {
    return new Element(this.point.subtract(other.point));
  }

  negate() {
    return new Element(this.point.negate());
  }

  /**
   * k·P. About half a millisecond in a desktop browser, a tenth of it with a table.
   * @param {bigint} k any number, read mod q
   */
  multiply(k) {
    const scalar = reduced(k);
    if (scalar === 0n || this.isIdentity) return ED25519.identity;
    return new Element(this.#table ? this.#table.multiply(scalar) : this.point.multiply(scalar));
  }

  /** Make a table of multiples, once, for an element that will be multiplied often. */
  prepare() {
    this.#table ??= new FixedBase(this.point);
    return this;
  }
}

/** @typedef {typeof ED25519} Group */

export const ED25519 = Object.freeze({
  name: "Ed25519",
  order: Q,
  generator: new Element(Point.BASE),
  identity: new Element(Point.ZERO),

  /**
   * Take an element out of a message.
   * @param {unknown} text
   * @param {string} [place]
   * @returns {Element} FormatError: not text, not canonical, or not in the subgroup
   */
  decode(text, place = "element") {
    const point = pointOf(text, place);
    if (!point.isTorsionFree()) throw new FormatError(place, NOT_A_MEMBER);
    return new Element(point, text);
  },

  /**
   * Decode many elements and prove membership of all of them together, afterwards: nothing that
   * the returned group decoded may be used before `allMembers` said yes.
   * @returns {{group: Group, allMembers: (rand: (n: number) => Uint8Array) => boolean}} a
   *   non-member passes with a probability of 2^-128 over `rand`, which must not be known to
   *   whoever wrote the texts (crypto/membership.js)
   */
  batch() {
    const points = [];
    const decode = (text, place = "element") => {
      const point = pointOf(text, place);
      points.push(point);
      return new Element(point, text);
    };
    const group = Object.freeze({ ...ED25519, decode });
    return { group, allMembers: (rand) => allMembers(points, rand) };
  },

  /**
   * Generator `i` (>= -1), of which nobody knows a discrete logarithm.
   * @param {number} i
   * @returns {Element}
   */
  deriveGenerator(i) {
    for (let y = toNumber(sha256Bytes(`ggen|${i}`)) >> 2n; ; y++) {
      const point = curvePoint(rawOf(y));
      if (point) return new Element(point.clearCofactor());
    }
  },

  /**
   * Hide 8-bit numbers in an element (`of_ints`), at most 30 of them.
   * @param {number[]} numbers
   * @returns {Element}
   */
  embed(numbers) {
    const fit = (v) => Number.isInteger(v) && v >= 0 && v <= 255;
    if (numbers.length > MAX_NUMBERS || !numbers.every(fit)) {
      throw new FormatError("plaintext", `not at most ${MAX_NUMBERS} numbers in 0..255`);
    }
    for (let y = toNumber(Uint8Array.from(numbers)) << PADDING_BITS; ; y++) {
      const point = curvePoint(rawOf(y)); // about 16 tries
      if (point?.isTorsionFree()) return new Element(point);
    }
  },

  /**
   * Read `n` numbers back (`to_ints`). Ignores upper bits: compare with `embed`.
   * @param {number} n
   * @param {Element} element
   * @returns {number[]}
   */
  extract(n, element) {
    if (!Number.isInteger(n) || n < 0 || n > MAX_NUMBERS) {
      throw new FormatError("plaintext", `not at most ${MAX_NUMBERS} numbers`);
    }
    const number = toNumber(this.sortKey(element).reverse()) >> PADDING_BITS;
    return n === 0 ? [] : [...fromNumber(number % (1n << BigInt(8 * n)), n)];
  },

  /**
   * Fresh raw bytes of RFC 8032, by which lists of elements are sorted.
   * @param {Element} element
   * @returns {Uint8Array}
   */
  sortKey(element) {
    return hexToBytes(element.text).reverse();
  },

  /**
   * The sum of k·P over points met once: the same steps whatever the scalars are.
   * @param {bigint[]} scalars
   * @param {Element[]} elements as many
   * @returns {Element}
   */
  sumOfProducts(scalars, elements) {
    const points = elements.map(({ point }) => point);
    return new Element(sumOfProducts(points, scalars.map(reduced)));
  },

  /** @param {bigint} k */
  multiplyGenerator(k) {
    return this.generator.prepare().multiply(k);
  },

  /**
   * @param {Iterable<Element>} elements
   * @returns {Element}
   */
  total(elements) {
    let sum = Point.ZERO;
    for (const element of elements) sum = sum.add(element.point);
    return new Element(sum);
  },

  /**
   * The sum of k·P over the terms. Time depends on the scalars: for public values only.
   * @param {[bigint, Element][]} terms
   * @returns {Element}
   */
  lincomb(terms) {
    const points = terms.map(([, element]) => element.point);
    const scalars = terms.map(([k]) => reduced(k));
    const sum = terms.length < MANY_TERMS ? mulAddUnsafe : pippenger;
    return new Element(sum(Point, points, scalars));
  },

  /**
   * r·B + c·P for every pair (r, c) of public scalars, where one B and one P serve for all: what
   * a verifier computes. B should be prepared.
   * @param {Element} base
   * @param {Element} element
   * @param {[bigint, bigint][]} pairs reduced scalars
   * @returns {Element[]}
   */
  combine(base, element, pairs) {
    const products = multiplyMany(element.point, pairs.map(([, c]) => c));
    return pairs.map(([r], i) => new Element(base.multiply(r).point.add(products[i])));
  },

  /**
   * Require that every equation's terms sum to the identity; ProofError with `equation`, its
   * index, for the first that does not.
   * @param {[bigint, Element][][]} equations
   */
  checkAll(equations) {
    equations.forEach((terms, equation) => {
      if (!this.lincomb(terms).isIdentity) throw new ProofError("bad-proof", { equation });
    });
  },

  /**
   * The same elements with their texts at hand, for one inversion instead of many.
   * @param {Element[]} elements
   * @returns {Element[]}
   */
  normalized(elements) {
    return normalizeZ(Point, elements.map((element) => element.point)).map((p) => new Element(p));
  },
});

export const GROUPS = Object.freeze({ [ED25519.name]: ED25519 });

/**
 * Take a scalar out of a message: a canonical decimal string below `order`.
 * @param {unknown} value
 * @param {bigint} order
 * @param {string} [place]
 * @returns {bigint} FormatError: not a string, a sign, a leading zero, or `order` and more
 */
export function decodeScalar(value, order, place = "scalar") {
  // The length is compared first: turning digits into a number costs their square.
  const short = typeof value === "string" && value.length <= order.toString().length;
  const scalar = short && DECIMAL.test(value) ? BigInt(value) : order;
  if (scalar >= order) {
    throw new FormatError(place, "not a canonical decimal number below the group's order");
  }
  return scalar;
}

/** The curve point, of any order, that a text names canonically. */
function pointOf(text, place) {
  if (typeof text !== "string" || !HEX64.test(text)) {
    throw new FormatError(place, "not 64 lower-case hex digits");
  }
  const point = curvePoint(hexToBytes(text).reverse());
  if (!point) throw new FormatError(place, NOT_A_MEMBER);
  return point;
}

/** noble refuses y >= p and a sign for x = 0, so that a point has one encoding. */
function curvePoint(raw) {
  try {
    return Point.fromBytes(raw);
  } catch {
    return null;
  }
}

function rawOf(y) {
  return fromNumber(y, 32).reverse();
}
