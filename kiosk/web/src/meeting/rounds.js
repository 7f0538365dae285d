// The acts of a round from the gates of the room to the count, with every guard
// (voting/meeting/rounds.py).
//
// Each function takes the meeting, the state and the act's body, and returns the new state or
// throws RefusedError (not now), VerificationError or ProofError (a finding).

import { hexToBytes } from "../crypto/bytes.js";
import { b64Digest } from "../crypto/hashing.js";
import { RefusedError, VerificationError } from "../errors.js";
import { checkpointDigest, checkpointText, verifyCheckpoint } from "../protocol/checkpoint.js";
import { firstOf, requireWhole, verifyChain, verifyLink } from "../protocol/mixing.js";
import { eligible, total } from "./attendance.js";
import { itemsLeft, standingsOf } from "./binding.js";
import { dueUnder, floorUnder, majority, ruleOf } from "./frozen.js";
import { checkOpening, checkQuorum, groupsHere } from "./opening.js";
import { roundAt, roundIssued, spoils, withEntry, withRound } from "./state.js";
import { issued } from "./tickets.js";

/** Why the rule voids a round by itself. */
export const RETURNED_EXCEEDS_ISSUED = "returned-exceeds-issued";

/** Enter the next gate of the room for an item: introduced, discussed, principal last. */
export function room(meeting, state, { item, step }) {
  if (!meeting.items.has(item)) throw new RefusedError("unknown-item", { item });
  const done = state.steps.get(item) ?? 0;
  if (step !== ruleOf(meeting, item).roomGates[done]) {
    throw new RefusedError("room-step-order", { item, step });
  }
  return { ...state, steps: withEntry(state.steps, item, done + 1) };
}

/** Bind and open: the guards are in `opening`. */
export function openRound(meeting, state, body) {
  checkOpening(meeting, state, body);
  return withRound(state, {
    ...boundRound(meeting, state, body),
    presentAtOpen: total(eligible(meeting, state, body.items)),
    recused: new Map(body.items.map((item) => [item, state.recusals.get(item)?.size ?? 0])),
    groupsAtOpen: groupsHere(state, ruleOf(meeting, body.items[0])),
  });
}

/** A round as its opening binds it; who is present stands in `openRound`. */
export function boundRound(meeting, state, body) {
  const { slot, items, series } = body;
  const rule = ruleOf(meeting, items[0]);
  return {
    slot,
    number: body.round,
    state: "open",
    rule: rule.id,
    items,
    series,
    election: body.election,
    credentials: body.credentials,
    issuedBySeries: new Map(series.map((one) => [one, issued(meeting, state, slot, one)])),
    due: dueUnder(meeting, rule),
    presentAtOpen: 0,
    recused: new Map(),
    standings: standingsOf(body),
    groupsAtOpen: new Map(),
    groupsAtSeal: new Map(),
    spoiled: new Set(),
    presentAtSeal: null,
    heads: null,
    returned: null,
    ballots: null,
    sealedArchive: null,
    override: false,
    noObjection: false,
    reading: null,
    compared: null,
    checkpoint: null,
    finalArchive: null,
    proofs: null,
    shuffles: [],
    signed: [],
    released: false,
    voidReason: null,
  };
}

/** Mark a tracker as opened for checking a device; it can not be cast any more. */
export function spoil(_meeting, state, body) {
  const one = roundAt(state, body.slot, "open");
  if (one.spoiled.has(body.tracker)) throw new RefusedError("already-spoiled", { slot: one.slot });
  return withRound(state, { ...one, spoiled: new Set(one.spoiled).add(body.tracker) });
}

/** End casting. More returned than issued voids; fewer than the floor stay shut for ever. */
export function seal(meeting, state, body) {
  const one = roundAt(state, body.slot, "open");
  const { slot } = one;
  const presentAtSeal = total(eligible(meeting, state, one.items));
  checkQuorum(meeting, state, one.items, slot);
  const { heads, returned } = body;
  if (heads !== returned) throw new RefusedError("heads-mismatch", { slot, heads, returned });
  const sealed = {
    ...one,
    state: "sealed",
    presentAtSeal,
    groupsAtSeal: groupsHere(state, meeting.rules.get(one.rule)),
    heads,
    returned,
    ballots: body.ballots,
    sealedArchive: body.archive,
    override: body.override,
  };
  if (returned > roundIssued(one)) {
    return withRound(state, { ...sealed, state: "void", voidReason: RETURNED_EXCEEDS_ISSUED });
  }
  const owed = spoilsOwed(meeting, state, slot);
  if (owed) throw new RefusedError("spoil-quota", { missing: owed });
  if (returned < floorUnder(meeting, meeting.rules.get(one.rule))) {
    return withRound(state, { ...sealed, state: "under-floor" });
  }
  return withRound(state, sealed);
}

/** Every scrutineer has looked at the trackers and objects to nothing. */
export function noObjection(_meeting, state, body) {
  const one = roundAt(state, body.slot, "sealed");
  if (one.noObjection) throw new RefusedError("already-no-objection", { slot: one.slot });
  return withRound(state, { ...one, noObjection: true });
}

/** A device is lost: the checkpoint's digest was read aloud and is the hall screen's. */
export function compared(meeting, state, body) {
  const one = withoutObjection(state, body.slot);
  const { slot } = one;
  if (body.missing.some((index) => index > meeting.trustees.names.length)) {
    throw new VerificationError("unknown-trustee", { slot });
  }
  if (body.checkpoint !== checkpointDigest(checkpointOf(meeting, one))) {
    throw new VerificationError("checkpoint-mismatch", { slot });
  }
  const noted = { checkpoint: body.checkpoint, missing: body.missing };
  return withRound(state, { ...one, compared: noted });
}

/** Take in the count. The note inside carries the trustees' signatures over the checkpoint. */
export function count(meeting, state, body) {
  const one = withoutObjection(state, body.slot);
  const { slot } = one;
  const noteKeys = meeting.trustees.noteKeys.map(hexToBytes);
  const note = new TextEncoder().encode(body.checkpoint);
  const [checkpoint, signers] = verifyCheckpoint(note, noteKeys);
  if (checkpointText(checkpoint) !== checkpointText(checkpointOf(meeting, one))) {
    throw new VerificationError("checkpoint-mismatch", { slot });
  }
  const need = one.compared === null ? majority(meeting) : meeting.trustees.threshold;
  if (signers.size < need) {
    throw new RefusedError("checkpoint-signatures", { slot, have: signers.size, need });
  }
  return withRound(state, {
    ...one,
    state: "counted",
    checkpoint: body.checkpoint,
    finalArchive: body.archive,
    proofs: body.proofs,
    shuffles: shufflesOf(meeting, one, body),
  });
}

/**
 * The shuffles that the trustees made and agreed to; whether any were needed, and that these are
 * the archive's, is seen where the archive is read.
 */
function shufflesOf(meeting, one, { shuffles }) {
  if (shuffles === undefined) return [];
  const { slot } = one;
  const { trustees } = meeting;
  const noteKeys = trustees.noteKeys.map(hexToBytes);
  const [chain, signers] = verifyChain(new TextEncoder().encode(shuffles.note), noteKeys);
  if (chain.checkpoint !== checkpointDigest(checkpointOf(meeting, one))) {
    throw new VerificationError("shuffles-checkpoint", { slot });
  }
  if (shuffles.links.length !== chain.links.length) {
    throw new VerificationError("shuffles-links", { slot });
  }
  shuffles.links.forEach((line, i) => verifyLink(firstOf(chain, i + 1), line, noteKeys));
  const { names: { length: size }, threshold } = trustees;
  requireWhole(chain, slot, { size, threshold, missing: one.compared?.missing ?? [] });
  const need = one.compared === null ? majority(meeting) : threshold;
  if (signers.size < need) {
    throw new RefusedError("shuffles-signatures", { slot, have: signers.size, need });
  }
  return chain.links;
}

/** Void a round that was not counted. That no factor was posted yet, the service knows. */
export function voidRound(_meeting, state, body) {
  const one = roundAt(state, body.slot, "open", "sealed");
  return withRound(state, { ...one, state: "void", voidReason: body.reason });
}

/** The checkpoint that a sealed round must have. */
export function checkpointOf(meeting, one) {
  return {
    meeting: meeting.fingerprint,
    slot: one.slot,
    phi: b64Digest(hexToBytes(one.election)),
    trustees: meeting.trustees.certificates,
    credentials: one.credentials,
    ballots: one.ballots,
    number: one.returned,
  };
}

/**
 * How many device checks are lacking before this slot may be sealed. Only the last seal demands
 * them: while another item waits or another round is open there is time.
 */
export function spoilsOwed(meeting, state, slot) {
  const rounds = [...state.rounds.values()];
  const others = rounds.some((one) => one.state === "open" && one.slot !== slot);
  if (others || itemsLeft(meeting, state).length) return 0;
  return Math.max(0, meeting.spoilQuota - spoils(state));
}

function withoutObjection(state, slot) {
  const one = roundAt(state, slot, "sealed");
  if (!one.noObjection) throw new RefusedError("objection-open", { slot });
  return one;
}
