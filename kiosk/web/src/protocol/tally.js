// The encrypted tally: counted ballots added up unopened (docs/spec/tally.md, section 2;
// voting/protocol/tally.py).
//
// Only homomorphic questions: what has to be shuffled first is refused by name, as a trustee's
// device on the command line refuses it. No page asks such a question.

import { totalCiphertext } from "../crypto/elgamal.js";
import { UnsupportedError } from "../errors.js";
import * as codec from "./codec.js";
import { ciphertextJson, takeCiphertexts } from "./values.js";

/** Adds ballots one at a time; the sums of two parts of a box are merged. */
export class TallyBuilder {
  constructor(election) {
    requireHomomorphic(election);
    this.rows = election.questions.map((question) =>
      Array.from({ length: question.size }, () => totalCiphertext(election.group, [])));
    this.numTallied = 0;
  }

  /** Add one ballot's answers. */
  add(answers) {
    this.#merge(answers.map((answer) => answer.choices), 1);
  }

  /** Add what another builder made of other ballots of the same election. */
  merge(rows, numTallied) {
    this.#merge(rows, numTallied);
  }

  /** The tally so far: for each question a list of ciphertexts. */
  ciphertexts() {
    return this.rows.map((row) => [...row]);
  }

  #merge(rows, number) {
    rows.forEach((row, i) => {
      this.rows[i] = this.rows[i].map((sum, j) => sum.add(row[j]));
    });
    this.numTallied += number;
  }
}

/** Refuse an election with a question that has to be shuffled. */
export function requireHomomorphic(election) {
  if (election.questions.some((question) => question.kind !== "homomorphic")) {
    throw new UnsupportedError({ kind: "shuffle" });
  }
}

/** Write the encrypted tally. */
export function encodeTally(ciphertexts) {
  return codec.encode(ciphertexts.map((row) => row.map(ciphertextJson)));
}

/** Read an encrypted tally. Who has the ballots computes it instead, and compares bytes. */
export function decodeTally(bytes, election) {
  const place = "encrypted_tally";
  const value = codec.decodeExact(bytes, place);
  return codec.array(value, place, { size: election.questions.length }).map((row, i) =>
    takeCiphertexts(row, `${place}[${i}]`, election.group, election.questions[i].size));
}
