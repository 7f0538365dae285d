// 认读: whom the words mean that voters wrote, as two scrutineers read them and signed
// (voting/meeting/readings.py; docs/spec/ledger.md, *Reading*).
//
// A reading says of every distinct text of a counted box, in the order of the counts, what it is
// read as: a number of the roster, "written" (somebody who is not on it; the words stand), or
// "invalid" (nobody can tell). Words that are a name of the roster are read as a number of that
// name or as invalid.
//
// Anybody may read the ledger before anything is released, so the act is masked: it has no text,
// and for each a code that only the counted archive takes the mask from (`blind`). The fold knows
// no more than that; `openReading` is the one way from it to a reading, for all who count.
//
// A reading is a Map by `keyOf(item, ask)`, of Maps by text.

import { sha256Bytes } from "../crypto/hashing.js";
import { RefusedError, VerificationError } from "../errors.js";
import * as codec from "../protocol/codec.js";
import { asksOf } from "./questions.js";
import { roundAt, withRound } from "./state.js";

export const WRITTEN = "written";
export const INVALID = "invalid";

const PREFIX = "piaojue/reading/1\n";
const WRITTEN_CODE = 0xffff;

/** One key for an item and an ask of it. */
export function keyOf(item, ask) {
  return `${item}\n${ask}`;
}

/**
 * The asks of a round that take names in words, in the order of the counts.
 * @returns {Map<string, {item: string, ask: import("./questions.js").Ask}>}
 */
export function asksInWords(meeting, one) {
  const asks = one.items.flatMap((item) =>
    asksOf(meeting, item, one.standings.get(item) ?? null)
      .filter(({ text }) => text)
      .map((ask) => [keyOf(item, ask.id), { item, ask }]));
  return new Map(asks);
}

/** Whether the paper has this name: then the words beside it are no name from outside. */
function standsAlready(meeting, item, text) {
  const { contest } = meeting.items.get(item);
  return contest?.type === "names" && contest.names.some(({ name }) => name === text);
}

/**
 * Take in a reading; it stands in the place of an earlier one until something followed of it.
 * @throws {RefusedError} `reading-late`
 * @throws {VerificationError} `reading-no-words`
 */
export function readWords(meeting, state, body) {
  const one = roundAt(state, body.slot, "counted");
  const { slot } = one;
  if (one.signed.length || one.released || wentOn(state, one)) {
    throw new RefusedError("reading-late", { slot });
  }
  if (!asksInWords(meeting, one).size) throw new VerificationError("reading-no-words", { slot });
  return withRound(state, { ...one, reading: maskedOf(body) });
}

/** A reading as the ledger has it, out of the act's body. */
export function maskedOf({ nonce, entries }) {
  return { nonce, entries };
}

/**
 * What a round's words are read as: all of them, and nothing else.
 * @param {object} meeting
 * @param {{slot: string, items: string[], standings: Map, reading: {nonce: string,
 *   entries: number[]}|null}} one the round
 * @param {Map<string, Map<string, number>>} written by `keyOf`, then by text in the order of the
 *   box, where there are any
 * @param {string} blind of the counted archive
 * @returns {Map<string, Map<string, string|number>>}
 * @throws {RefusedError} `reading-missing`
 * @throws {VerificationError} `reading-mismatch`, `reading-number`, `reading-name`
 */
export function openReading(meeting, one, written, blind) {
  const { slot, reading } = one;
  if (reading === null) {
    if (written.size) throw new RefusedError("reading-missing", { slot });
    return new Map();
  }
  const texts = [...written].flatMap(([key, of]) => [...of.keys()].map((text) => [key, text]));
  if (texts.length !== reading.entries.length) {
    throw new VerificationError("reading-mismatch", { slot });
  }
  const asks = asksInWords(meeting, one);
  const listed = new Map([...asks].map(([key, { item }]) => [key, numbersByName(meeting, item)]));
  const found = new Map([...written.keys()].map((key) => [key, new Map()]));
  texts.forEach(([key, text], i) => {
    const { item, ask } = asks.get(key);
    const mask = maskOf({ blind, nonce: reading.nonce, item, ask: ask.id, text });
    const meant = meantBy(reading.entries[i] ^ mask);
    const named = listed.get(key).get(text) ?? [];
    const known = named.length > 0 || standsAlready(meeting, item, text);
    checkAs(ask, meant, named, known, i + 1);
    found.get(key).set(text, meant);
  });
  return found;
}

/** The names of one entry as its words are read: each once, the invalid ones left out. */
export function readNames(mark, reading) {
  const names = mark.flatMap((one) => {
    if (typeof one === "number") return [one];
    const as = reading.get(one);
    if (as === INVALID) return [];
    return [as === WRITTEN ? one : as];
  });
  return [...new Set(names)];
}

/** 16 bits of SHA-256 over what only those have who have the box. */
function maskOf({ blind, nonce, item, ask, text }) {
  const [high, low] = sha256Bytes(PREFIX, codec.encode({ blind, nonce, item, ask, text }));
  return high * 256 + low;
}

function meantBy(code) {
  if (code === WRITTEN_CODE) return WRITTEN;
  return code === 0 ? INVALID : code;
}

function checkAs({ answers }, meant, named, known, number) {
  if (typeof meant === "number" && meant > answers.length) {
    throw new VerificationError("reading-number", { number });
  }
  if (known && meant !== INVALID && !named.includes(meant)) {
    throw new VerificationError("reading-name", { number });
  }
}

/** The numbers on the item's roster by name; empty where it has none. */
function numbersByName(meeting, item) {
  const { contest } = meeting.items.get(item);
  const found = new Map();
  if (contest?.type !== "roster") return found;
  meeting.rosters.get(contest.roster).names.forEach(({ name }, i) =>
    found.set(name, [...(found.get(name) ?? []), i + 1]));
  return found;
}

/** Whether a later round says who stands after this one, even one that was voided. */
function wentOn(state, one) {
  const rounds = [...state.rounds.values()];
  return rounds.slice(rounds.indexOf(one) + 1).some((later) =>
    one.items.some((item) => later.standings.has(item)));
}
