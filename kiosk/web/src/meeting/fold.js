// The ledger folded into the state, as the services and the verifier fold it
// (voting/meeting/fold.py).
//
// `apply` takes one line: its place in the chain, its signatures, then the guards of its kind
// (docs/spec/ledger.md has the table). `advance` is the same without chain and signatures.
// Nothing is changed in place: after an error the old state is what it was.

import { RefusedError, VerificationError } from "../errors.js";
import * as attendance from "./attendance.js";
import * as certification from "./certification.js";
import { checkWindow } from "./chain.js";
import { lineDigest, verifySignatures } from "./ledger.js";
import { readWords } from "./readings.js";
import { minute } from "./recording.js";
import * as rounds from "./rounds.js";
import { EMPTY, isIssued } from "./state.js";
import * as tickets from "./tickets.js";

/** Apply lines in order, from the beginning or from a state that was folded before. */
export function fold(meeting, lines, state = EMPTY) {
  return lines.reduce((reached, line) => apply(meeting, reached, line), state);
}

/**
 * Apply one line.
 * @throws {RefusedError} the act is not allowed here or not now (docs/spec/ledger.md)
 * @throws {VerificationError} `broken-chain`, or something in the act does not hold
 * @throws {ProofError} a signature does not verify
 */
export function apply(meeting, state, line) {
  const { act } = line;
  if (act.height !== state.height || act.parent !== state.head) {
    throw new VerificationError("broken-chain", { height: act.height });
  }
  verifySignatures(meeting, line);
  return { ...advance(meeting, state, act), head: lineDigest(line) };
}

/** Apply an act's guards and effect, whoever signs it. `head` stays the old one. */
export function advance(meeting, state, act) {
  checkTime(state, act);
  return { ...after(meeting, state, act), height: state.height + 1, at: act.at ?? state.at };
}

/** Refuse a time before that of the last act that has one; their order is that of the texts. */
function checkTime({ at: last }, { at }) {
  if (at !== null && last !== null && at < last) throw new RefusedError("time-backwards", { at, last });
}

function after(meeting, state, { kind, body, at }) {
  if (kind === "freeze") return freeze(meeting, state, body);
  if (!state.frozen) throw new RefusedError("not-frozen");
  if (state.closed) throw new RefusedError("closed");
  if (state.destroyed.size && !AFTER_DESTRUCTION.has(kind)) {
    throw new RefusedError("shares-destroyed");
  }
  if (kind === "open") checkWindow(meeting, body, at);
  return FAMILIES[kind](meeting, state, body);
}

function freeze(meeting, state, body) {
  if (state.frozen) throw new RefusedError("already-frozen");
  if (body.meeting !== meeting.fingerprint) throw new VerificationError("other-meeting");
  return { ...state, frozen: true };
}

/** Refuse an act of the room before tickets are issued: one signs in and draws in one motion. */
function afterIssue(family) {
  return (meeting, state, body) => {
    if (!isIssued(state)) throw new RefusedError("not-issued");
    return family(meeting, state, body);
  };
}

/** Acts that open no box and change no outcome, so that they need no share any more. */
const AFTER_DESTRUCTION = new Set(["destroy", "release", "minute", "close"]);

const FAMILIES = {
  issue: tickets.issue,
  leftover: tickets.leftover,
  withdraw: tickets.withdraw,
  "void-series": tickets.voidSeries,
  attend: afterIssue(attendance.attend),
  leave: afterIssue(attendance.leave),
  return: afterIssue(attendance.comeBack),
  recuse: afterIssue(attendance.recuse),
  unrecuse: afterIssue(attendance.unrecuse),
  present: afterIssue(attendance.present),
  correct: afterIssue(attendance.correct),
  room: afterIssue(rounds.room),
  minute: afterIssue(minute),
  open: rounds.openRound,
  spoil: rounds.spoil,
  seal: rounds.seal,
  "no-objection": rounds.noObjection,
  compared: rounds.compared,
  count: rounds.count,
  void: rounds.voidRound,
  reading: readWords,
  certify: certification.certify,
  release: certification.release,
  destroy: certification.destroy,
  close: certification.close,
};
