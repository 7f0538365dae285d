// Elections and credential lists: what a round is bound to, each a pure function of the frozen
// meeting and the ledger (docs/spec/ledger.md, *Binding*). Whoever holds the meeting rebuilds the
// same bytes: so a page never takes an election from a server. Mirrors voting/meeting/binding.py.

import { ED25519 } from "../crypto/group.js";
import { sha256Hex } from "../crypto/hashing.js";
import { VerificationError } from "../errors.js";
import * as codec from "../protocol/codec.js";
import { makeElection } from "../protocol/election.js";
import { eligible } from "./attendance.js";
import { ruleOf } from "./frozen.js";
import { asksOf, questionOf } from "./questions.js";
import { roundAt, roundIssued, roundOf, roundsOf } from "./state.js";

/** The first unused slot, null when all are used. */
export function nextSlot(meeting, state) {
  return meeting.slots[state.rounds.size] ?? null;
}

/** Whether the groups vote apart on these items, which are under one rule. */
export function bySeries(meeting, items) {
  return ruleOf(meeting, items[0]).papers === "by-series";
}

/**
 * The number of a new round of these items: one more than any of them has had; where the groups
 * vote apart, what other series had does not count.
 */
export function nextRound(meeting, state, items, series) {
  const apart = bySeries(meeting, items);
  let last = 0;
  for (const one of state.rounds.values()) {
    const voted = !apart || one.series.some((each) => series.includes(each));
    if (voted && one.items.some((item) => items.includes(item))) last = Math.max(last, one.number);
  }
  return last + 1;
}

/**
 * The items that have no round, or only void ones, and those with a next round; where the groups
 * vote apart, also those on which a series in the room has not voted.
 * @param {Map<string, object>} [following] who stands in the next round of a contest, by item: the
 *   ledger has no totals and cannot tell (tally/following.js)
 */
export function itemsLeft(meeting, state, following = new Map()) {
  return [...meeting.items.keys()].filter((item) => following.has(item) ||
    roundOf(state, item) === null ||
    (bySeries(meeting, [item]) && seriesLeft(meeting, state, [item]).length > 0));
}

/** The series in the room that have no round of these items that is not void. */
export function seriesLeft(meeting, state, items) {
  const voters = eligible(meeting, state, items);
  const done = roundsOf(state, items).flatMap((one) => one.series);
  return [...meeting.series.keys()].filter((one) => voters.get(one) && !done.includes(one));
}

/**
 * The `election.json` of a round: fixed by the frozen meeting and the open act.
 * @param {import("./frozen.js").Meeting} meeting
 * @param {string} slot becomes the election's uuid
 * @param {string[]} items in the meeting's order; what each asks: `asksOf` of questions.js
 * @param {number} number the round's
 * @param {Map<string, import("./questions.js").Standing>} [standings] who stands in a later round,
 *   by item, as the act says
 * @returns {Uint8Array}
 */
export function roundElection(meeting, slot, items, number, standings = new Map()) {
  return makeElection({
    uuid: slot,
    name: meeting.title,
    description: `piaojue/round/1 ${meeting.fingerprint} ${number} ${items.join(",")}`,
    publicKey: ED25519.decode(meeting.trustees.publicKey),
    questions: items.flatMap((item) =>
      asksOf(meeting, item, standings.get(item) ?? null).map(questionOf)),
  });
}

/**
 * What an `open` act says of who stands, by item.
 * @param {{standings: Record<string, import("./questions.js").Standing>}} body
 * @returns {Map<string, import("./questions.js").Standing>}
 */
export function standingsOf({ standings }) {
  return new Map(Object.entries(standings));
}

/**
 * The digest that `issue` commits to for one series and slot.
 * @param {Iterable<string>} credentials texts of the public parts, in any order
 */
export function listDigest(credentials) {
  return sha256Hex(codec.encode([...credentials].sort()));
}

/**
 * Verify an archive's `public_credentials.json` against the digests of *issue*: cut by series as
 * issued, with leftovers and withdrawals put back, each part is what was committed before.
 * @param {import("./state.js").State} state
 * @param {string} slot
 * @param {Uint8Array} raw FormatError: not a canonical list; VerificationError
 *   `credentials-mismatch`; RefusedError `no-round`
 */
export function verifyActive(state, slot, raw) {
  const one = roundAt(state, slot);
  const listed = codec.array(codec.decodeExact(raw, "credentials"), "credentials");
  const elements = listed.map((text, i) => codec.hex64(text, `credentials[${i}]`));
  const mismatch = (series) => new VerificationError("credentials-mismatch", { slot, ...series });
  if (sha256Hex(raw) !== one.credentials || elements.length !== roundIssued(one)) throw mismatch();
  let start = 0;
  for (const [series, issued] of one.issuedBySeries) {
    const part = elements.slice(start, start + issued);
    start += issued;
    const whole = [...part, ...voidOf(state, slot, series)];
    const ascending = part.every((text, i) => i === 0 || part[i - 1] < text);
    const distinct = new Set(whole).size === whole.length;
    const committed = state.lists.get(series).get(slot);
    if (!ascending || !distinct || listDigest(whole) !== committed) throw mismatch({ series });
  }
}

function voidOf(state, slot, series) {
  const found = new Set();
  for (const tickets of [state.leftovers, state.withdrawn]) {
    for (const [credential, of] of tickets.get(slot) ?? []) {
      if (of === series) found.add(credential);
    }
  }
  return found;
}
