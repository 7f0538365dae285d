// The Worker that seals. It has one correspondent, its page, and answers each request in turn:
//
//   {id, call, value}  →  {id, value}  or  {id, error: {kind, code, params}}
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

self.addEventListener("message", ({ data: { id, call, value } }) => {
  try {
    if (!CALLS.has(call)) throw new RefusedError();
    self.postMessage({ id, value: sealing[call](value) });
  } catch (error) {
    self.postMessage({ id, error: packError(error) });
  }
});
