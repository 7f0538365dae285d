// What a trustee's page shows for what his device says, and the conversation of a page that computes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { indexOf, screenOf } from "../../kiosk/web/src/trustee/screen.js";
import { Talk } from "../../kiosk/web/src/trustee/talk.js";
import { RefusedError } from "../../kiosk/web/src/errors.js";

function said(...events) {
  return events.map(([event, params = {}], i) => ({ n: i + 1, event, params }));
}

test("a question is what is on the screen, whatever was said besides", () => {
  const events = said(["enrolled"], ["ceremony"], ["code", { code: "01234 56789" }]);
  const screen = screenOf(events, events[2]);
  assert.equal(screen.id, "code");
  assert.equal(screen.question, 3);
  assert.equal(screen.params.code, "01234 56789");
  assert.equal(screen.phase, "ceremony");
});

test("once answered, the screen says what the device does now", () => {
  assert.equal(screenOf(said(["ceremony"], ["code", {}]), null).id, "dealing");
  assert.equal(screenOf(said(["ceremony"], ["code"], ["ceremony-again"]), null).id, "gathering");
});

test("who is missing is named until the next step", () => {
  const events = said(["ceremony"], ["waiting", { step: "commit", missing: [2, 3] }]);
  assert.deepEqual(screenOf(events, null).missing, [2, 3]);
  assert.deepEqual(screenOf([...events, ...said(["keys-made"])], null).missing, []);
  assert.deepEqual(screenOf(events, { n: 3, event: "copy", params: { number: 1 } }).missing, []);
});

test("progress belongs to the box that is being checked", () => {
  const events = said(
    ["checking", { slot: "s", ballots: 500 }],
    ["progress", { slot: "s", done: 132, total: 500 }],
  );
  assert.equal(screenOf(events, null).progress.done, 132);
  const signed = screenOf([...events, ...said(["checkpoint", { digest: "ABCD" }])], null);
  assert.equal(signed.progress, null);
  assert.equal(signed.params.digest, "ABCD");
});

test("the digest that was signed stays to be compared after the opening", () => {
  const events = said(["checkpoint", { slot: "s", digest: "ABCD" }], ["decrypted", { slot: "s" }]);
  assert.equal(screenOf(events, null).params.digest, "ABCD");
});

test("a complaint stays until the device gets on", () => {
  const events = said(["accepted"], ["error", { code: "objection-open", params: {} }]);
  assert.equal(screenOf(events, null).fault.code, "objection-open");
  assert.equal(screenOf([...events, ...said(["agreed", { active: 7 }])], null).fault, null);
});

test("an account names a trustee, or nobody", () => {
  assert.equal(indexOf("trustee:2"), 2);
  assert.equal(indexOf("officer:chair"), null);
  assert.equal(indexOf(null), null);
});

test("an answer goes to the question that is asked, once", async () => {
  const talk = new Talk();
  const answer = talk.ask("code", { code: "01234 56789" });
  assert.equal(talk.answer(7, "yes"), false);
  assert.equal(talk.answer(talk.asking.n, "yes"), true);
  assert.equal(talk.answer(1, "no"), false);
  assert.equal(await answer, "yes");
});

test("an offer waits, and what was taken back is no answer", () => {
  const talk = new Talk();
  talk.offer("destroy-early", { items: ["i3"] });
  assert.equal(talk.answered(), null);
  talk.answer(talk.asking.n, "yes");
  talk.offer("destroy", { items: [] });
  assert.equal(talk.answered(), null);
  talk.answer(talk.asking.n, "yes");
  assert.equal(talk.answered(), "yes");
  assert.equal(talk.answered(), null);
});

test("a listener hears everything from the beginning, and every change of the question", () => {
  const talk = new Talk();
  talk.tell("enrolled", { account: "trustee:1" });
  const heard = [];
  talk.onEvent((event, asking) => heard.push([event?.event ?? null, asking?.event ?? null]));
  talk.offer("destroy", {});
  talk.withdraw();
  talk.complain(new RefusedError("not-frozen"));
  assert.deepEqual(heard, [
    ["enrolled", null],
    ["destroy", "destroy"],
    [null, null],
    ["error", null],
  ]);
  assert.deepEqual(talk.events.at(-1).params, { code: "not-frozen", params: {} });
});

test("progress takes the place of earlier progress", () => {
  const talk = new Talk();
  for (const done of [8, 16]) talk.tell("progress", { done, total: 500 });
  assert.equal(talk.events.length, 1);
  assert.equal(talk.events[0].n, 2);
});
