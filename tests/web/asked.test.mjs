// What screens say an item asks, and the console's tables of what a round came to.

import assert from "node:assert/strict";
import { test } from "node:test";

import { stepWords } from "../../kiosk/web/src/console/model.js";
import { graded, marked, named } from "../../kiosk/web/src/console/results.js";
import { askedWords, calledIn, frozenContest, percent, titleOf } from "../../kiosk/web/src/common/asked.js";

const NAMES = {
  id: "i1",
  rule: "contested",
  candidate: "",
  proposed: "镇长",
  question: "票决镇长人选",
  contest: {
    type: "names",
    seats: 1,
    names: [
      { id: "c1", name: "孙一", current: "副镇长", note: "" },
      { id: "c2", name: "孙二", current: "", note: "" },
    ],
    write_in: { roster: "r1" },
  },
};
const GRID = {
  id: "g",
  rule: "assessment",
  candidate: "",
  proposed: "",
  question: "测评",
  contest: {
    type: "grid",
    subjects: [{ id: "s1", name: "李一", current: "", scale: "cadre" }],
    aspects: [{ id: "a1", title: "德" }, { id: "a2", title: "能" }],
  },
};
const GRADES = [
  { id: "good", title: { zh: "优秀", en: "good" } },
  { id: "bad", title: { zh: "不称职", en: "bad" } },
];
const MEETING = {
  items: [NAMES, GRID],
  rules: {
    contested: { kind: "contested" },
    nomination: { kind: "nomination" },
    assessment: { kind: "assessment", scales: { value: [{ id: "cadre", grades: GRADES }] } },
  },
  rosters: [{ id: "r1", title: "名册", names: [{ name: "王伟", key: "一", unit: "" }] }],
};
const words = (lines) => lines.map((one) => one.word);

test("an item of one mark asks nothing beside its question", () => {
  assert.deepEqual(askedWords(null), []);
  assert.deepEqual(askedWords(undefined), []);
});

test("a contest says its seats and names, a later round why it is held", () => {
  const first = askedWords(frozenContest(MEETING, NAMES));
  assert.deepEqual(words(first), ["asked.names.first", "asked.who", "asked.outside"]);
  assert.deepEqual(first[0].params, { seats: 1, number: 2 });
  assert.deepEqual(first[1].params.names, ["孙一", "孙二"]);
  const tie = { type: "names", seats: 1, names: [{ name: "孙一" }], why: "tie", outside: false };
  assert.deepEqual(words(askedWords(tie)), ["asked.names.tie", "asked.who"]);
});

test("a roster says its people, a grid its cells", () => {
  const roster = { contest: { type: "roster", seats: 2, roster: "r1" } };
  assert.deepEqual(askedWords(frozenContest(MEETING, roster))[0].params, { title: "名册", people: 1, seats: 2 });
  const [size] = askedWords(frozenContest(MEETING, GRID));
  assert.deepEqual(size, { word: "asked.grid", params: { number: 1, aspects: 2, cells: 2 } });
});

test("an item is called by its candidate, a contest by its post, the rest by what is asked", () => {
  assert.equal(titleOf({ candidate: "赵一", proposed: "局长", question: "q" }), "赵一");
  assert.equal(titleOf(NAMES), "镇长");
  assert.equal(titleOf({ candidate: "", proposed: "局长", question: "q" }), "q");
  assert.equal(titleOf(GRID), "测评");
});

test("ids are called by the names of the paper, of the roster, by words, by the cell", () => {
  assert.equal(calledIn(MEETING, NAMES, "c2"), "孙二");
  assert.equal(calledIn(MEETING, NAMES, "others:1"), "王伟(一)");
  assert.equal(calledIn(MEETING, NAMES, "others:王小明"), "王小明");
  assert.equal(calledIn(MEETING, GRID, "s1.a2"), "李一 · 能");
});

const CONTEST = {
  names: [
    { id: "c1", counts: { agree: 9 }, rate: null, rank: 1, result: "elected" },
    { id: "c2", counts: { agree: 4 }, rate: null, rank: 2, result: "out" },
  ],
  figures: { counts: { "": { blank: 1, c1: 9, c2: 4 } } },
  next: { names: ["c2"], seats: 1, why: "open" },
};

test("a contest's table has votes, rank and result, and says who goes on", () => {
  const { heads, rows, lines } = named(MEETING, NAMES, CONTEST);
  assert.equal(heads.length, rows[0].length);
  assert.deepEqual(rows[0].slice(0, 3), ["孙一", 9, 1]);
  assert.equal(rows[1][3].word, "forms.result.contested.out");
  assert.deepEqual(words(lines), ["desk.results.blank", "desk.results.open"]);
  assert.deepEqual(lines[1].params.names, ["孙二"]);
});

test("a recommendation's table has shares and no result", () => {
  const rows = CONTEST.names.map((one) => ({ ...one, rate: 4167, result: "recorded" }));
  const table = named(MEETING, { ...NAMES, rule: "nomination" }, { ...CONTEST, names: rows, next: null });
  assert.deepEqual(table.rows[0], ["孙一", 9, "41.67%", 1]);
});

test("who was written in has no other words than votes", () => {
  const names = [
    { id: "c1", counts: { agree: 9, disagree: 1, abstain: 0 }, rate: null, rank: 1, result: "elected" },
    { id: "others:1", counts: { agree: 1 }, rate: null, rank: 2, result: "out" },
  ];
  assert.deepEqual(named(MEETING, NAMES, { ...CONTEST, names }).rows[1].slice(0, 4), ["王伟(一)", 1, "—", "—"]);
});

test("a grid's table has every grade, and marks what is to be reviewed", () => {
  const cells = [
    { ask: "s1.a1", scale: "cadre", counts: { good: 7, bad: 5 }, base: 12, favourable: 5833, flags: ["unfit"] },
  ];
  const [table] = graded(MEETING, GRID, { cells }, "zh");
  assert.deepEqual(table.heads.slice(1, 3), ["优秀", "不称职"]);
  assert.deepEqual(table.rows, [["李一 · 德", 7, 5, 12, "58.33%"]]);
  assert.deepEqual(table.flagged, [true]);
});

test("items of one mark stay in a table of their own, with the options that were counted", () => {
  const items = [
    { item: "i1", counts: { "": { blank: 1 } } },
    { item: "i2", counts: { agree: 7, disagree: 2, abstain: 1 } },
    { item: "i3", counts: null },
  ];
  const { options, rows } = marked(items);
  assert.deepEqual(options, ["agree", "disagree", "abstain"]);
  assert.deepEqual(rows.map((one) => one.item), ["i2", "i3"]);
});

test("a step says whom it is about, and a share as people read it", () => {
  const step = { message: "contest.name.met", numbers: { agree: 9, rate: 4106 }, base: "due", met: true, of: "c1" };
  const { params } = stepWords(step, (id) => calledIn(MEETING, NAMES, id));
  assert.equal(params.of, "孙一");
  assert.equal(params.rate, "41.06%");
  assert.equal(percent(10_000), "100.00%");
});
