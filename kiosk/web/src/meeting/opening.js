// The guards of *bind and open*, in the order in which they are reported
// (voting/meeting/opening.py).

import { RefusedError, VerificationError } from "../errors.js";
import { sha256Hex } from "../crypto/hashing.js";
import { eligible, total, votersOut } from "./attendance.js";
import { bySeries, nextRound, nextSlot, roundElection, standingsOf } from "./binding.js";
import { checkMotions } from "./chain.js";
import { dueUnder, floorUnder, majority, ruleOf } from "./frozen.js";
import * as keys from "./keys.js";
import { evaluateQuorum, met, needed } from "./rules.js";
import { checkStandings } from "./standings.js";
import { isIssued, roundOf, roundsOf } from "./state.js";
import { issued } from "./tickets.js";

/** Check an `open` act's body. Throws RefusedError, VerificationError or ProofError. */
export function checkOpening(meeting, state, body) {
  if (!isIssued(state)) throw new RefusedError("not-issued");
  const { slot, items, series } = body;
  if (slot !== nextSlot(meeting, state)) throw new RefusedError("wrong-slot", { slot });
  const standings = standingsOf(body);
  checkItems(meeting, state, items, standings);
  if (body.round !== nextRound(meeting, state, items, series)) {
    throw new RefusedError("wrong-round", { round: body.round });
  }
  checkRoom(meeting, state, slot, items, series);
  const expected = series.reduce((sum, one) => sum + issued(meeting, state, slot, one), 0);
  if (body.active !== expected) {
    throw new RefusedError("active-mismatch", { active: body.active, issued: expected });
  }
  const rebuilt = roundElection(meeting, slot, items, body.round, standings);
  if (body.election !== sha256Hex(rebuilt)) {
    throw new VerificationError("election-mismatch", { slot });
  }
  checkAcks(meeting, body);
}

/**
 * Check that these items can form one paper now.
 * @param {Map<string, object>} [standings] who stands, by item, of every item whose next round it
 *   is and of no other
 */
export function checkItems(meeting, state, items, standings = new Map()) {
  for (const item of items) {
    if (!meeting.items.has(item)) throw new RefusedError("unknown-item", { item });
  }
  const ordered = [...meeting.items.keys()].filter((item) => items.includes(item));
  if (items.join() !== ordered.join()) throw new RefusedError("items-order");
  checkStandings(meeting, state, items, standings);
  for (const item of items) {
    const held = roundOf(state, item);
    // Where the groups vote apart it depends on the series: see `checkRoom`.
    if (held !== null && !standings.has(item) && !bySeries(meeting, [item])) {
      throw new RefusedError(held.state === "open" ? "item-open" : "item-voted", { item });
    }
  }
  if (new Set(items.map((item) => meeting.items.get(item).rule)).size > 1) {
    throw new RefusedError("mixed-rules");
  }
  const out = items.map((item) => [...votersOut(meeting, state, item)].sort().join());
  if (new Set(out).size > 1) throw new RefusedError("mixed-recusals");
  for (const item of items) {
    const gates = ruleOf(meeting, item).roomGates;
    const done = state.steps.get(item) ?? 0;
    if (done < gates.length) {
      throw new RefusedError("room-step-missing", { item, steps: gates.slice(done) });
    }
  }
  checkMotions(meeting, state, items);
}

/**
 * Check quorum, and 发出 = drawn - withdrawn = eligible present for every series. Every series in
 * the room is named, unless the groups vote apart; then each votes once, and a paper has at least
 * as many people as its box needs ballots.
 */
export function checkRoom(meeting, state, slot, items, series) {
  const ordered = [...meeting.series.keys()].filter((one) => series.includes(one));
  if (series.join() !== ordered.join()) throw new RefusedError("series-order");
  for (const one of series) {
    if (state.voidSeries.has(one)) throw new RefusedError("series-void", { series: one });
  }
  checkQuorum(meeting, state, items);
  const voters = eligible(meeting, state, items);
  if (voters.get(null)) throw new RefusedError("no-ticket", { people: voters.get(null) });
  if (bySeries(meeting, items)) checkApart(meeting, state, items, series, voters);
  else {
    const unnamed = [...voters.keys()].find((one) => !series.includes(one));
    if (unnamed !== undefined) throw new RefusedError("series-missing", { series: unnamed });
  }
  for (const one of series) {
    const given = issued(meeting, state, slot, one);
    const may = voters.get(one) ?? 0;
    if (given !== may) {
      const numbers = { series: one, issued: given, eligible: may };
      throw new RefusedError("issued-mismatch", { slot, ...numbers });
    }
  }
}

/**
 * Demand that enough are in the room for these items: of all, and of each group with a quorum.
 * @param {string | null} slot of the round that is to be sealed; null at an opening
 */
export function checkQuorum(meeting, state, items, slot = null) {
  const rule = ruleOf(meeting, items[0]);
  const code = slot === null ? "no-quorum" : "quorum-lost";
  const params = slot === null ? {} : { slot };
  const missing = evaluateQuorum(rule, {
    due: dueUnder(meeting, rule),
    present: total(eligible(meeting, state, items)),
    recused: votersOut(meeting, state, items[0]).size,
  });
  if (missing) throw new RefusedError(code, { ...params, missing });
  const here = groupsHere(state, rule);
  for (const { id, quorum } of rule.groups) {
    const { count, title } = meeting.groups.get(id) ?? {};
    if (quorum === null || met(quorum, here.get(id), count)) continue;
    const lacking = needed(quorum, count) - here.get(id);
    throw new RefusedError(`group-${code}`, { ...params, missing: lacking, group: title });
  }
}

/** How many are in the room of each group that the rule names. */
export function groupsHere(state, rule) {
  return new Map(rule.groups.map(({ id }) => [id, state.counted.get(id)?.count ?? 0]));
}

/** What a trustee's device signs before the opening: what it will later demand. Bytes. */
export function ackMessage(meeting, { slot, election, credentials, active }) {
  const lines = ["piaojue/ack/1", meeting.fingerprint, slot, election, credentials, `${active}`];
  return new TextEncoder().encode(lines.join("\n"));
}

function checkApart(meeting, state, items, series, voters) {
  for (const held of roundsOf(state, items)) {
    const twice = held.series.find((one) => series.includes(one));
    if (twice === undefined) continue;
    const code = held.state === "open" ? "series-open" : "series-voted";
    throw new RefusedError(code, { series: twice });
  }
  const people = series.reduce((sum, one) => sum + (voters.get(one) ?? 0), 0);
  const floor = floorUnder(meeting, ruleOf(meeting, items[0]));
  if (people < floor) throw new RefusedError("paper-under-floor", { people, floor });
}

function checkAcks(meeting, body) {
  const message = ackMessage(meeting, body);
  const { trustees } = meeting;
  const indexes = body.acks.map((ack) => ack.trustee);
  const ascending = indexes.every((one, i) => i === 0 || indexes[i - 1] < one);
  if (!ascending || (indexes.at(-1) ?? 1) > trustees.names.length) {
    throw new VerificationError("unknown-trustee", { slot: body.slot });
  }
  const need = majority(meeting);
  if (indexes.length < need) {
    throw new RefusedError("too-few-acks", { have: indexes.length, need });
  }
  for (const { trustee, signature } of body.acks) {
    keys.verify(trustees.noteKeys[trustee - 1], message, signature, `trustee:${trustee}`);
  }
}
