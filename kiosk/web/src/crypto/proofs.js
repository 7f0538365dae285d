// Zero-knowledge proofs of Belenios version 1: Schnorr, and disjunctions of Chaum-Pedersen.
//
// Letters as in docs/spec/proofs.md: w nonce, A and B commitments, c challenge, r response
// (elsewhere r is a ciphertext's randomness), M_j the allowed numbers. The context S must name all
// that is proved about. Mirrors voting/crypto/proofs.py; where Python takes the public key, provers
// here take an `Encryptor`, which may have the multiples at hand (protocol/prepared.js).
//
// A prover draws its scalars in the order given in its comment: a published sealing seed must
// rebuild the same bytes. Verifiers throw ProofError and return nothing.

import { ProofError } from "../errors.js";
import { hashToScalar } from "./hashing.js";

/**
 * Both are scalars below q; verifiers refuse what is not reduced.
 * @typedef {{challenge: bigint, response: bigint}} Proof
 */

function mod(k, q) {
  const rest = k % q;
  return rest < 0n ? rest + q : rest;
}

/** The elements' texts with single commas between, as every challenge hashes them. */
export function texts(...elements) {
  return elements.map((element) => element.text).join(",");
}

// Schnorr: knowledge of x with X = x·g, bound to a prefix

/**
 * A = w·g, c = H(prefix + A), r = w - x·c. A nonce that repeats gives the secret away.
 * @returns {Proof}
 */
export function proveSchnorr(group, secret, prefix, nonce) {
  const challenge = hashToScalar(group, prefix, group.multiplyGenerator(nonce).text);
  return { challenge, response: mod(nonce - secret * challenge, group.order) };
}

/** Accept if c = H(prefix + (r·g + c·X)); otherwise throw ProofError. */
export function verifySchnorr(group, publicElement, prefix, proof) {
  requireReduced(group, [proof]);
  const { challenge, response } = proof;
  const [a] = group.combine(group.generator.prepare(), publicElement, [[response, challenge]]);
  if (hashToScalar(group, prefix, a.text) !== challenge) {
    throw new ProofError("bad-proof", { proof: "schnorr" });
  }
}

/** Prove knowledge of a trustee's secret key (`pok`). Draws: w. */
export function proveKnowledge(group, secret, draw) {
  const prefix = knowledge(group, group.multiplyGenerator(secret));
  return proveSchnorr(group, secret, prefix, draw());
}

export function verifyKnowledge(group, publicElement, proof) {
  verifySchnorr(group, publicElement, knowledge(group, publicElement), proof);
}

function knowledge(group, publicElement) {
  return `pok|${group.name}|${publicElement.text}|`;
}

/**
 * Prove knowledge of the randomness of a NonHomomorphic answer (`raweg`). Draws: w.
 * @param {import("./elgamal.js").Encryptor} encryptor
 * @param {string} context S0: phi + "|" + credential
 */
export function provePlaintext(encryptor, context, ciphertext, r, draw) {
  const { group, publicKey } = encryptor;
  const w = draw();
  const { alpha } = encryptor.encrypt(0n, w);
  const challenge = hashToScalar(group, plaintext(publicKey, context, ciphertext), alpha.text);
  return { challenge, response: mod(w - r * challenge, group.order) };
}

export function verifyPlaintext(group, publicKey, context, ciphertext, proof) {
  verifySchnorr(group, ciphertext.alpha, plaintext(publicKey, context, ciphertext), proof);
}

function plaintext(publicKey, context, ciphertext) {
  return `raweg|${context}|${publicKey.text},${ciphertext.text}|`;
}

// Disjunctions: one of several ciphertexts is an encryption of 0

/**
 * Prove that a ciphertext's number is one of `choices` (`iprove`): a proof for each.
 *
 * Draws, for each choice in order: c_j and r_j, or w for the first choice that is true.
 * @param {import("./elgamal.js").Encryptor} encryptor
 * @param {import("./elgamal.js").Opening} opening
 * @param {bigint[]} choices
 * @returns {Proof[]}
 */
export function proveDisjunction(encryptor, context, ciphertext, opening, choices, draw) {
  const branches = choices.map((m) => opening.minus(m));
  return proveZero(encryptor, among(context, ciphertext), branches, draw);
}

export function verifyDisjunction(group, publicKey, context, ciphertext, choices, proofs) {
  const branches = choices.map((m) => [ciphertext, m]);
  verifyZero(group, publicKey, among(context, ciphertext), branches, proofs);
}

function among(context, ciphertext) {
  return `prove|${context}|${ciphertext.text}|`;
}

/**
 * Prove that the blank choice or the sum of the others is 0 (two proofs, `bproof0`).
 *
 * Draws: as `proveDisjunction`, the blank's branch first.
 * @param {string} context S, with every ciphertext of the answer
 */
export function proveBlank(encryptor, context, blank, chosen, draw) {
  return proveZero(encryptor, `bproof0|${context}|`, [blank, chosen], draw);
}

export function verifyBlank(group, publicKey, context, blank, chosen, proofs) {
  const branches = [[blank, 0n], [chosen, 0n]];
  verifyZero(group, publicKey, `bproof0|${context}|`, branches, proofs);
}

/**
 * Prove: blank is 1, or the sum of the others is one of `choices` (`bproof1`).
 *
 * Draws: as `proveDisjunction`, the blank's branch first. One proof more than choices.
 */
export function proveOverallBlank(encryptor, context, blank, chosen, choices, draw) {
  const branches = [blank.minus(1n), ...choices.map((m) => chosen.minus(m))];
  return proveZero(encryptor, `bproof1|${context}|`, branches, draw);
}

export function verifyOverallBlank(group, publicKey, context, blank, chosen, choices, proofs) {
  const branches = [[blank, 1n], ...choices.map((m) => [chosen, m])];
  verifyZero(group, publicKey, `bproof1|${context}|`, branches, proofs);
}

/**
 * What a disjunction draws, and the exponents (r, m) of its commitments (r·g, r·y + m·g), which
 * need no hash: so they can be computed before anybody has chosen (protocol/prepared.js).
 *
 * A simulated commitment r·g + c·alpha, r·y + c·beta is computed from the opening, as
 * (r + c·rho)·g and (r + c·rho)·y + c·m·g: the same elements, cheaper.
 */
export function drawBranches(group, branches, draw) {
  const q = group.order;
  const truth = branches.findIndex((branch) => mod(branch.m, q) === 0n);
  if (truth < 0) throw new RangeError("the statement is false: nothing to prove");
  return branches.map((branch, j) => {
    if (j === truth) return { truth: true, r: draw(), m: 0n };
    const proof = { challenge: draw(), response: draw() };
    const r = mod(proof.response + proof.challenge * branch.r, q);
    return { truth: false, proof, r, m: mod(proof.challenge * branch.m, q) };
  });
}

/** Prove that at least one branch opens to 0; the first that does is the true one. */
function proveZero(encryptor, prefix, branches, draw) {
  const { group } = encryptor;
  const drawn = drawBranches(group, branches, draw);
  const commitments = drawn.map(({ r, m }) => encryptor.encrypt(m, r).text).join(",");
  let rest = hashToScalar(group, prefix, commitments);
  for (const { truth, proof } of drawn) if (!truth) rest -= proof.challenge;
  const challenge = mod(rest, group.order);
  return drawn.map(({ truth, proof, r: w }, j) => {
    if (!truth) return proof;
    return { challenge, response: mod(w - branches[j].r * challenge, group.order) };
  });
}

/** `branches`: ciphertexts with the number to take off; equal ciphertexts share their work. */
function verifyZero(group, publicKey, prefix, branches, proofs) {
  if (proofs.length !== branches.length) {
    const params = { proof: "disjunction", expected: branches.length, found: proofs.length };
    throw new ProofError("bad-proof", params);
  }
  requireReduced(group, proofs);
  const commitments = new Array(2 * branches.length);
  for (const sealed of new Set(branches.map(([ciphertext]) => ciphertext))) {
    const mine = branches.flatMap(([ciphertext], j) => (ciphertext === sealed ? [j] : []));
    const pairs = mine.map((j) => [proofs[j].response, proofs[j].challenge]);
    const a = group.combine(group.generator.prepare(), sealed.alpha, pairs);
    const b = group.combine(publicKey.prepare(), sealed.beta, pairs);
    mine.forEach((j, i) => {
      const offset = branches[j][1] * proofs[j].challenge;
      commitments[2 * j] = a[i];
      commitments[2 * j + 1] =
        offset === 0n ? b[i] : b[i].subtract(group.multiplyGenerator(offset));
    });
  }
  const total = proofs.reduce((sum, { challenge }) => sum + challenge, 0n) % group.order;
  if (hashToScalar(group, prefix, texts(...group.normalized(commitments))) !== total) {
    throw new ProofError("bad-proof", { proof: "disjunction" });
  }
}

/** Refuse scalars outside 0 <= x < q: the same proof must not have two spellings. */
export function requireReduced(group, proofs) {
  const fits = (x) => x >= 0n && x < group.order;
  if (!proofs.every(({ challenge, response }) => fits(challenge) && fits(response))) {
    throw new ProofError("bad-proof", { proof: "scalar" });
  }
}
