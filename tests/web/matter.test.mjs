// What a voter may mark of each kind, what is refused and why, and what is sealed of it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cutByWeight, entriesOf, inColumns } from "../../kiosk/web/src/kiosk/reviewed.js";
import { leafAt, leavesOf } from "../../kiosk/web/src/kiosk/leaves.js";
import {
  markOf,
  matterOf,
  nobody,
  openLines,
  outsideRoom,
  put,
  seatsTaken,
} from "../../kiosk/web/src/kiosk/matter.js";
import { openingCodes, readOpeningCode } from "../../kiosk/web/src/check/payload.js";
import { choicesOf } from "../../kiosk/web/src/meeting/marks.js";

const WORDS = { agree: "赞成", disagree: "不赞成", abstain: "弃权" };
const RULE = {
  contested: { id: "r", kind: "contested", ballot: "choose", options: Object.keys(WORDS) },
  election: { id: "r", kind: "election", options: Object.keys(WORDS), writeIn: "roster" },
  nomination: { id: "r", kind: "nomination", options: ["agree", "abstain"], writeIn: "text" },
  assessment: {
    id: "r", kind: "assessment", options: [], scales: [
      { id: "team", title: { zh: "班子" }, grades: [{ id: "good", title: { zh: "好" } }] },
      { id: "cadre", title: { zh: "干部" }, grades: [{ id: "fit", title: { zh: "称职" } }] },
    ],
  },
};
const PEOPLE = ["王一", "李二", "张三", "赵四"].map((name) =>
  ({ name, key: "", unit: "", spelling: "" }));

function meetingOf(kind, contest) {
  return {
    language: "zh",
    options: new Map(Object.entries(WORDS)),
    rules: new Map([["r", RULE[kind]]]),
    rosters: new Map([["r1", { id: "r1", names: PEOPLE }]]),
    items: new Map([["i", {
      id: "i", rule: "r", candidate: "", proposed: "镇长", question: "问", contest,
    }]]),
  };
}
const named = (seats, count, write_in = null) => ({
  type: "names", seats, write_in, names: Array.from({ length: count }, (_, i) =>
    ({ id: `c${i + 1}`, name: `人${i + 1}`, current: "", note: "" })),
});
const press = (matter, mark, ...presses) => presses.reduce((so, one) => {
  const done = put(matter, so, { line: "", ...one });
  assert.ok(done.mark, JSON.stringify(done));
  return done.mark;
}, mark);
const say = (line, option) => ({ line, option });

test("names are touched up to the seats and no further, and taken back by a touch", () => {
  const matter = matterOf(meetingOf("contested", named(2, 4)), "i");
  assert.deepEqual(openLines(matter, {}), [""]);
  const two = press(matter, {}, { answer: "c3" }, { answer: "c1" });
  assert.deepEqual(two, { "": ["c1", "c3"] });

  assert.deepEqual(put(matter, two, { line: "", answer: "c2" }),
    { refused: "full", params: { seats: 2 } });
  assert.deepEqual(press(matter, two, { answer: "c3" }, { answer: "c1" }), {});
});

test("nobody excludes names, and a name excludes nobody", () => {
  const meeting = meetingOf("contested", named(2, 4));
  const matter = matterOf(meeting, "i");
  const none = press(matter, { "": ["c1", "c3"] }, { answer: null });

  assert.equal(nobody(none), true);
  assert.deepEqual(choicesOf(meeting, ["i"], { i: markOf(matter, none) }), [[1, 0, 0, 0, 0]]);
  assert.deepEqual(press(matter, none, { answer: "c2" }), { "": ["c2"] });
  assert.deepEqual(press(matter, none, { answer: null }), {});
});

test("a later round asks of those who stand in it", () => {
  const standing = { names: ["c2", "c4"], seats: 1, why: "open", round: 2 };
  const matter = matterOf(meetingOf("contested", named(2, 4)), "i", standing);

  assert.deepEqual(matter.names.map(({ id }) => id), ["c2", "c4"]);
  assert.deepEqual([matter.seats, matter.ask.maximum, matter.round], [1, 1, 2]);
  assert.equal(put(matter, { "": ["c2"] }, { line: "", answer: "c4" }).refused, "full");
});

test("an election cannot be overvoted, and every name needs its word", () => {
  const meeting = meetingOf("election", named(2, 3));
  const matter = matterOf(meeting, "i");
  const two = press(matter, {}, say("c1", "agree"), say("c2", "agree"));

  assert.deepEqual(put(matter, two, say("c3", "agree")), { refused: "seats", params: { seats: 2 } });
  assert.deepEqual(openLines(matter, two), ["c3"]);
  const whole = press(matter, two, say("c3", "abstain"));
  assert.deepEqual(markOf(matter, whole), { for: ["c1", "c2"], against: [] });
  assert.deepEqual(choicesOf(meeting, ["i"], { i: markOf(matter, whole) }), [[1, 1, 0], [0, 0, 0]]);
});

test("others only in the place of those one is against, within the seats", () => {
  const meeting = meetingOf("election", named(2, 3, { roster: "r1" }));
  const matter = matterOf(meeting, "i");
  const other = (answer) => ({ line: "others", answer });
  const start = press(matter, {}, say("c1", "agree"), say("c2", "abstain"), say("c3", "abstain"));
  assert.equal(put(matter, start, other("1")).refused, "against");
  assert.equal(outsideRoom(matter, start), 0);

  const one = press(matter, start, say("c2", "disagree"), other("4"));
  assert.equal(seatsTaken(matter, one), 2);
  assert.equal(outsideRoom(matter, one), 1);
  assert.equal(put(matter, one, say("c2", "abstain")).refused, "others");
  assert.equal(put(matter, one, say("c3", "agree")).refused, "seats");
  const more = press(matter, one, say("c3", "disagree"));
  assert.equal(put(matter, more, other("1")).refused, "seats");
  assert.deepEqual(markOf(matter, one), { for: ["c1"], against: ["c2"], others: [4] });
  assert.deepEqual(press(matter, one, other("4")).others, []);
});

test("names of a roster are numbers, and words only where the rule allows them", () => {
  const roster = { type: "roster", seats: 2, roster: "r1" };
  const meeting = meetingOf("nomination", roster);
  const matter = matterOf(meeting, "i");
  const mark = press(matter, {}, { answer: "3" }, { answer: "欧阳修" });
  assert.deepEqual(markOf(matter, mark), { "": [3, "欧阳修"] });
  assert.equal(choicesOf(meeting, ["i"], { i: markOf(matter, mark) })[0].length, 30);

  for (const bad of ["王 一", "a!"]) {
    assert.equal(put(matter, { "": ["3"] }, { line: "", answer: bad }).refused, "text", bad);
  }
  const long = "赵钱孙李周吴郑王冯陈褚卫蒋沈";
  assert.deepEqual(put(matter, { "": ["3"] }, { line: "", answer: long }),
    { refused: "room", params: { characters: 13 } });
  assert.deepEqual(entriesOf([matter], { i: mark })[0].written, ["欧阳修"]);
  meeting.rules.set("r", { ...RULE.nomination, writeIn: "roster" });
  assert.equal(put(matterOf(meeting, "i"), {}, { line: "", answer: "欧阳修" }).refused, "text");
  assert.deepEqual(markOf(matter, press(matter, {}, { answer: null })), { "": [] });
});

const GRID = {
  type: "grid",
  subjects: [["s1", "team"], ["s2", "team"], ["s3", "cadre"], ["s4", "cadre"], ["s5", "cadre"]]
    .map(([id, scale]) => ({ id, name: id, current: "", scale })),
  aspects: [{ id: "a1", title: "德" }, { id: "a2", title: "能" }],
};

test("a grid's leaves are whole subjects of one scale", () => {
  const matter = matterOf(meetingOf("assessment", GRID), "i");
  const leaves = leavesOf([matter], { height: 33, wide: true });

  assert.equal(matter.lines.length, 10);
  assert.deepEqual(leaves.map(({ line, end }) => [line, end]), [[0, 4], [4, 8], [8, 10]]);
  assert.equal(leafAt(leaves, { from: 0, line: 9 }), 2);
  assert.equal(leafAt(leaves, { from: 0, line: 0 }), 0);
});

test("forty people of six aspects are forty leaves, and forty lines of review", () => {
  const subjects = Array.from({ length: 40 }, (_, i) =>
    ({ id: `s${i + 1}`, name: `人${i + 1}`, current: "", scale: "cadre" }));
  const aspects = Array.from({ length: 6 }, (_, i) => ({ id: `a${i + 1}`, title: `${i}` }));
  const matter = matterOf(meetingOf("assessment", { type: "grid", subjects, aspects }), "i");
  const marks = { i: { "s1.a1": "fit" } };
  const entries = entriesOf([matter], marks);

  assert.equal(leavesOf([matter], { height: 33, wide: true }).length, 40);
  assert.deepEqual([entries.length, entries[0].line, entries[39].line], [40, 1, 234]);
  assert.equal(inColumns(entries), false);
  assert.deepEqual(cutByWeight(entries, 8).map((leaf) => leaf.length), [8, 8, 8, 8, 8]);
});

test("long texts make rows of cards and fewer rows of many, so that no line covers another", () => {
  const post = "市人民政府驻粤港澳大湾区招商引资和对外经济技术合作联络服务中心党组书记、主任";
  const paper = (names, current) => {
    const contest = named(5, names, { roster: "r1" });
    const listed = contest.names.map((one) => ({ ...one, current }));
    return [matterOf(meetingOf("election", { ...contest, names: listed }), "i")];
  };
  const [short] = leavesOf(paper(6, "副局长"), { height: 33, wide: true });
  assert.deepEqual([short.cards, short.end], [true, 6]);
  const [long] = leavesOf(paper(6, post), { height: 33, wide: true });
  assert.deepEqual([long.cards, long.end], [false, 6]);
  const rows = leavesOf(paper(8, post + post + post), { height: 33, wide: true });
  assert.ok(rows.length > 1);
  assert.equal(rows.at(-1).end, 8);
});

test("of two grids on one paper each has columns of its own, and its title", () => {
  const grid = matterOf(meetingOf("assessment", GRID), "i");
  const entries = entriesOf([grid, { ...grid, item: "j" }], {});
  const leaves = cutByWeight(entries, 40);

  assert.deepEqual(leaves.map((leaf) => [leaf[0].type, leaf[0].item]), [["head", "i"], ["head", "j"]]);
});

test("every line of every paper is on exactly one leaf", () => {
  const meeting = meetingOf("contested", named(3, 19));
  const choose = matterOf(meeting, "i");
  const elect = matterOf(meetingOf("election", named(5, 23)), "i");
  const leaves = leavesOf([choose, elect], { height: 33, wide: true });

  for (const [from, size] of [[0, 19], [1, 23]]) {
    const own = leaves.filter((leaf) => leaf.from === from);
    assert.deepEqual(own.map(({ line }) => line), [0, ...own.slice(0, -1).map(({ end }) => end)]);
    assert.equal(own.at(-1).end, size);
    for (let line = 0; line < size; line += 1) {
      const { line: first, end } = leaves[leafAt(leaves, { from, line })];
      assert.ok(first <= line && line < end);
    }
  }
});

test("a long opening is several codes, in any order, and a short one is itself", () => {
  const opening = `{"x":"${"0".repeat(2000)}"}`;
  const codes = openingCodes(opening);
  assert.equal(codes.length, 3);
  assert.deepEqual(openingCodes("{}"), ["{}"]);

  const [third, first, second] = [codes[2], codes[0], codes[1]];
  const one = readOpeningCode(third, []);
  assert.deepEqual(one.missing, [1, 2]);
  const two = readOpeningCode(first, one.parts);
  assert.deepEqual(readOpeningCode(second, two.parts), { opening });
  assert.equal(readOpeningCode("PJO1:4/3:x", []), null);
  assert.equal(readOpeningCode("PJ1:x", []), null);
});
