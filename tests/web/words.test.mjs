// Which language a page speaks: the one asked for last, however late another one comes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { lang, loadWords, say } from "../../kiosk/web/src/common/words.js";

test("a language that comes late does not take the place of one asked for since", async (t) => {
  const answers = new Map();
  globalThis.document = { documentElement: {} };
  t.after(() => delete globalThis.document);
  t.mock.method(globalThis, "fetch", (path) => new Promise((done) => answers.set(path, done)));
  const answer = (one) => answers.get(`/words/${one}.json`)(Response.json({ a: one }));

  const first = loadWords("zh");
  answer("zh");
  await first;
  const late = loadWords("en");
  await loadWords("zh");
  answer("en");
  await late;
  assert.deepEqual([lang(), say("a")], ["zh", "zh"]);

  await loadWords("en");
  assert.deepEqual([lang(), say("a")], ["en", "en"]);
});
