// The encrypted tally: counted ballots added up unopened (docs/spec/tally.md, section 2;
// voting/protocol/tally.py).
//
// A homomorphic question is summed. Of one that is shuffled the counted ciphertexts stand sorted by
// (alpha, beta) in the order of the raw encoding, so that the order of casting is gone.

import { totalCiphertext } from "../crypto/elgamal.js";
import { bytesToHex } from "../crypto/bytes.js";
import * as codec from "./codec.js";
import { ciphertextJson, takeCiphertexts } from "./values.js";

/** Adds ballots one at a time; two builders of parts of a box merge. */
export class TallyBuilder {
  #election;

  constructor(election) {
    this.#election = election;
    this.rows = election.questions.map(({ kind, size }) => (kind === "homomorphic"
      ? Array.from({ length: size }, () => totalCiphertext(election.group, []))
      : []));
    this.numTallied = 0;
  }

  /** Add one ballot's answers. */
  add(answers) {
    const rows = answers.map(({ choices }) => (Array.isArray(choices) ? choices : [choices]));
    this.merge(rows, 1);
  }

  /** Add what another builder made of other ballots of the same election. */
  merge(rows, numTallied) {
    rows.forEach((row, i) => {
      if (isPlaintext(this.#election.questions[i])) this.rows[i].push(...row);
      else this.rows[i] = this.rows[i].map((sum, j) => sum.add(row[j]));
    });
    this.numTallied += numTallied;
  }

  /** The tally so far: for each question a list of ciphertexts. */
  ciphertexts() {
    const { group, questions } = this.#election;
    return this.rows.map((row, i) =>
      (isPlaintext(questions[i]) ? sortCiphertexts(group, row) : [...row]));
  }
}

/** Sort by (alpha, beta), raw bytes: neither the text's order nor that of casting. */
export function sortCiphertexts(group, row) {
  const key = ({ alpha, beta }) => [alpha, beta]
    .map((element) => bytesToHex(group.sortKey(element))).join("");
  return row.map((one) => [key(one), one])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, one]) => one);
}

/** The indexes of the NonHomomorphic questions, those that are shuffled. */
export function plaintextQuestions(election) {
  return election.questions.flatMap((question, i) => (isPlaintext(question) ? [i] : []));
}

function isPlaintext({ kind }) {
  return kind !== "homomorphic";
}

/** Write the encrypted tally. */
export function encodeTally(ciphertexts) {
  return codec.encode(ciphertexts.map((row) => row.map(ciphertextJson)));
}

/**
 * Read an encrypted tally. Who has the ballots computes it instead, and compares bytes.
 * @param {{rand?: (n: number) => Uint8Array}} [options] with `rand`, membership of all elements is
 *   tested together (crypto/membership.js)
 */
export function decodeTally(bytes, election, { rand = null } = {}) {
  if (rand !== null) {
    const batch = election.group.batch();
    const tally = decodeTally(bytes, { ...election, group: batch.group });
    if (batch.allMembers(rand)) return tally; // else the single test says where
  }
  const place = "encrypted_tally";
  const value = codec.decodeExact(bytes, place);
  return codec.array(value, place, { size: election.questions.length }).map((row, i) => {
    const question = election.questions[i];
    const size = isPlaintext(question) ? null : question.size;
    return takeCiphertexts(row, `${place}[${i}]`, election.group, size);
  });
}
