// One answer of a ballot: seal it, take it out of JSON, verify its proofs (docs/spec/ballot.md).
//
// Contexts of the proofs: S0 = phi | credential for individual proofs and NonHomomorphic
// plaintexts; S = S0 | all ciphertexts of the answer for the overall and the blank proof.
//
// **Order of the draws**, which a published seed must repeat (docs/spec/sealing-seed.md):
// homomorphic: for each choice in order r, then its individual proof; then the overall proof; then
// the blank proof. NonHomomorphic: r, then w. Mirrors voting/protocol/answers.py.

import { Opening, totalCiphertext } from "../crypto/elgamal.js";
import * as proofs from "../crypto/proofs.js";
import { FormatError, ProofError } from "../errors.js";
import * as codec from "./codec.js";
import * as values from "./values.js";

const YES_OR_NO = [0n, 1n];

/**
 * Homomorphic: 0 or 1 for each choice, the blank one first where there is one. NonHomomorphic: the
 * plaintext's numbers, 0..255. A secret until a ballot is spoiled.
 * @typedef {number[]} Choices
 */

/** The numbers of answers that may be chosen, as provers and verifiers list them. */
export function allowedNumbers({ minimum, maximum }) {
  return Array.from({ length: maximum - minimum + 1 }, (_, i) => BigInt(minimum + i));
}

/**
 * The choices if a ballot may hold them; FormatError, which does not quote them.
 * @param {import("./election.js").Question} question
 * @param {unknown} choices
 * @param {string} place
 * @returns {Choices}
 */
export function requireChoices(question, choices, place) {
  const listed = Array.isArray(choices) && choices.length === question.size;
  if (!listed || !choices.every((choice) => Number.isSafeInteger(choice))) {
    throw new FormatError(place, `not ${question.size} numbers`);
  }
  if (!mayHold(question, choices)) {
    throw new FormatError(place, "not choices that this question allows");
  }
  return [...choices];
}

function mayHold(question, choices) {
  if (question.kind === "nonhomomorphic") return choices.every((n) => n >= 0 && n <= 255);
  const chosen = choices.slice(question.blank ? 1 : 0).reduce((sum, choice) => sum + choice, 0);
  const blank = question.blank && choices[0] === 1;
  const [low, high] = blank ? [0, 0] : [question.minimum, question.maximum];
  return choices.every((n) => n === 0 || n === 1) && low <= chosen && chosen <= high;
}

/**
 * Encrypt and prove.
 * @param {import("../crypto/elgamal.js").Encryptor} encryptor
 * @param {import("./election.js").Question} question
 * @param {string} context S0
 * @param {Choices} choices passed `requireChoices`
 * @param {() => bigint} draw
 * @returns the answer, as `takeAnswer` takes it
 */
export function sealAnswer(encryptor, question, context, choices, draw) {
  if (question.kind === "nonhomomorphic") {
    const r = draw();
    const ciphertext = encryptor.encryptElement(encryptor.group.embed(choices), r);
    const proof = proofs.provePlaintext(encryptor, context, ciphertext, r, draw);
    return { choices: ciphertext, proof };
  }
  const openings = [];
  const ciphertexts = [];
  const individual = [];
  for (const choice of choices) {
    const opening = new Opening(draw(), BigInt(choice));
    const sealed = encryptor.encrypt(opening.m, opening.r);
    individual.push(
      proofs.proveDisjunction(encryptor, context, sealed, opening, YES_OR_NO, draw),
    );
    openings.push(opening);
    ciphertexts.push(sealed);
  }
  const whole = wholeContext(context, ciphertexts);
  const answer = { choices: ciphertexts, individualProofs: individual };
  return { ...answer, ...proveWhole(encryptor, question, whole, ciphertexts, openings, draw) };
}

function proveWhole(encryptor, question, whole, ciphertexts, openings, draw) {
  const allowed = allowedNumbers(question);
  const chosen = openings
    .slice(question.blank ? 1 : 0)
    .reduce((sum, opening) => sum.add(opening), new Opening(0n, 0n));
  if (!question.blank) {
    const total = totalCiphertext(encryptor.group, ciphertexts);
    return {
      overallProof: proofs.proveDisjunction(encryptor, whole, total, chosen, allowed, draw),
      blankProof: null,
    };
  }
  const [blank] = openings;
  const overall = proofs.proveOverallBlank(encryptor, whole, blank, chosen, allowed, draw);
  const blankProof = proofs.proveBlank(encryptor, whole, blank, chosen, draw);
  return { overallProof: overall, blankProof };
}

/**
 * Verify every proof of one answer.
 *
 * Throws ProofError `ballot-proof` with `question` (`number`), `part` (individual, overall, blank
 * or plaintext) and, for an individual proof, `choice` (from 1).
 */
export function verifyAnswer(election, number, question, context, answer) {
  const { group, publicKey } = election;
  if (question.kind === "nonhomomorphic") {
    naming({ question: number, part: "plaintext" }, () =>
      proofs.verifyPlaintext(group, publicKey, context, answer.choices, answer.proof),
    );
    return;
  }
  answer.choices.forEach((sealed, i) => {
    const pair = answer.individualProofs[i];
    naming({ question: number, part: "individual", choice: i + 1 }, () =>
      proofs.verifyDisjunction(group, publicKey, context, sealed, YES_OR_NO, pair),
    );
  });
  verifyWhole(election, number, question, context, answer);
}

/** Verify the proofs over all choices together. */
function verifyWhole({ group, publicKey }, number, question, context, answer) {
  const whole = wholeContext(context, answer.choices);
  const allowed = allowedNumbers(question);
  const [blank] = answer.choices;
  const chosen = totalCiphertext(group, answer.choices.slice(question.blank ? 1 : 0));
  const overall = { question: number, part: "overall" };
  const { overallProof, blankProof } = answer;
  if (!question.blank) {
    naming(overall, () =>
      proofs.verifyDisjunction(group, publicKey, whole, chosen, allowed, overallProof),
    );
    return;
  }
  naming(overall, () =>
    proofs.verifyOverallBlank(group, publicKey, whole, blank, chosen, allowed, overallProof),
  );
  naming({ question: number, part: "blank" }, () =>
    proofs.verifyBlank(group, publicKey, whole, blank, chosen, blankProof),
  );
}

/** Take an answer out of JSON: exact fields, their order and their numbers. FormatError. */
export function takeAnswer(value, place, question, group) {
  if (question.kind === "nonhomomorphic") {
    const [ciphertext, proof] = codec.fields(value, place, "choices", "proof");
    return {
      choices: values.takeCiphertext(ciphertext, `${place}.choices`, group),
      proof: values.takeProof(proof, `${place}.proof`, group),
    };
  }
  const names = ["choices", "individual_proofs", "overall_proof"];
  if (question.blank) names.push("blank_proof");
  const [choices, individual, overall, blank] = codec.fields(value, place, ...names);
  const { size } = question;
  const subProofs = question.maximum - question.minimum + 1 + (question.blank ? 1 : 0);
  const listed = codec.array(individual, `${place}.individual_proofs`, { size });
  return {
    choices: values.takeCiphertexts(choices, `${place}.choices`, group, size),
    individualProofs: listed.map((pair, i) =>
      values.takeProofs(pair, `${place}.individual_proofs[${i}]`, group, 2),
    ),
    overallProof: values.takeProofs(overall, `${place}.overall_proof`, group, subProofs),
    blankProof: question.blank
      ? values.takeProofs(blank, `${place}.blank_proof`, group, 2)
      : null,
  };
}

/** The inverse of `takeAnswer`. */
export function answerJson(answer) {
  if (!Array.isArray(answer.choices)) {
    return {
      choices: values.ciphertextJson(answer.choices),
      proof: values.proofJson(answer.proof),
    };
  }
  const value = {
    choices: answer.choices.map(values.ciphertextJson),
    individual_proofs: answer.individualProofs.map(values.proofsJson),
    overall_proof: values.proofsJson(answer.overallProof),
  };
  if (answer.blankProof !== null) value.blank_proof = values.proofsJson(answer.blankProof);
  return value;
}

/** An answer's JSON with the same text in the place of every element and scalar. */
export function filledAnswer(question, element, scalar) {
  const proof = { challenge: scalar, response: scalar };
  const ciphertext = { alpha: element, beta: element };
  if (question.kind === "nonhomomorphic") return { choices: ciphertext, proof };
  const { size, blank, minimum, maximum } = question;
  const value = {
    choices: new Array(size).fill(ciphertext),
    individual_proofs: new Array(size).fill([proof, proof]),
    overall_proof: new Array(maximum - minimum + 1 + (blank ? 1 : 0)).fill(proof),
  };
  if (blank) value.blank_proof = [proof, proof];
  return value;
}

function wholeContext(context, ciphertexts) {
  return `${context}|${ciphertexts.map((ciphertext) => ciphertext.text).join(",")}`;
}

/** Say which proof of the ballot failed. */
function naming(which, check) {
  try {
    check();
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    throw new ProofError("ballot-proof", which);
  }
}
