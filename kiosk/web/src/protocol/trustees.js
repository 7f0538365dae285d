// `trustees.json`: who holds which part of the election's key (docs/spec/trustees.md;
// voting/protocol/trustees.py).
//
// The file is a list of single trustees and of Pedersen groups, t of whose n members decrypt.
// Owners are numbered 1, 2, … over the flattened list. Decoding proves form and membership;
// `verifyTrustees` everything else.

import { combinedPublicKey, verificationKey } from "../crypto/dkg.js";
import { verifyKnowledge } from "../crypto/proofs.js";
import { verifyMessage } from "../crypto/signature.js";
import { FormatError, ProofError, VerificationError } from "../errors.js";
import {
  approvalMessage,
  decodeCertificate,
  decodeCoefficients,
  signedJson,
  verifySigned,
} from "./certificates.js";
import * as codec from "./codec.js";
import { proofJson, takeProof } from "./values.js";

const MAX_TRUSTEES = 100;
const MAX_BYTES = 2 * 2 ** 20;
const PLACE = "trustees";
const LISTS = ["certs", "coefexps", "signatures", "verification_keys"];

/**
 * A decoded `trustees.json`; `raw` are its bytes. An item is
 * {kind: "Single", threshold: 1, keys: [key]} or {kind: "Pedersen", threshold, certificates,
 * coefficients, signatures, keys}; a key is {pok, publicKey, signature, name}.
 */
export class Trustees {
  constructor(raw, group, items) {
    this.raw = raw;
    this.group = group;
    this.items = items;
  }

  /** The number of owners. */
  get size() {
    return this.items.reduce((sum, item) => sum + item.keys.length, 0);
  }

  /** The election's key: the sum of the items' keys. */
  get publicKey() {
    return this.group.total(this.items.map((item) => itemKey(this.group, item)));
  }

  /** The verification key of an owner, from 1; FormatError when there is none. */
  key(owner) {
    const keys = this.items.flatMap((item) => item.keys);
    if (!(owner >= 1 && owner <= keys.length)) {
      throw new FormatError("owner", `not between 1 and ${keys.length}`);
    }
    return keys[owner - 1].publicKey;
  }

  /** Each item with the number of its first owner. */
  numbered() {
    let first = 1;
    return this.items.map((item) => {
      const own = first;
      first += item.keys.length;
      return [own, item];
    });
  }

  /** How many more shares are needed beside those of these owners. */
  missing(owners) {
    return this.numbered().reduce((sum, [first, { threshold, keys }]) => {
      const have = [...owners].filter((k) => k >= first && k < first + keys.length).length;
      return sum + Math.max(0, threshold - have);
    }, 0);
  }
}

/** Read `trustees.json`. Throws FormatError; proves form, membership and counts only. */
export function decodeTrustees(bytes, group) {
  const value = codec.decodeExact(bytes, PLACE, { maxBytes: MAX_BYTES });
  const listed = codec.array(value, PLACE, { low: 1, high: MAX_TRUSTEES });
  return new Trustees(bytes, group, listed.map((one, i) => takeItem(one, `${PLACE}[${i}]`, group)));
}

/** Write `trustees.json`. */
export function encodeTrustees(items) {
  return codec.encode(items.map(itemJson));
}

/** A key as JSON. */
export function keyJson({ pok, publicKey, signature, name }) {
  return {
    pok: proofJson(pok),
    public_key: publicKey.text,
    ...(signature === null ? {} : { signature: proofJson(signature) }),
    ...(name === null ? {} : { name }),
  };
}

/**
 * Check every certificate, signature, proof and key.
 * @param {Trustees} trustees
 * @param {Element} [electionKey] what the keys' sum must be
 * @throws {VerificationError} `trustee-…` with the `owner` from 1, or `election-key`
 */
export function verifyTrustees(trustees, electionKey = null) {
  const { group } = trustees;
  for (const [first, item] of trustees.numbered()) {
    if (item.kind === "Pedersen") verifyPedersen(item, first, group);
    item.keys.forEach((key, i) => {
      const owner = first + i;
      if (key.publicKey.isIdentity) throw new VerificationError("trustee-key", { owner });
      blame("trustee-pok", owner, () => verifyKnowledge(group, key.publicKey, key.pok));
    });
  }
  if (electionKey !== null && !trustees.publicKey.equals(electionKey)) {
    throw new VerificationError("election-key");
  }
}

function verifyPedersen(item, first, group) {
  item.certificates.forEach((certificate, i) => {
    const owner = first + i;
    const { groupName, size, threshold, index, verification, encryption, signed } = certificate;
    const right = groupName === group.name && size === item.keys.length &&
      threshold === item.threshold && index === i + 1;
    if (!right) throw new VerificationError("trustee-context", { owner });
    if (verification.isIdentity || encryption.isIdentity) {
      throw new VerificationError("trustee-certificate", { owner });
    }
    blame("trustee-certificate", owner, () => verifySigned(group, verification, signed));
    const coefficients = item.coefficients[i];
    if (coefficients.commitments.length !== item.threshold) {
      throw new VerificationError("trustee-coefficients", { owner });
    }
    blame("trustee-coefficients", owner,
      () => verifySigned(group, verification, coefficients.signed));
  });
  const certificates = item.certificates.map((one) => one.signed);
  const commitments = item.coefficients.map((one) => one.commitments);
  item.keys.forEach((key, i) => {
    const owner = first + i;
    const { verification } = item.certificates[i];
    const message = approvalMessage(certificates, commitments[i]);
    blame("trustee-approval", owner,
      () => verifyMessage(group, verification, message, item.signatures[i]));
    if (!key.publicKey.equals(verificationKey(group, commitments, i + 1))) {
      throw new VerificationError("trustee-key", { owner });
    }
    blame("trustee-key-signature", owner,
      () => verifyMessage(group, verification, key.publicKey.text, key.signature));
  });
}

/** Turn a proof that fails into a finding that names the owner. */
function blame(code, owner, check) {
  try {
    check();
  } catch (error) {
    if (error instanceof ProofError) throw new VerificationError(code, { owner });
    throw error;
  }
}

function itemKey(group, item) {
  if (item.kind === "Single") return item.keys[0].publicKey;
  return combinedPublicKey(group, item.coefficients.map((one) => one.commitments));
}

function itemJson(item) {
  if (item.kind === "Single") return ["Single", keyJson(item.keys[0])];
  return ["Pedersen", {
    threshold: item.threshold,
    certs: item.certificates.map((one) => signedJson(one.signed)),
    coefexps: item.coefficients.map((one) => signedJson(one.signed)),
    signatures: item.signatures.map(proofJson),
    verification_keys: item.keys.map(keyJson),
  }];
}

function takeItem(value, place, group) {
  const [kind, body] = codec.array(value, place, { size: 2 });
  const at = `${place}[1]`;
  if (kind === "Single") return { kind, threshold: 1, keys: [takeKey(body, at, group)] };
  if (kind === "Pedersen") return takePedersen(body, at, group);
  throw new FormatError(`${place}[0]`, "neither Single nor Pedersen");
}

function takeKey(value, place, group, { member = false } = {}) {
  const names = ["pok", "public_key", member ? "signature" : "signature?", "name?"];
  const [pok, key, signature, name] = codec.fields(value, place, ...names);
  return {
    pok: takeProof(pok, `${place}.pok`, group),
    publicKey: group.decode(key, `${place}.public_key`),
    signature: signature === null ? null : takeProof(signature, `${place}.signature`, group),
    name: name === null ? null : codec.text(name, `${place}.name`, { maxLength: 1000 }),
  };
}

function takePedersen(value, place, group) {
  const [threshold, ...lists] = codec.fields(value, place, "threshold", ...LISTS);
  const { length: size } = codec.array(lists[0], `${place}.certs`, { low: 1, high: MAX_TRUSTEES });
  const take = (i, one) => codec.array(lists[i], `${place}.${LISTS[i]}`, { size })
    .map((entry, j) => one(entry, `${place}.${LISTS[i]}[${j}]`, group));
  return {
    kind: "Pedersen",
    threshold: codec.integer(threshold, `${place}.threshold`, { low: 1, high: size }),
    certificates: take(0, decodeCertificate),
    coefficients: take(1, decodeCoefficients),
    signatures: take(2, takeProof),
    keys: take(3, (entry, at) => takeKey(entry, at, group, { member: true })),
  };
}
