// What the ledger amounts to: values that `fold` makes and everybody reads
// (voting/meeting/state.py). Nothing here is changed in place: a step returns a new state.
//
// No name is in here. A person is the salted digest of his line on the roll, and what is known
// about him is his class, his series of tickets and whether he is in the room; a group that is
// counted is a number.

import { RefusedError } from "../errors.js";

/** The parent of the first line. */
export const GENESIS = "0".repeat(64);

/** The states in which a round is over. */
export const ENDS = new Set(["certified", "void", "under-floor"]);

const NOT_IN = {
  open: "round-open",
  sealed: "round-sealed",
  counted: "round-counted",
  certified: "round-certified",
  void: "round-void",
  "under-floor": "round-under-floor",
};

/** The empty ledger's state. Maps are by id, in the order in which entries came. */
export const EMPTY = Object.freeze({
  height: 0,
  head: GENESIS,
  at: null, // the time of the last act that carries one
  frozen: false,
  closed: false,
  lists: new Map(), // by series, then slot: the committed digest of the public credentials
  people: new Map(), // by line digest: {cls, series, here}
  counted: new Map(), // by group: {cls, series, count}
  recusals: new Map(), // by item: the Set of the recused people's lines
  steps: new Map(), // by item: how many gates of the room are entered
  minutes: new Map(), // by item, or null: what the recorder has entered, in order
  leftovers: new Map(), // by slot, then credential: its series
  withdrawn: new Map(), // likewise
  voidSeries: new Set(),
  rounds: new Map(), // by slot, in the order of opening
  destroyed: new Set(), // trustees
  missing: [],
});

/** Whether tickets were issued: the lists' digests are committed. */
export function isIssued(state) {
  return state.lists.size > 0;
}

/** How many of a class are in the room, by name and by count. */
export function present(state, cls = "member") {
  let number = 0;
  for (const one of state.people.values()) number += one.here && one.cls === cls ? 1 : 0;
  for (const one of state.counted.values()) number += one.cls === cls ? one.count : 0;
  return number;
}

/** The round in a slot; throws RefusedError unless it is in an allowed state. */
export function roundAt(state, slot, ...allowed) {
  const found = state.rounds.get(slot);
  if (found === undefined) throw new RefusedError("no-round", { slot });
  if (allowed.length && !allowed.includes(found.state)) {
    throw new RefusedError(NOT_IN[found.state], { slot });
  }
  return found;
}

/** The item's first round that is not void, or null. */
export function roundOf(state, item) {
  for (const one of state.rounds.values()) {
    if (one.items.includes(item) && one.state !== "void") return one;
  }
  return null;
}

/**
 * The rounds of any of these items that are not void: one for each item, or where the groups vote
 * apart one for each part of the series.
 */
export function roundsOf(state, items) {
  return [...state.rounds.values()].filter((one) =>
    one.state !== "void" && one.items.some((item) => items.includes(item)));
}

/** How many sealed ballots were opened to check a device, in the whole meeting. */
export function spoils(state) {
  return [...state.rounds.values()].reduce((sum, one) => sum + one.spoiled.size, 0);
}

/** Whether every round is certified, void or sealed under the floor. */
export function ended(state) {
  return [...state.rounds.values()].every((one) => ENDS.has(one.state));
}

/** Tickets in people's hands that are good for a round: its active credentials. */
export function roundIssued(one) {
  return [...one.issuedBySeries.values()].reduce((sum, number) => sum + number, 0);
}

/** The state with this round in its slot. */
export function withRound(state, one) {
  return { ...state, rounds: withEntry(state.rounds, one.slot, one) };
}

/** A map that also has this entry; the old one stays as it was. */
export function withEntry(map, key, value) {
  return new Map(map).set(key, value);
}
