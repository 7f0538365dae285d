// The console's copy of the ledger: nothing twice, nothing left out, however late the answers come.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Store } from "../../kiosk/web/src/console/store.js";

const act = (n) => ({ act: { kind: "room", body: { n } } });

/** A store before a server that answers from what it has at the request, when it is let. */
function room(t, lines) {
  const held = [];
  t.mock.method(globalThis, "fetch", async (path) => {
    const from = Number(new URL(path, "http://x").searchParams.get("from"));
    const text = lines
      .slice(from)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join("");
    await new Promise((go) => held.push(go));
    return new Response(text);
  });
  const store = new Store({}, {}, { changed: () => store.acts(), lost() {} });
  store.read = async () => {
    store.view = { overview: { height: lines.length } };
    store.tell();
  };
  const answer = async () => {
    while (held.length === 0) await new Promise((go) => setImmediate(go));
    held.shift()();
  };
  return { store, answer };
}

test("two who ask for what is new get every act once", async (t) => {
  const lines = [act(0)];
  const { store, answer } = room(t, lines);
  await store.refresh(); // the screen asks for the first act, and waits
  lines.push(act(1));
  const latest = store.latest();
  await answer();
  await answer();

  assert.deepEqual(
    (await latest).map(({ body }) => body.n),
    [0, 1],
  );
  assert.equal(store.ledger.length, 2);
});

test("whoever decides waits until what was just sent is there", async (t) => {
  const lines = [act(0), act(1)];
  const { store, answer } = room(t, lines);
  const latest = store.latest();
  await answer();

  assert.equal((await latest).length, 2);
});
