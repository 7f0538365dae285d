// A sealing of which everything is computed that does not depend on the choices' hashes: done in
// the Worker while the voter reads, question by question; used for one ballot, dropped at an edit.
//
// The seed's scalars are known beforehand, and a commitment (r·g, r·y + m·g) needs no hash. So for
// each choice both cases, chosen and not, are computed: about 12 multiplications in advance for
// the 7 that one sealing needs. Sealing then looks the values up and hashes. What was not foreseen
// is computed when it is asked for, so the bytes are those of an unprepared sealing whatever this
// file does; a test compares them and counts what was not foreseen.
//
// The table holds what the seed holds: whoever reads it reads the ballot. It lives and dies with
// the seed (`drop`).

import { Ciphertext, Encryptor, Opening } from "../crypto/elgamal.js";
import { SEED_BYTES, seededScalars } from "../crypto/hashing.js";
import { drawBranches } from "../crypto/proofs.js";
import { FormatError, RefusedError } from "../errors.js";
import { allowedNumbers } from "./answers.js";

const MOST_OUTCOMES = 4; // of a question with more numbers allowed, only so many are foreseen

/** The draws of a seed for an election: docs/spec/sealing-seed.md, section 1. */
export function ballotScalars(election, seed) {
  if (seed.length !== SEED_BYTES) throw new FormatError("seed", `not ${SEED_BYTES} bytes`);
  return seededScalars(seed, `ballot|${election.fingerprint}`, election.group);
}

/** An encryptor with a memory. One for each seed; good for one ballot. */
export class PreparedSealing extends Encryptor {
  #known = new Map();
  #scalars = [];
  #used = false;
  #next;
  #foreseen;
  #left; // questions that are not prepared yet

  /** What was asked for and had not been prepared, for the test and the measurement. */
  misses = 0;

  /**
   * @param {import("./election.js").Election} election
   * @param {Uint8Array} seed 32 fresh bytes; the caller overwrites them in the end
   * @param {{later?: boolean}} [options] later: nothing is prepared until `more` is called
   */
  constructor(election, seed, { later = false } = {}) {
    super(election.group, election.publicKey);
    this.seed = seed;
    this.#next = ballotScalars(election, seed);
    this.#foreseen = new Foreseen(election.group, (i) => this.#scalar(i));
    this.#left = [...election.questions];
    while (!later && this.more());
  }

  /**
   * Prepare the next question.
   * @returns {boolean} whether there is another one
   */
  more() {
    if (this.#used || !this.#left.length) return false;
    this.#foreseen.question(this.#left.shift());
    this.#compute(this.#foreseen.exponents.splice(0));
    return this.#left.length > 0;
  }

  encrypt(m, r) {
    const known = this.#known.get(keyOf(m, r));
    if (known) return known;
    this.misses += 1;
    return super.encrypt(m, r);
  }

  /**
   * The draws, from the first; once.
   * @returns {() => bigint} RefusedError `sealing-used`
   */
  draws() {
    if (this.#used) throw new RefusedError("sealing-used");
    this.#used = true;
    let at = 0;
    return () => this.#scalar(at++);
  }

  /** Forget everything and overwrite the seed. */
  drop() {
    this.#used = true;
    this.#known.clear();
    this.#scalars.length = 0;
    this.#foreseen = this.#next = null;
    this.#left.length = 0;
    this.seed.fill(0);
  }

  /** The draws come in order; those that were not foreseen, when they are asked for. */
  #scalar(index) {
    return (this.#scalars[index] ??= this.#next());
  }

  #compute(exponents) {
    const sealed = exponents.map(([m, r]) => super.encrypt(m, r));
    const flat = this.group.normalized(sealed.flatMap(({ alpha, beta }) => [alpha, beta]));
    exponents.forEach(([m, r], i) => {
      const ciphertext = new Ciphertext(flat[2 * i], flat[2 * i + 1]);
      void ciphertext.text; // written now
      this.#known.set(keyOf(m, r), ciphertext);
    });
  }
}

function keyOf(m, r) {
  return `${r.toString(16)}|${m.toString(16)}`;
}

/** Walks through a sealing's draws with every outcome and notes the exponents. */
class Foreseen {
  #at = 0;

  constructor(group, scalar) {
    this.group = group;
    this.scalar = scalar;
    this.exponents = [];
    this.draw = () => this.scalar(this.#at++);
  }

  question(question) {
    if (question.kind === "nonhomomorphic") {
      this.#note(0n, this.draw());
      this.#note(0n, this.draw());
      return;
    }
    const openings = Array.from({ length: question.size }, () => this.#choice());
    const sum = openings.slice(question.blank ? 1 : 0).reduce((total, r) => total + r, 0n);
    const allowed = allowedNumbers(question);
    const outcomes = allowed.slice(0, MOST_OUTCOMES).map((m) => [0n, m]);
    if (!question.blank) {
      this.#branches(outcomes.map(([, m]) => allowed.map((one) => new Opening(sum, m - one))));
      return;
    }
    outcomes.push([1n, 0n]);
    const [blank] = openings;
    const chosen = (m) => allowed.map((one) => new Opening(sum, m - one));
    this.#branches(outcomes.map(([b, m]) => [new Opening(blank, b - 1n), ...chosen(m)]));
    this.#branches(outcomes.map(([b, m]) => [new Opening(blank, b), new Opening(sum, m)]));
  }

  /** One choice: chosen or not. Returns its r. */
  #choice() {
    const r = this.draw();
    this.#note(0n, r);
    this.#note(1n, r);
    this.#branches([0n, 1n].map((m) => [new Opening(r, m), new Opening(r, m - 1n)]));
    return r;
  }

  /** The same draws for every outcome; they are as many. */
  #branches(outcomes) {
    const start = this.#at;
    for (const branches of outcomes) {
      this.#at = start;
      for (const { m, r } of drawBranches(this.group, branches, this.draw)) this.#note(m, r);
    }
  }

  #note(m, r) {
    this.exponents.push([m, r]);
  }
}
