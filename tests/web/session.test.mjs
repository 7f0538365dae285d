// What the kiosk shows and what may follow: every claim of a voter's walk, without a page.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  CAMERA,
  IDLE,
  SESSION,
  marksOf,
  openItems,
  position,
  step,
  trackers,
  waiting,
} from "../../kiosk/web/src/kiosk/session.js";

const ANSWERS = ["agree", "disagree", "abstain"].map((option) => [option, option]);
const matter = (item) =>
  ({ item, form: "words", contest: false, capped: false, lines: [{ id: "", answers: ANSWERS }] });
const paper = (slot, items, counted = null) =>
  ({ slot, items, matters: items.map(matter), counted });
const ONE = [paper("s1", ["i1", "i2"])];
const TWO = [paper("s1", ["i1"]), paper("s2", ["i2", "i3"])];

const walk = (state, ...events) =>
  events.reduce((so, event) => step(so, typeof event === "string" ? { type: event } : event), state);
const admitted = (papers) => walk(waiting(), "read", { type: "admitted", papers });
const mark = (item, option = "agree") => ({ type: "mark", item, option });
const full = (papers = ONE) => walk(admitted(papers), ...papers[0].items.map((item) => mark(item)));
const sealed = (papers) => walk(full(papers), "review", { type: "sealed", tracker: "T1" });
const counted = (tracker) => ({ type: "counted", tracker });

test("a ticket leads from waiting to a ballot on which nothing is marked", () => {
  const state = admitted(ONE);

  assert.equal(state.screen, "ballot");
  assert.deepEqual(state.marks, {});
  assert.deepEqual(openItems(state), ["i1", "i2"]);
  assert.equal(walk(waiting(), "type", "read").screen, "reading");
});

test("a mark is one option of one item, and the last one counts", () => {
  const state = walk(admitted(ONE), mark("i1"), mark("i1", "abstain"));

  assert.deepEqual(state.marks, { i1: { "": "abstain" } });
  assert.equal(walk(state, mark("i9")), state);
  assert.equal(walk(state, mark("i2", "defer")), state);
});

test("nothing can be sealed, cast or checked while an item is open", () => {
  const review = walk(admitted(ONE), mark("i2"), "review");

  for (const event of ["cast", "check", { type: "sealed", tracker: "T" }]) {
    assert.equal(walk(review, event), review);
  }
  assert.equal(walk(review, { type: "edit", item: "i1" }).from, 0);
});

test("what is sealed is one mark for each item", () => {
  const state = walk(admitted(ONE), mark("i2", "abstain"), mark("i1", "disagree"));

  assert.deepEqual(marksOf(state), { i1: "disagree", i2: "abstain" });
});

test("what was looked for is gone with the next leaf", () => {
  const state = walk(admitted(ONE), { type: "find", finding: { text: "ww", page: 2 } });
  assert.equal(state.finding.text, "ww");
  assert.equal(walk(state, { type: "turn", from: 1 }).finding.text, "");
});

test("going back to edit forgets what was sealed", () => {
  const review = sealed(ONE);
  const again = walk(review, { type: "edit", item: "i2" });

  assert.equal(review.sealed, "T1");
  assert.equal(again.sealed, null);
  assert.equal(again.from, 1);
  assert.equal(walk(again, "review").sealed, null);
});

test("a second tap on the large key casts nothing twice", () => {
  const casting = walk(sealed(ONE), "cast");

  assert.equal(casting.screen, "casting");
  assert.equal(walk(casting, "cast"), casting);
  assert.equal(walk(casting, "review", "edit", mark("i1")), casting);
});

test("every paper is cast by itself, one after another", () => {
  const after = walk(sealed(TWO), "cast", counted("T1"));
  assert.equal(after.screen, "next");
  assert.deepEqual(trackers(after), [{ number: 1, tracker: "T1" }]);

  const second = walk(after, "onward");
  assert.equal(second.screen, "ballot");
  assert.deepEqual(second.marks, {});
  assert.deepEqual(position(second), { number: 2, papers: 2 });

  const done = walk(second, mark("i2"), mark("i3"), "review", "cast", counted("T2"));
  assert.equal(done.screen, "done");
  assert.deepEqual(trackers(done).map((one) => one.tracker), ["T1", "T2"]);
  assert.equal(done.marks, undefined);
});

test("a paper that counted before is passed over, and only it", () => {
  const state = admitted([paper("s1", ["i1"], "T0"), paper("s2", ["i2"])]);
  assert.equal(state.at, 1);
  assert.deepEqual(position(state), { number: 2, papers: 2 });

  const done = walk(state, mark("i2"), "review", "cast", counted("T2"));
  assert.deepEqual(trackers(done), [{ number: 2, tracker: "T2" }]);
});

test("a ticket that has voted everywhere is told so", () => {
  assert.equal(admitted([paper("s1", ["i1"], "T0")]).screen, "standing");
  assert.equal(admitted([paper("s1", ["i1"], "")]).screen, "standing");
});

test("a cast that is refused says why, and the next paper is still offered", () => {
  const error = { code: "round-sealed" };
  const one = walk(sealed(ONE), "cast", { type: "lost", error, tell: "scrutineer" });
  assert.equal(one.screen, "notice");
  assert.equal(one.error, error);

  const two = walk(sealed(TWO), "cast", { type: "lost", error });
  assert.equal(two.screen, "next");
  assert.deepEqual(trackers(two), []);
  assert.equal(walk(two, "onward").at, 1);
});

test("an opening is shown only after the mark, and the paper begins anew", () => {
  const tracker = walk(sealed(ONE), "check");
  assert.equal(tracker.screen, "tracker");
  assert.equal(walk(tracker, { type: "marked", opening: "O" }), tracker);
  assert.equal(walk(tracker, "back").sealed, "T1");

  const opening = walk(tracker, { type: "mark" }, { type: "marked", opening: "O" });
  assert.equal(opening.screen, "opening");
  assert.equal(walk(opening, "cast"), opening);

  const again = walk(opening, "onward");
  assert.deepEqual([again.screen, again.marks, again.sealed], ["ballot", {}, null]);
  assert.equal(again.opening, undefined);
});

test("nothing is checked before it is sealed", () => {
  const review = walk(full(), "review");

  assert.equal(walk(review, "check"), review);
});

test("withdrawing is a session of its own, asked once more before it is sent", () => {
  const choices = [{ kind: "all", slots: ["s3", "s4"], items: [] }];
  const asked = walk(waiting(), "leave", "read", { type: "asked", choices });
  assert.equal(asked.screen, "choosing");
  assert.equal(walk(waiting(), "leave", "read", { type: "admitted", papers: ONE }).screen, "reading");
  assert.equal(walk(waiting(), "read", { type: "asked", choices }).screen, "reading");
  assert.equal(walk(asked, "send"), asked);

  const confirming = walk(asked, { type: "choose", choice: 0 });
  assert.equal(walk(confirming, "back").screen, "choosing");
  assert.equal(walk(confirming, "send", { type: "progress", sent: 1 }).sent, 1);
  assert.equal(walk(confirming, "send", "left").screen, "left");
});

test("a wipe leaves nothing of any session", () => {
  const states = [
    admitted(TWO), full(), sealed(ONE), walk(sealed(ONE), "cast"), walk(sealed(ONE), "check"),
    walk(sealed(TWO), "cast", counted("T1")), walk(sealed(ONE), "cast", counted("T1")),
  ];

  for (const state of states) assert.deepEqual(walk(state, "wipe"), waiting());
});

test("staff cover wipes first, and only their code returns to service", () => {
  const covered = walk(full(), "cover");

  assert.deepEqual(covered, { screen: "covered" });
  for (const event of ["wipe", "read", "review", "cast"]) assert.equal(walk(covered, event), covered);
  assert.equal(walk(covered, "released").screen, "waiting");
});

test("what the server says changes no open ballot", () => {
  const state = full();

  for (const event of [{ type: "notice", notice: {} }, counted("T"), "onward", "left"]) {
    assert.equal(walk(state, event), state);
  }
});

test("a late answer to a session that was wiped does nothing", () => {
  for (const event of [counted("T"), { type: "admitted", papers: ONE }, { type: "refused", error: {} }]) {
    assert.equal(walk(waiting(), event), waiting());
  }
});

test("the camera is on where no ballot is, and nobody's screen stays for ever", () => {
  for (const screen of CAMERA) assert.equal(SESSION.has(screen), false);
  const endless = [...SESSION].filter((screen) => !IDLE.has(screen));

  // What has been sent and waits for the server, and what has a clock of its own.
  assert.deepEqual(endless.sort(), ["casting", "done", "left", "marking", "sending"]);
});
