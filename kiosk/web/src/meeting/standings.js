// Later rounds of a contest: who may stand, and when the counts of the earlier may be released
// (voting/meeting/standings.py).
//
// The rule computes who stands in a next round from what the last one came to. The ledger holds no
// totals, so the fold takes what the `open` act says if it *can* be so; that it *is* so, an
// officer's page has computed before it signs (tally/following.js). Once the counts of a round are
// released there is no later one.

import { RefusedError, VerificationError } from "../errors.js";
import { OUTSIDE, standingOf } from "./questions.js";
import { roundsOf } from "./state.js";

export const COUNTED = new Set(["counted", "certified"]);

/** The item's latest round that is not void, or null. */
export function lastRound(state, item) {
  return roundsOf(state, [item]).at(-1) ?? null;
}

/** Whether counts of the item are released: then it has no later round. */
export function isTold(state, item) {
  return roundsOf(state, [item]).some((one) => one.released);
}

/**
 * Check who an `open` act says stands.
 * @param {Map<string, import("./questions.js").Standing>} standings
 * @throws {RefusedError} `standing-other-item`, `standing-first-round`, `item-open`, `item-voted`,
 *   `contest-released`
 * @throws {VerificationError} `standing-not-a-contest`, `standing-unknown-name`, `standing-order`,
 *   `standing-seats`, `standing-round`
 */
export function checkStandings(meeting, state, items, standings) {
  for (const [item, standing] of standings) {
    if (!items.includes(item)) throw new RefusedError("standing-other-item", { item });
    if (meeting.items.get(item).contest?.type !== "names") {
      throw new VerificationError("standing-not-a-contest", { item });
    }
    const last = lastRound(state, item);
    if (last === null) throw new RefusedError("standing-first-round", { item });
    if (!COUNTED.has(last.state)) {
      throw new RefusedError(last.state === "open" ? "item-open" : "item-voted", { item });
    }
    if (isTold(state, item)) throw new RefusedError("contest-released", { item });
    const before = last.standings.get(item) ?? standingOf(meeting, item);
    checkFollowing(meeting, item, before, standing);
  }
  const listed = [...standings.keys()];
  const ordered = items.filter((item) => standings.has(item));
  if (listed.some((item, i) => item !== ordered[i])) {
    throw new VerificationError("standing-order", { item: listed[0] });
  }
}

/**
 * Refuse to release a round of a contest while a later one of its items is not over: counts that
 * are known would tell the voters of the next round how the first came out.
 * @throws {RefusedError} `release-early`
 */
export function checkRelease(meeting, state, one) {
  const rounds = [...state.rounds.values()];
  for (const later of rounds.slice(rounds.indexOf(one) + 1)) {
    const [shared] = one.items.filter((item) => later.standings.has(item));
    const running = later.state === "open" || later.state === "sealed";
    if (running && shared !== undefined && meeting.items.get(shared).contest !== null) {
      throw new RefusedError("release-early", { slot: one.slot, item: shared });
    }
  }
}

/**
 * Check a standing against the one of the round before. Who was written in stands after the
 * others: by number of the roster, or by the words.
 */
function checkFollowing(meeting, item, before, { names, seats, why, round }) {
  const kept = before.names.filter((name) => names.includes(name));
  if (kept.some((name, i) => name !== names[i])) {
    throw new VerificationError("standing-order", { item });
  }
  const added = names.slice(kept.length);
  const first = before.why === "first";
  const places = added.map((name) => (first ? outside(meeting, item, name) : null));
  const strange = places.indexOf(null);
  if (strange >= 0) {
    throw new VerificationError("standing-unknown-name", { item, name: added[strange] });
  }
  if (places.some((place, i) => i > 0 && compare(places[i - 1], place) >= 0)) {
    throw new VerificationError("standing-order", { item });
  }
  if (seats > before.seats) throw new VerificationError("standing-seats", { item, seats });
  if (round !== before.round + Number(why === "open")) {
    throw new VerificationError("standing-round", { item, round });
  }
}

/** The place of a name from outside among such names: its number, or its text; null for no such. */
function outside(meeting, item, name) {
  const { write_in: from } = meeting.items.get(item).contest;
  if (from === null || !name.startsWith(OUTSIDE) || name === OUTSIDE) return null;
  const given = name.slice(OUTSIDE.length);
  if (!Object.hasOwn(from, "roster")) return given;
  const people = meeting.rosters.get(from.roster).names.length;
  return /^[1-9][0-9]*$/.test(given) && Number(given) <= people ? Number(given) : null;
}

/** Numbers by size, texts by their code points, as Python orders them. */
function compare(a, b) {
  if (typeof a === "number") return a - b;
  const [left, right] = [[...a], [...b]];
  const at = left.findIndex((one, i) => one !== right[i]);
  if (at < 0) return left.length - right.length;
  return at >= right.length ? 1 : left[at].codePointAt(0) - right[at].codePointAt(0);
}
