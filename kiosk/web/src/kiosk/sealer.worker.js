// The Worker that seals. It has one correspondent, its page, and answers each request in turn:
//
//   {id, call, value}  →  {id, value}  or  {id, error: {kind, code, params}}
//                         before it, where sealing takes long, {id, done}: the part that is done
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

const TOLD = 100; // milliseconds between two reports of a sealing

self.addEventListener("message", ({ data: { id, call, value } }) => {
  try {
    if (!CALLS.has(call)) throw new RefusedError();
    self.postMessage({ id, value: sealing[call](value, telling(id)) });
    if (call === "ready") goOn(value);
  } catch (error) {
    self.postMessage({ id, error: packError(error) });
  }
});

function goOn(slot) {
  if (sealing.prepareMore(slot)) setTimeout(goOn, 0, slot);
}

function telling(id) {
  let last = performance.now();
  return (done) => {
    if (performance.now() - last < TOLD) return;
    last = performance.now();
    self.postMessage({ id, done });
  };
}
