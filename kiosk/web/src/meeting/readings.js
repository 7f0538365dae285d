// 认读: whom the words mean that voters wrote, as two scrutineers read them and signed
// (voting/meeting/readings.py; docs/spec/ledger.md, *Reading*).
//
// A reading has every distinct text of a counted box once, in the order of the counts, and what it
// is read as: a number of the roster, "written" (somebody who is not on it; the words stand), or
// "invalid" (nobody can tell). Words that are a name of the roster are read as a number of that
// name or as invalid. The fold has no totals: that the texts are the box's, `requireRead` demands
// of whoever has the opened box.
//
// A reading is a Map by `keyOf(item, ask)`, of Maps by text.

import { RefusedError, VerificationError } from "../errors.js";
import { asksOf } from "./questions.js";
import { roundAt, withRound } from "./state.js";

export const WRITTEN = "written";
export const INVALID = "invalid";

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

/** The numbers of everybody on the item's roster whose name these words are. */
export function numbersNamed(meeting, item, text) {
  const { contest } = meeting.items.get(item);
  if (contest?.type !== "roster") return [];
  const { names } = meeting.rosters.get(contest.roster);
  return names.flatMap(({ name }, i) => (name === text ? [i + 1] : []));
}

/** Whether the paper has this name: then the words beside it are no name from outside. */
export function standsAlready(meeting, item, text) {
  const { contest } = meeting.items.get(item);
  return contest?.type === "names" && contest.names.some(({ name }) => name === text);
}

/**
 * Take in a reading; it stands in the place of an earlier one until something followed of it.
 * @throws {RefusedError} `reading-late`
 * @throws {VerificationError} `reading-unknown-ask`, `reading-order`, `reading-number`,
 *   `reading-name`
 */
export function readWords(meeting, state, body) {
  const one = roundAt(state, body.slot, "counted");
  const { slot } = one;
  if (one.signed.length || one.released || wentOn(state, one)) {
    throw new RefusedError("reading-late", { slot });
  }
  const asks = asksInWords(meeting, one);
  const places = [...asks.keys()];
  const order = body.entries.map((entry, i) => {
    const key = keyOf(entry.item, entry.ask);
    if (!asks.has(key)) {
      throw new VerificationError("reading-unknown-ask", { slot, number: i + 1 });
    }
    checkAs(meeting, asks.get(key).ask, entry, i + 1);
    return [places.indexOf(key), entry.text];
  });
  if (order.some((place, i) => i > 0 && !before(order[i - 1], place))) {
    throw new VerificationError("reading-order", { slot });
  }
  return withRound(state, { ...one, reading: readingOf(body) });
}

/** What a `reading` act says. */
export function readingOf({ entries }) {
  const found = new Map();
  for (const { item, ask, text, as } of entries) {
    const key = keyOf(item, ask);
    if (!found.has(key)) found.set(key, new Map());
    found.get(key).set(text, as);
  }
  return found;
}

/**
 * Demand that what was written in a counted box is read, all of it and nothing else.
 * @param {{slot: string, reading: Map<string, Map<string, string|number>>|null}} one the round
 * @param {Map<string, Map<string, number>>} written by `keyOf`, then by text, where there are any
 * @throws {RefusedError} `reading-missing`
 * @throws {VerificationError} `reading-mismatch`
 */
export function requireRead({ slot, reading }, written) {
  if (reading === null && written.size) throw new RefusedError("reading-missing", { slot });
  const texts = (map) => JSON.stringify([...map].map(([key, of]) => [key, [...of.keys()]]));
  if (texts(reading ?? new Map()) !== texts(written)) throw new VerificationError("reading-mismatch", { slot });
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

function checkAs(meeting, { answers }, { item, text, as }, number) {
  if (typeof as === "number" && as > answers.length) {
    throw new VerificationError("reading-number", { number });
  }
  const named = numbersNamed(meeting, item, text);
  const known = named.length > 0 || standsAlready(meeting, item, text);
  if (known && as !== INVALID && !named.includes(as)) {
    throw new VerificationError("reading-name", { number });
  }
}

/** Whether a later round says who stands after this one, even one that was voided. */
function wentOn(state, one) {
  const rounds = [...state.rounds.values()];
  return rounds.slice(rounds.indexOf(one) + 1).some((later) =>
    one.items.some((item) => later.standings.has(item)));
}

/** By ask, then by code points, as Python orders texts. */
function before([a, left], [b, right]) {
  if (a !== b) return a < b;
  const [x, y] = [[...left], [...right]];
  const at = x.findIndex((one, i) => one !== y[i]);
  if (at < 0) return x.length < y.length;
  return at < y.length && x[at].codePointAt(0) < y[at].codePointAt(0);
}
