// A trustee's shuffle of all NonHomomorphic questions, as it stands in the archive
// (docs/spec/tally.md, section 3; voting/protocol/shuffles.py):
// `{"ciphertexts":[[ct…]…],"proofs":[PF…]}`, one entry for each, in the order of the election.

import * as crypto from "../crypto/shuffle.js";
import { decodeScalar } from "../crypto/group.js";
import { FormatError } from "../errors.js";
import * as codec from "./codec.js";
import { plaintextQuestions } from "./tally.js";
import { ciphertextJson, takeCiphertexts } from "./values.js";

const PLACE = "shuffle";

/** @typedef {{ciphertexts: object[][], proofs: crypto.ShuffleProof[]}} Shuffle */

/**
 * Shuffle and prove.
 * @param {object} election
 * @param {object[][]} ciphertexts of all questions: the tally, or what the shuffle before made
 * @param {(n: number) => Uint8Array} rand uniform bytes, for the permutations
 * @param {() => bigint} draw fresh scalars, for re-encryption and proof
 * @param {(done: number, total: number) => void} [progress] told after each question
 * @returns {Shuffle}
 */
export function makeShuffle(election, ciphertexts, rand, draw, progress = () => {}) {
  const { group, publicKey, fingerprint } = election;
  const made = told(election, ciphertexts, progress, (question) => {
    const inputs = ciphertexts[question];
    const permutation = crypto.randomPermutation(inputs.length, rand);
    const { outputs, secret } = crypto.shuffle(group, publicKey, inputs, permutation, draw);
    const proof =
      crypto.prove(group, publicKey, fingerprint, inputs, outputs, secret, draw);
    return { outputs, proof };
  });
  return {
    ciphertexts: made.map(({ outputs }) => outputs),
    proofs: made.map(({ proof }) => proof),
  };
}

/** Check that the outputs are a shuffle of these ciphertexts. Throws ProofError. */
export function verifyShuffle(election, ciphertexts, shuffle, rand, progress = () => {}) {
  const { group, publicKey, fingerprint } = election;
  told(election, ciphertexts, progress, (question, i) => crypto.verify(
    group, publicKey, fingerprint, ciphertexts[question], shuffle.ciphertexts[i],
    shuffle.proofs[i], rand));
}

/** The ciphertexts of all questions after this shuffle. */
export function afterShuffle(election, ciphertexts, shuffle) {
  const rows = [...ciphertexts];
  plaintextQuestions(election).forEach((question, i) => {
    rows[question] = shuffle.ciphertexts[i];
  });
  return rows;
}

/** Write a shuffle. */
export function encodeShuffle({ ciphertexts, proofs }) {
  return codec.encode({
    ciphertexts: ciphertexts.map((row) => row.map(ciphertextJson)),
    proofs: proofs.map(proofJson),
  });
}

/**
 * Read a shuffle of these ciphertexts; every list has their number. Membership of all elements is
 * tested together.
 * @param {Uint8Array} bytes
 * @returns {Shuffle} FormatError
 */
export function decodeShuffle(bytes, election, ciphertexts, rand) {
  const batch = election.group.batch();
  const shuffle = take(bytes, election, ciphertexts, batch.group);
  if (!batch.allMembers(rand)) {
    take(bytes, election, ciphertexts, election.group); // the single test says where
    throw new FormatError(PLACE, "not all elements are members");
  }
  return shuffle;
}

/** What a shuffle that was verified before made of these ciphertexts. */
export function decodeOutputs(bytes, election, ciphertexts) {
  const [rows] = fieldsOf(bytes, election);
  const taken = plaintextQuestions(election).map((question, i) => takeCiphertexts(
    rows[i], `${PLACE}.ciphertexts[${i}]`, election.group, ciphertexts[question].length));
  return afterShuffle(election, ciphertexts, { ciphertexts: taken });
}

function fieldsOf(bytes, election) {
  const names = ["ciphertexts", "proofs"];
  const size = plaintextQuestions(election).length;
  return codec.fields(codec.decodeExact(bytes, PLACE), PLACE, ...names)
    .map((value, i) => codec.array(value, `${PLACE}.${names[i]}`, { size }));
}

function take(bytes, election, ciphertexts, group) {
  const [rows, proofs] = fieldsOf(bytes, election);
  const sizes = plaintextQuestions(election).map((question) => ciphertexts[question].length);
  return {
    ciphertexts: sizes.map((size, i) =>
      takeCiphertexts(rows[i], `${PLACE}.ciphertexts[${i}]`, group, size)),
    proofs: sizes.map((size, i) => takeProof(proofs[i], `${PLACE}.proofs[${i}]`, group, size)),
  };
}

function told(election, ciphertexts, progress, work) {
  const questions = plaintextQuestions(election);
  const total = questions.reduce((sum, question) => sum + ciphertexts[question].length, 0);
  let done = 0;
  return questions.map((question, i) => {
    const made = work(question, i);
    done += ciphertexts[question].length;
    progress(done, total);
    return made;
  });
}

function proofJson(p) {
  const texts = (elements) => elements.map(({ text }) => text);
  const numbers = (scalars) => scalars.map((s) => s.toString());
  return [
    [p.t1.text, p.t2.text, p.t3.text, [p.t41.text, p.t42.text], texts(p.tHat)],
    [...numbers([p.s1, p.s2, p.s3, p.s4]), numbers(p.sHat), numbers(p.sPrime)],
    texts(p.c),
    texts(p.cHat),
  ];
}

function takeProof(value, place, group, size) {
  const [t, s, c, cHat] = codec.array(value, place, { size: 4 });
  const [t1, t2, t3, t4, tHat] = codec.array(t, `${place}[0]`, { size: 5 });
  const [t41, t42] = codec.array(t4, `${place}[0][3]`, { size: 2 });
  const [s1, s2, s3, s4, sHat, sPrime] = codec.array(s, `${place}[1]`, { size: 6 });
  const element = (text, at) => group.decode(text, `${place}${at}`);
  const scalar = (text, at) => decodeScalar(text, group.order, `${place}${at}`);
  const each = (list, at, taken) => codec.array(list, `${place}${at}`, { size })
    .map((one, i) => taken(one, `${at}[${i}]`));
  return {
    t1: element(t1, "[0][0]"),
    t2: element(t2, "[0][1]"),
    t3: element(t3, "[0][2]"),
    t41: element(t41, "[0][3][0]"),
    t42: element(t42, "[0][3][1]"),
    tHat: each(tHat, "[0][4]", element),
    s1: scalar(s1, "[1][0]"),
    s2: scalar(s2, "[1][1]"),
    s3: scalar(s3, "[1][2]"),
    s4: scalar(s4, "[1][3]"),
    sHat: each(sHat, "[1][4]", scalar),
    sPrime: each(sPrime, "[1][5]", scalar),
    c: each(c, "[2]", element),
    cHat: each(cHat, "[3]", element),
  };
}
