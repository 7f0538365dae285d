// The line to the server: when an answer counts as none.

import assert from "node:assert/strict";
import { test } from "node:test";

import { get, getBytes, poll } from "../../kiosk/web/src/common/api.js";

const MINUTE = 60_000;

/** Let what is waiting go on; the clock is not the real one. */
const turn = () => new Promise((go) => setImmediate(go));

/** A server whose answer begins and then comes piece by piece, as the test lets it. */
function slow(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const line = {};
  t.mock.method(globalThis, "fetch", async (_path, { signal }) => {
    const body = new ReadableStream({
      start(controller) {
        line.send = (text) => controller.enqueue(new TextEncoder().encode(text));
        line.end = () => controller.close();
        signal.addEventListener("abort", () => controller.error(signal.reason));
      },
    });
    return new Response(body);
  });
  return line;
}

/** Whether a promise is settled, and how. */
function watched(promise) {
  const state = { is: "waiting" };
  promise.then(
    () => (state.is = "answered"),
    (error) => (state.is = error.code),
  );
  return state;
}

test("an answer that stands still for a minute is a silent server", async (t) => {
  slow(t);
  const state = watched(get("/api/account"));
  await turn();
  t.mock.timers.tick(MINUTE - 1);
  await turn();
  assert.equal(state.is, "waiting");
  t.mock.timers.tick(1);
  await turn();

  assert.equal(state.is, "server-silent");
});

test("what is polled is given up sooner", async (t) => {
  slow(t);
  const state = watched(poll("/api/state"));
  await turn();
  t.mock.timers.tick(MINUTE / 3);
  await turn();

  assert.equal(state.is, "server-silent");
});

test("a long answer may take as long as it moves", async (t) => {
  const line = slow(t);
  const bytes = getBytes("/api/record.zip");
  const state = watched(bytes);
  for (const text of ["one", "two", "three"]) {
    await turn();
    line.send(text);
    await turn();
    t.mock.timers.tick(MINUTE - 1);
  }
  await turn();
  assert.equal(state.is, "waiting");
  line.end();

  assert.equal(new TextDecoder().decode(await bytes), "onetwothree");
});

test("a program on this machine may take its time", async (t) => {
  slow(t);
  const state = watched(get("/device/pending?lang=zh"));
  await turn();
  t.mock.timers.tick(60 * MINUTE);
  await turn();

  assert.equal(state.is, "waiting");
});
