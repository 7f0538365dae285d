// The line to the server: same origin only, canonical JSON, errors of our own families.
//
// On a device of its own the program there passes `/api/…` on to the server with the device's
// token, over TLS with the pinned certificate; in the simple mode this is the server itself, and
// the session is a cookie that no script can read. A page cannot tell the difference and need not.

import {
  ConflictError,
  FormatError,
  RefusedError,
  UnavailableError,
  VerificationError,
} from "../errors.js";
import { encode } from "../protocol/codec.js";

const CONFLICTS = new Set(["conflict", "ledger-moved"]);
const PATIENCE = 60_000; // milliseconds in which not a byte comes; then there is no answer
const BRIEF = 20_000; // the same, of what is asked for again and again
const PAUSE = 500; // milliseconds before the same is sent again, doubled up to eight seconds

/** GET a JSON value. Throws one of the families of errors.js. */
export async function get(path) {
  return read(await request("GET", path));
}

/** GET a JSON value that is asked for again and again: the next time comes soon. */
export async function poll(path) {
  return read(await request("GET", path, undefined, BRIEF));
}

/** GET bytes that somebody may hash: exactly as they are stored. */
export async function getBytes(path) {
  return readBytes(await request("GET", path));
}

/** GET bytes that are asked for again and again. */
export async function pollBytes(path) {
  return readBytes(await request("GET", path, undefined, BRIEF));
}

/** POST a JSON value, return the JSON answer. */
export async function post(path, value) {
  return read(await request("POST", path, encode(value)));
}

/** PUT a JSON value, return the JSON answer. */
export async function put(path, value) {
  return read(await request("PUT", path, encode(value)));
}

/** POST bytes as they are, return the JSON answer. */
export async function postBytes(path, bytes) {
  return read(await request("POST", path, bytes));
}

/** POST a JSON value, return the bytes of the answer. */
export async function postForBytes(path, value) {
  return readBytes(await request("POST", path, encode(value)));
}

/** DELETE. */
export async function del(path) {
  return read(await request("DELETE", path));
}

/**
 * Do something again and again while the server does not answer.
 * @param {() => Promise<T>} send must always send the same
 * @param {{waiting?: () => void, signal?: AbortSignal}} options waiting: told at each failure
 * @template T
 */
export async function patiently(send, { waiting = () => {}, signal } = {}) {
  for (let pause = PAUSE; ; pause = Math.min(2 * pause, 8000)) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof UnavailableError) || signal?.aborted) throw error;
      waiting();
      await sleep(pause, signal);
      if (signal?.aborted) throw error;
    }
  }
}

/** Wait so many milliseconds, or until told to stop. */
export function sleep(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

/**
 * On a bad line a request may hang for minutes, and whoever waits for it stands still and says
 * nothing: it counts as unanswered. A program on this very machine may take its time, as it does
 * to verify a box.
 */
async function request(method, path, body, patience = PATIENCE) {
  const watch = new Watch(path.startsWith("/device/") ? Infinity : patience);
  let response;
  try {
    response = await whole(
      await fetch(path, {
        method,
        body,
        signal: watch.signal,
        cache: "no-store",
        credentials: "same-origin",
        redirect: "error",
        referrerPolicy: "no-referrer",
      }),
      watch,
    );
  } catch {
    throw new UnavailableError("server-silent");
  } finally {
    watch.over();
  }
  if (response.ok) return response;
  throw await refusal(response);
}

/** Gives up when nothing has been heard for so many milliseconds. */
class Watch {
  constructor(patience) {
    this.patience = patience;
    this.controller = new AbortController();
    this.heard();
  }

  get signal() {
    return this.controller.signal;
  }

  heard() {
    this.over();
    if (this.patience < Infinity) {
      this.timer = setTimeout(() => this.controller.abort(), this.patience);
    }
  }

  over() {
    clearTimeout(this.timer);
  }
}

/** An answer with all of its bytes here; a long one may take as long as it moves. */
async function whole(response, watch) {
  if (response.body === null) return response;
  const reader = response.body.getReader();
  const chunks = [];
  for (;;) {
    watch.heard();
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
  }
  return new Response(new Blob(chunks), { status: response.status });
}

/** What is no JSON is no answer: whoever sent something may send the same again. */
async function read(response) {
  try {
    return await response.json();
  } catch {
    throw new UnavailableError("server-silent");
  }
}

async function readBytes(response) {
  return new Uint8Array(await response.arrayBuffer());
}

/** What a refusing answer says, as one of our errors. */
export async function refusal(response) {
  let said;
  try {
    said = await response.json();
  } catch {
    return new UnavailableError("server-silent");
  }
  const code = typeof said?.code === "string" ? said.code.slice(0, 100) : "internal";
  const params = said?.params ?? {};
  if (response.status >= 500) return new UnavailableError(code, params);
  if (CONFLICTS.has(code)) return new ConflictError(code, params);
  if (response.status === 422) return new VerificationError(code, params);
  if (code === "malformed") return new FormatError(String(params.place ?? ""), "");
  return new RefusedError(code, params);
}
