// The Worker that seals. It has one correspondent, its page, and answers each request in turn:
//
//   {id, call, value}  →  {id, value}  or  {id, error: {kind, code, params}}
//                         before it, where sealing takes long, {id, done}: the part that is done
//
// Once, when it has started, `{}`: its page then knows that its script has come.
//
// What is prepared while the voter reads is prepared question by question, and whatever is asked
// meanwhile is answered in between: a ballot of 240 questions keeps nobody waiting for its first.
//
// `call` is a method of Sealing (sealing.js). No network, no storage, no clock; randomness is the
// browser's. It starts without secrets and is ended by its page when a session is over.

import { randomBytes } from "../crypto/random.js";
import { RefusedError, packError } from "../errors.js";
import { Sealing } from "./sealing.js";

const CALLS = new Set([
  "load", "ticket", "credential", "sign", "ready", "seal", "open", "drop", "wipe",
]);
const sealing = new Sealing(randomBytes);

const SLICE = 4; // questions that are prepared at a stretch
const TOLD = 0.05; // the part of a sealing between two reports

self.addEventListener("message", ({ data: { id, call, value } }) => {
  try {
    if (!CALLS.has(call)) throw new RefusedError();
    const answer = sealing[call](value, telling(id));
    if (call === "ready") goOn(id, value);
    else self.postMessage({ id, value: answer });
  } catch (error) {
    self.postMessage({ id, error: packError(error) });
  }
});

self.postMessage({});

/** Prepare a few questions, let others in, prepare the next; answered when all is prepared. */
function goOn(id, slot) {
  try {
    let more = true;
    for (let i = 0; more && i < SLICE; i += 1) more = sealing.prepareMore(slot);
    if (more) setTimeout(goOn, 0, id, slot);
    else self.postMessage({ id });
  } catch (error) {
    self.postMessage({ id, error: packError(error) });
  }
}

function telling(id) {
  let told = 0;
  return (done) => {
    if (done < told + TOLD || done === 1) return;
    told = done;
    self.postMessage({ id, done });
  };
}
