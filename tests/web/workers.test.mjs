// Whoever asks a Worker gets his own answer, also while others have asked it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { packError, RefusedError } from "../../kiosk/web/src/errors.js";
import { mixer, verifiers } from "../../kiosk/web/src/tally/workers.js";

const made = [];
const machine = { value: { hardwareConcurrency: 2 }, configurable: true };
Object.defineProperty(globalThis, "navigator", machine);
globalThis.Worker = class {
  constructor() {
    this.asked = [];
    made.push(this);
  }

  postMessage(message) {
    this.asked.push(message);
  }

  terminate() {
    this.over = true;
  }

  say(index, data) {
    this.onmessage({ data: { id: this.asked[index].id, ...data } });
  }
};

test("an answer goes to who asked, in whatever order the answers come", async () => {
  const [verify] = verifiers();
  const first = verify("e1", []);
  const second = verify("e2", []);
  const third = verify("e3", []);
  const [worker] = made.splice(0);
  worker.say(1, { part: "two" });
  worker.say(0, { part: "one" });
  worker.say(2, { error: packError(new RefusedError("not-frozen")) });

  assert.deepEqual(await Promise.all([first, second]), ["one", "two"]);
  await assert.rejects(third, { code: "not-frozen" });
});

test("progress is told to who asked for that work", async () => {
  const mix = mixer();
  const heard = [[], []];
  const works = heard.map((of) => mix.check("e", "t", "b", (...now) => of.push(now)));
  const [worker] = made.splice(0);
  worker.say(0, { progress: [1, 4] });
  worker.say(1, { progress: [3, 4] });
  worker.say(0, { part: "done" });
  worker.say(1, { part: "done" });
  await Promise.all(works);

  assert.deepEqual(heard, [[[1, 4]], [[3, 4]]]);
});

test("when a Worker dies everybody who waits is told, and the next one asks a new Worker", async () => {
  const [verify] = verifiers();
  const waiting = [verify("e1", []), verify("e2", [])];
  const [dead] = made.splice(0);
  dead.onerror();
  for (const one of waiting) await assert.rejects(one, { code: "verifier-worker" });
  assert.equal(dead.over, true);

  const next = verify("e3", []);
  const [worker] = made.splice(0);
  worker.say(0, { part: "again" });
  assert.equal(await next, "again");
});
