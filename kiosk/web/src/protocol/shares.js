// Partial decryptions and the second proofs beside them (docs/spec/tally.md, sections 4 and 5;
// docs/spec/second-proof.md; voting/protocol/shares.py).
//
// A partial decryption has a factor and a proof for every ciphertext, in the shape of the tally.
// Its proof binds neither ciphertext nor factor. The second proofs do; they are a file of their
// own for each slot, which belenios-tool does not read.

import { proveFactor, provePartial, verifyFactor, verifyPartial } from "../crypto/decryption.js";
import { FaultyTrusteeError, FormatError, ProofError } from "../errors.js";
import * as codec from "./codec.js";
import { proofsJson, takeProofs } from "./values.js";

const MAX_OWNERS = 100;

/**
 * Decrypt with one share; the caller has recomputed `ciphertexts` itself. Draws one scalar for
 * each ciphertext, in order.
 * @returns {{factors: Element[][], proofs: Proof[][]}}
 */
export function makePartialDecryption(election, ciphertexts, secretKey, draw) {
  const { group, fingerprint } = election;
  const made = ciphertexts.map((row) =>
    row.map((c) => provePartial(group, fingerprint, secretKey, c.alpha, draw)));
  return {
    factors: made.map((row) => row.map(([factor]) => factor)),
    proofs: made.map((row) => row.map(([, proof]) => proof)),
  };
}

/** Check every version 1 proof, which does not show that the factors are right. */
export function verifyPartialDecryption(election, ciphertexts, owner, publicKey, share) {
  const { group, fingerprint } = election;
  walk(ciphertexts, share.factors, share.proofs, owner, (c, factor, proof) =>
    verifyPartial(group, fingerprint, publicKey, c.alpha, factor, proof));
}

/** Write a partial decryption. */
export function encodePartialDecryption({ factors, proofs }) {
  return codec.encode({
    decryption_factors: factors.map((row) => row.map((factor) => factor.text)),
    decryption_proofs: proofs.map(proofsJson),
  });
}

/** Read a partial decryption in the shape of `ciphertexts`. Throws FormatError. */
export function decodePartialDecryption(bytes, election, ciphertexts) {
  const place = "partial_decryption";
  const value = codec.decodeExact(bytes, place);
  const names = ["decryption_factors", "decryption_proofs"];
  const [factors, proofs] = codec.fields(value, place, ...names);
  const at = `${place}.${names[0]}`;
  const rows = codec.array(factors, at, { size: ciphertexts.length });
  const decoded = rows.map((row, i) =>
    codec.array(row, `${at}[${i}]`, { size: ciphertexts[i].length })
      .map((text, j) => election.group.decode(text, `${at}[${i}][${j}]`)));
  const taken = takeRows(proofs, `${place}.${names[1]}`, election, ciphertexts);
  return { factors: decoded, proofs: taken };
}

/** Prove again, over ciphertext and factor. One fresh scalar for each ciphertext, in order. */
export function makeSecondProofs(election, ciphertexts, secretKey, draw) {
  const { group, fingerprint } = election;
  return ciphertexts.map((row) =>
    row.map((c) => proveFactor(group, fingerprint, secretKey, c, draw)));
}

/** Check that every factor is right. Throws FaultyTrusteeError with the `place`. */
export function verifySecondProofs(election, ciphertexts, owner, publicKey, share, proofs) {
  const { group, fingerprint } = election;
  walk(ciphertexts, share.factors, proofs, owner, (c, factor, proof) =>
    verifyFactor(group, fingerprint, publicKey, c, factor, proof));
}

/**
 * Write the file of second proofs.
 * @param {{slot: string, trustees: Map<number, Proof[][]>}} second
 */
export function encodeSecondProofs({ slot, trustees }) {
  const owners = [...trustees.keys()].sort((a, b) => a - b);
  const listed = owners.map((owner) => ({ owner, proofs: trustees.get(owner).map(proofsJson) }));
  return codec.encode({ version: 1, slot, trustees: listed });
}

/** Read the file of second proofs of this election, the slot's. Throws FormatError. */
export function decodeSecondProofs(bytes, election, ciphertexts) {
  const place = "proofs";
  const value = codec.decodeExact(bytes, place);
  const [version, slot, trustees] = codec.fields(value, place, "version", "slot", "trustees");
  codec.integer(version, `${place}.version`, { low: 1, high: 1 });
  if (codec.uuid(slot, `${place}.slot`) !== election.uuid) {
    throw new FormatError(`${place}.slot`, "another slot");
  }
  const listed = codec.array(trustees, `${place}.trustees`, { high: MAX_OWNERS });
  const byOwner = listed.map((one, i) => {
    const at = `${place}.trustees[${i}]`;
    const [owner, proofs] = codec.fields(one, at, "owner", "proofs");
    return [
      codec.integer(owner, `${at}.owner`, { low: 1, high: MAX_OWNERS }),
      takeRows(proofs, `${at}.proofs`, election, ciphertexts),
    ];
  });
  if (byOwner.some(([owner], i) => i > 0 && byOwner[i - 1][0] >= owner)) {
    throw new FormatError(`${place}.trustees`, "owners are not ascending");
  }
  return { slot: election.uuid, trustees: new Map(byOwner) };
}

function walk(ciphertexts, factors, proofs, owner, check) {
  ciphertexts.forEach((row, i) => row.forEach((ciphertext, j) => {
    try {
      check(ciphertext, factors[i][j], proofs[i][j]);
    } catch (error) {
      if (!(error instanceof ProofError)) throw error;
      throw new FaultyTrusteeError(owner, { place: `[${i}][${j}]` });
    }
  }));
}

function takeRows(value, place, election, ciphertexts) {
  return codec.array(value, place, { size: ciphertexts.length })
    .map((row, i) => takeProofs(row, `${place}[${i}]`, election.group, ciphertexts[i].length));
}
