// The console's view of a meeting: which entries there are, what is now, who may act.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  findPeople,
  gateState,
  gatesOf,
  makeView,
  mayPropose,
  paperOf,
  placesOf,
  stepWords,
  voidSeries,
  waitsFor,
} from "../../kiosk/web/src/console/model.js";

const WHOLE = ["draft", "enrol", "kiosks", "ceremony", "freeze", "issue", "attend", "room"];
const PAPER = ["leftovers", "withdraw", "match", "prepare", "acknowledge", "open", "vote", "seal"];
const ROUND = [
  "open",
  "vote",
  "checks",
  "seal",
  "no-objection",
  "count",
  "decide",
  "certify",
  "release",
];

function step(id, state, { slot = null, who = ["secretary"], missing = [] } = {}) {
  return { id, slot, state, ready: false, missing, who, act: null, final: false };
}

/** Steps of a line of which everything before `now` is done and everything after is later. */
function line(ids, now, options = {}) {
  const at = ids.indexOf(now);
  return ids.map((id, index) =>
    step(id, at < 0 || index < at ? "done" : index === at ? "now" : "later", options),
  );
}

function overview(changes = {}) {
  return {
    stage: "frozen",
    numbers: { due: 7, present: 6, away: 0, alternates: 0, attendees: 0, quorum: [] },
    steps: [
      ...line(WHOLE, "attend"),
      ...line(["destroy", "close", "sign-record"], "destroy").map((one) => ({
        ...one,
        state: "later",
      })),
    ],
    papers: [],
    rounds: [],
    binding: null,
    proposal: null,
    officers: [],
    trustees: [],
    ...changes,
  };
}

function view(changes, role = "secretary") {
  return makeView({
    overview: overview(changes),
    me: { account: `officer:${role}`, role },
    meeting: null,
  });
}

const states = (found) => Object.fromEntries(found.entries.map((one) => [one.id, one.state]));

test("the line has an entry for each part of the meeting, numbered, and one is now", () => {
  const found = view();

  assert.deepEqual(
    found.entries.map((one) => one.id),
    [...WHOLE, "votes", "end"],
  );
  assert.deepEqual(
    found.entries.map((one) => one.number),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  );
  assert.equal(found.now, "attend");
  assert.equal(states(found).freeze, "done");
  assert.equal(states(found).room, "later");
});

test("every paper is an entry of its own, the opened ones first", () => {
  const steps = [
    ...line(WHOLE, ""),
    ...line(ROUND, "vote", { slot: "s1", who: ["member"] }),
    ...line(PAPER, "leftovers", { slot: "s2" }),
  ];
  const found = view({
    steps,
    rounds: [{ slot: "s1", state: "open", items: ["i6"] }],
    papers: [{ slot: "s2", items: ["i1"], table: [], recused: 0 }],
  });

  assert.deepEqual(
    found.entries.slice(8).map((one) => one.id),
    ["paper:s1", "paper:s2", "end"],
  );
  assert.equal(found.now, "paper:s2"); // what waits for the secretary, and not for the members
});

test("what is now for somebody's own role comes before what is now for others", () => {
  const steps = [
    ...line(WHOLE, "room", { who: ["recorder"] }),
    ...line(ROUND, "no-objection", { slot: "s1", who: ["scrutineer"] }),
  ];
  const changes = { steps, rounds: [{ slot: "s1", state: "sealed", items: ["i1"] }] };

  assert.equal(view(changes, "recorder").now, "room");
  assert.equal(view(changes, "scrutineer").now, "paper:s1");
  assert.equal(view(changes, "teller").now, "room");
});

test("a round that ended early is done, whatever steps it never came to", () => {
  const steps = [
    ...line(WHOLE, ""),
    step("open", "done", { slot: "s1" }),
    step("vote", "done", { slot: "s1" }),
  ];
  const found = view({ steps, rounds: [{ slot: "s1", state: "void", items: ["i1"] }] });

  assert.equal(states(found)["paper:s1"], "done");
});

test("an entry says who must act and what is missing of all that is now in it", () => {
  const missing = [{ word: "desk.missing.match", params: {} }];
  const steps = [
    step("vote", "now", { slot: "s1", who: ["member"] }),
    step("seal", "now", { slot: "s1", who: ["secretary", "scrutineer"], missing }),
  ];
  const found = view({ steps, rounds: [{ slot: "s1", state: "open", items: ["i1"] }] });
  const entry = found.entries.find((one) => one.id === "paper:s1");

  assert.deepEqual(entry.who, ["member", "secretary", "scrutineer"]);
  assert.deepEqual(entry.missing, missing);
});

test("a paper keeps its slot from preparation to its round, and knows its part", () => {
  const before = overview({
    steps: line(PAPER, "acknowledge", { slot: "s1" }),
    papers: [{ slot: "s1", items: ["i1"], table: [] }],
    binding: { slot: "s1", acks: [1], need: 3 },
  });
  const after = overview({
    steps: line(ROUND, "count", { slot: "s1" }),
    rounds: [{ slot: "s1", state: "sealed", items: ["i1"] }],
    binding: { slot: "s2", acks: [], need: 3 },
  });

  assert.equal(paperOf(before, "s1").part, "ready");
  assert.deepEqual(paperOf(before, "s1").binding.acks, [1]);
  assert.equal(paperOf(after, "s1").part, "counting");
  assert.equal(paperOf(after, "s1").binding, null);
  assert.equal(paperOf(after, "s9"), null);
});

test("people who are expected stand first, and a part of a name or post finds them", () => {
  const person = (n, who, state, post = "") => ({ n, who, post, state });
  const people = [
    person(1, "周志远", "present", "市委书记"),
    person(2, "林若彤", "expected", "市长"),
    person(3, "周明", "away"),
    person(4, "王伟(一)", "expected"),
  ];
  const names = (wanted) => findPeople({ people }, wanted).map((one) => one.who);

  assert.deepEqual(names(""), ["林若彤", "王伟(一)", "周明", "周志远"]);
  assert.deepEqual(names(" 周 "), ["周明", "周志远"]);
  assert.deepEqual(names("市长"), ["林若彤"]);
  assert.deepEqual(names("4"), ["王伟(一)"]);
  assert.deepEqual(names("谁"), []);
});

test("only the roles of the interface may propose", () => {
  assert.ok(mayPropose("chair", "open"));
  assert.ok(!mayPropose("chair", "seal"));
  assert.ok(!mayPropose("secretary", "no-objection"));
  assert.ok(!mayPropose("secretary", "nothing"));
});

test("each place of a proposal has one signature, and nobody is asked twice", () => {
  const pending = {
    places: [["secretary"], ["scrutineer-1", "scrutineer-2"]],
    signed: ["scrutineer-2"],
  };

  assert.deepEqual(
    placesOf(pending).map((one) => one.signed),
    [null, "scrutineer-2"],
  );
  assert.ok(waitsFor(pending, "secretary"));
  assert.ok(!waitsFor(pending, "scrutineer-2"));
  assert.ok(!waitsFor(pending, "teller"));
  assert.ok(!waitsFor(null, "secretary"));
});

test("two places of one role are not both filled by one signature", () => {
  const pending = {
    places: [
      ["a", "b"],
      ["a", "b"],
    ],
    signed: ["a"],
  };

  assert.deepEqual(
    placesOf(pending).map((one) => one.signed),
    ["a", null],
  );
});

test("a step of an evaluation becomes a sentence with its base and share", () => {
  const step = {
    message: "pass.met",
    numbers: { agree: 8 },
    base: "due",
    met: true,
    fraction: [1, 2],
    inclusive: false,
  };

  assert.deepEqual(stepWords(step), {
    word: "pass.met",
    params: {
      agree: 8,
      basis: { word: "base.due", params: {} },
      fraction: { word: "fraction.strict", params: { share: { word: "share.1-2", params: {} } } },
    },
  });
  assert.deepEqual(stepWords({ ...step, fraction: [3, 7] }).params.fraction.params.share, {
    word: "share.other",
    params: { numerator: 3, denominator: 7 },
  });
});

test("the gates of an item are counted from its own acts", () => {
  const meeting = {
    items: [
      { id: "i1", rule: "r" },
      { id: "i2", rule: "r" },
    ],
    rules: { r: { "room-gates": { value: ["introduced", "discussed"] } } },
  };
  const acts = [
    { kind: "room", body: { item: "i1", step: "introduced" } },
    { kind: "room", body: { item: "i2", step: "introduced" } },
    { kind: "attend", body: {} },
  ];

  assert.deepEqual(gatesOf(meeting, acts, "i1"), {
    gates: ["introduced", "discussed"],
    entered: 1,
  });
  const state = (item, gate) => gateState(meeting, acts, item, gate);
  assert.equal(state("i1", "introduced"), "done");
  assert.equal(state("i1", "discussed"), "now");
  assert.equal(state("i1", "principal-last"), "none");
  acts.shift();
  assert.equal(state("i1", "discussed"), "early");
});

test("a void series is known from any paper's table", () => {
  const rows = (...list) => ({ table: list.map(([series, is]) => ({ series, void: is })) });

  assert.deepEqual([...voidSeries({ papers: [rows(["A", true], ["R", false])] })], ["A"]);
});
