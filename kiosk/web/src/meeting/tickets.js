// Tickets: what was printed, what is void for a slot, and what is in people's hands
// (voting/meeting/tickets.py).
//
// *Drawn* is never typed: it is printed - leftovers of the slot. 发出 (issued) = drawn - withdrawn.
// A leftover and a withdrawal are signed by the ticket's own key for that slot, so that the
// server can void nobody's.

import { RefusedError } from "../errors.js";
import { ED25519, decodeScalar } from "../crypto/group.js";
import { verifyTicketAct } from "../protocol/credential.js";
import { isIssued, withEntry } from "./state.js";

/** Commit to every series' list of credentials for every slot, once. */
export function issue(meeting, state, body) {
  if (isIssued(state)) throw new RefusedError("already-issued");
  if (body.made !== meeting.mode.tickets) {
    throw new RefusedError("tickets-made-otherwise", { made: body.made });
  }
  const wanted = [...meeting.series.values()];
  const same = body.series.length === wanted.length &&
    body.series.every((one, i) => one.id === wanted[i].id && one.printed === wanted[i].printed);
  if (!same) throw new RefusedError("other-series");
  const slots = meeting.slots.join();
  if (body.series.some((one) => Object.keys(one.lists).join() !== slots)) {
    throw new RefusedError("other-slots");
  }
  const lists = body.series.map((one) => [one.id, new Map(Object.entries(one.lists))]);
  return { ...state, lists: new Map(lists) };
}

/** Void a ticket that nobody drew, for this slot only. */
export function leftover(meeting, state, body) {
  verified(meeting, state, "leftover", body);
  return { ...state, leftovers: withVoid(state.leftovers, body) };
}

/** Take a drawn ticket out of this slot, by the hand that holds it. */
export function withdraw(meeting, state, body) {
  verified(meeting, state, "withdraw", body);
  return { ...state, withdrawn: withVoid(state.withdrawn, body) };
}

/** Void a whole series for every slot not yet opened; its holders draw again from another. */
export function voidSeries(meeting, state, body) {
  checkSeries(meeting, state, body.series);
  return { ...state, voidSeries: new Set(state.voidSeries).add(body.series) };
}

/** How many tickets of a series people hold: printed - leftovers. */
export function drawn(meeting, state, slot, series) {
  return meeting.series.get(series).printed - ofSeries(state.leftovers, slot, series);
}

/** 发出 of a series in a slot: drawn - withdrawn. */
export function issued(meeting, state, slot, series) {
  return drawn(meeting, state, slot, series) - ofSeries(state.withdrawn, slot, series);
}

function verified(meeting, state, act, body) {
  const { slot, series, credential } = body;
  if (!meeting.slots.includes(slot)) throw new RefusedError("unknown-slot", { slot });
  if (state.rounds.has(slot)) throw new RefusedError("slot-opened", { slot });
  checkSeries(meeting, state, series);
  if (state.leftovers.get(slot)?.has(credential) || state.withdrawn.get(slot)?.has(credential)) {
    throw new RefusedError("credential-void", { slot });
  }
  if (issued(meeting, state, slot, series) === 0) {
    throw new RefusedError("too-many-tickets", { series });
  }
  const proof = {
    challenge: decodeScalar(body.proof.challenge, ED25519.order, `${act}.proof.challenge`),
    response: decodeScalar(body.proof.response, ED25519.order, `${act}.proof.response`),
  };
  const element = ED25519.decode(credential, `${act}.credential`);
  const where = { slot, meetingFingerprint: meeting.fingerprint, group: ED25519 };
  verifyTicketAct(element, act, { ...where, proof });
}

function checkSeries(meeting, state, series) {
  if (!isIssued(state)) throw new RefusedError("not-issued");
  if (!meeting.series.has(series)) throw new RefusedError("unknown-series", { series });
  if (state.voidSeries.has(series)) throw new RefusedError("series-void", { series });
}

function ofSeries(bySlot, slot, series) {
  return [...(bySlot.get(slot)?.values() ?? [])].filter((one) => one === series).length;
}

function withVoid(bySlot, { slot, credential, series }) {
  return withEntry(bySlot, slot, withEntry(bySlot.get(slot) ?? new Map(), credential, series));
}
