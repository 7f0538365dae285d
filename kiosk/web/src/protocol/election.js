// `election.json`: what is asked, under which key. Belenios version 1 (docs/spec/ballot.md).
//
// The bytes are the message: phi, the election's fingerprint, is the SHA-256 of exactly these bytes
// and stands in every proof. An election has the fields below and no other, in canonical form;
// *Lists* questions are refused by name. Mirrors voting/protocol/election.py.

import { ED25519, GROUPS } from "../crypto/group.js";
import { b64Fingerprint, sha256Hex } from "../crypto/hashing.js";
import { FormatError, UnsupportedError } from "../errors.js";
import * as codec from "./codec.js";

export const MAX_ELECTION_BYTES = 4 * 2 ** 20;
export const MAX_QUESTIONS = 256;
export const MAX_ANSWERS = 256;
export const MAX_NUMBERS = 30; // what one element of Ed25519 holds

const PLACE = "election";

/**
 * `size` is the number of choices, hence of ciphertexts, in a ballot; with `blank` a ballot may
 * instead choose the blank vote, which is then its first choice and excludes all others.
 * @typedef {{kind: "homomorphic", question: string, answers: string[], minimum: number,
 *   maximum: number, blank: boolean, size: number}} HomomorphicQuestion
 */

/**
 * One plaintext of `size` numbers 0..255; ballots are shuffled, then opened.
 * @typedef {{kind: "nonhomomorphic", question: string, answers: string[], extra: object | null,
 *   size: number}} NonHomomorphicQuestion
 */

/** @typedef {HomomorphicQuestion | NonHomomorphicQuestion} Question */

/**
 * `raw` are the bytes that were hashed; `fingerprint` is phi, `digest` the same hash in hex.
 * @typedef {{raw: Uint8Array, uuid: string, name: string, description: string,
 *   group: import("../crypto/group.js").Group, publicKey: import("../crypto/group.js").Element,
 *   questions: Question[], administrator: string | null, credentialAuthority: string | null,
 *   language: [string, string] | null, fingerprint: string, digest: string}} Election
 */

/**
 * Read `election.json`.
 * @param {Uint8Array} data
 * @returns {Election} FormatError: not canonical, an unknown field, a value out of bounds, a key
 *   that is the identity or not in the group, a version other than 1. UnsupportedError: an unknown
 *   group, or a Lists question
 */
export function decodeElection(data) {
  const [
    version,
    description,
    name,
    groupName,
    key,
    questions,
    uuid,
    administrator,
    authority,
    language,
  ] = codec.fields(
    codec.decodeExact(data, PLACE, { maxBytes: MAX_ELECTION_BYTES }),
    PLACE,
    "version",
    "description",
    "name",
    "group",
    "public_key",
    "questions",
    "uuid",
    "administrator?",
    "credential_authority?",
    "language?",
  );
  if (version !== 1) throw new FormatError(`${PLACE}.version`, "not version 1");
  const named = codec.text(groupName, `${PLACE}.group`);
  const group = Object.hasOwn(GROUPS, named) ? GROUPS[named] : null;
  if (group === null) throw new UnsupportedError({ kind: `group ${named}` });
  const publicKey = group.decode(key, `${PLACE}.public_key`);
  if (publicKey.isIdentity) throw new FormatError(`${PLACE}.public_key`, "the identity");
  const listed = codec.array(questions, `${PLACE}.questions`, { low: 1, high: MAX_QUESTIONS });
  return Object.freeze({
    raw: data,
    uuid: codec.uuid(uuid, `${PLACE}.uuid`),
    name: codec.text(name, `${PLACE}.name`),
    description: codec.text(description, `${PLACE}.description`),
    group,
    publicKey,
    questions: listed.map((question, i) => takeQuestion(question, `${PLACE}.questions[${i}]`)),
    administrator: optionalText(administrator, `${PLACE}.administrator`),
    credentialAuthority: optionalText(authority, `${PLACE}.credential_authority`),
    language: takeLanguage(language),
    fingerprint: b64Fingerprint(data),
    digest: sha256Hex(data),
  });
}

/**
 * Write `election.json`; a pure function of its arguments.
 * @param {{uuid: string, name: string, description: string,
 *   publicKey: import("../crypto/group.js").Element, questions: object[]}} values each question
 *   {question, answers, minimum, maximum, blank?}, or of a shuffled one
 *   {kind: "nonhomomorphic", question, answers, extra?}
 * @returns {Uint8Array} FormatError: not the values of an election that can be read back
 */
export function makeElection({ uuid, name, description, publicKey, questions }) {
  const data = codec.encode({
    version: 1,
    description,
    name,
    group: ED25519.name,
    public_key: publicKey.text,
    questions: questions.map(questionJson),
    uuid,
  });
  decodeElection(data);
  return data;
}

function questionJson({ kind, question, answers, minimum, maximum, blank = false, extra = null }) {
  if (kind === "nonhomomorphic") {
    const value = { type: "NonHomomorphic", value: { answers, question } };
    return extra === null ? value : { ...value, extra };
  }
  return { answers, ...(blank ? { blank: true } : {}), min: minimum, max: maximum, question };
}

function takeQuestion(value, place) {
  if (value === null || typeof value !== "object" || !Object.hasOwn(value, "type")) {
    return homomorphic(value, place);
  }
  const kind = codec.text(value.type, `${place}.type`, { maxLength: 100 });
  if (kind !== "NonHomomorphic") throw new UnsupportedError({ kind });
  const [, inner, extra] = codec.fields(value, place, "type", "value", "extra?");
  const [answers, question] = codec.fields(inner, `${place}.value`, "answers", "question");
  if (extra !== null && (typeof extra !== "object" || Array.isArray(extra))) {
    throw new FormatError(`${place}.extra`, "not an object");
  }
  const names = takeAnswers(answers, `${place}.value.answers`, MAX_NUMBERS);
  return Object.freeze({
    kind: "nonhomomorphic",
    question: codec.text(question, `${place}.value.question`),
    answers: names,
    extra,
    size: names.length,
  });
}

function homomorphic(value, place) {
  const [answers, blank, minimum, maximum, question] = codec.fields(
    value, place, "answers", "blank?", "min", "max", "question",
  );
  const names = takeAnswers(answers, `${place}.answers`, MAX_ANSWERS);
  const low = codec.integer(minimum, `${place}.min`, { high: names.length });
  const hasBlank = blank !== null && codec.boolean(blank, `${place}.blank`);
  return Object.freeze({
    kind: "homomorphic",
    question: codec.text(question, `${place}.question`),
    answers: names,
    minimum: low,
    maximum: codec.integer(maximum, `${place}.max`, { low: Math.max(low, 1), high: names.length }),
    blank: hasBlank,
    size: names.length + (hasBlank ? 1 : 0),
  });
}

function takeAnswers(value, place, most) {
  const names = codec.array(value, place, { low: 1, high: most });
  return names.map((name, i) => codec.text(name, `${place}[${i}]`));
}

function optionalText(value, place) {
  return value === null ? null : codec.text(value, place);
}

function takeLanguage(value) {
  if (value === null) return null;
  const place = `${PLACE}.language`;
  const [code, direction] = codec.array(value, place, { size: 2 });
  if (direction !== "ltr" && direction !== "rtl") {
    throw new FormatError(`${place}[1]`, "neither ltr nor rtl");
  }
  return [codec.text(code, `${place}[0]`, { maxLength: 35 }), direction];
}
