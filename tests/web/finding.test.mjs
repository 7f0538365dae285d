// Finding people: by pinyin, initials, characters; and the order of strokes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { byStrokes, find, surnames } from "../../kiosk/web/src/kiosk/finding.js";

const person = (name, spelling, unit = "", key = "") =>
  ({ name, spelling, unit, key, label: key ? `${name}(${key})` : name });
const PEOPLE = [
  person("王伟", "wang wei", "县教育局"),
  person("汪文", "wang wen"),
  person("欧阳修远", "ou yang xiu yuan"),
  person("吕律", "lu lu"),
  person("王伟", "wang wei", "青山镇", "女"),
  person("魏王", "wei wang"),
];
const found = (text) => find(PEOPLE, text).map(({ label }) => label);

test("letters find by the spelling, whole, cut or by initials, from its beginning", () => {
  assert.deepEqual(found("wang"), ["王伟", "汪文", "王伟(女)"]);
  assert.deepEqual(found("wangwei"), ["王伟", "王伟(女)"]);
  assert.deepEqual(found("ww"), ["王伟", "汪文", "王伟(女)", "魏王"]);
  assert.deepEqual(found("WWEI"), ["王伟", "王伟(女)"]);
  assert.deepEqual(found("oyxy"), ["欧阳修远"]);
  assert.deepEqual(found("ouyx"), ["欧阳修远"]);
  assert.deepEqual(found("lv"), ["吕律"]);
  assert.deepEqual(found("xiu"), []);
  assert.deepEqual(found("a"), []);
});

test("characters find in name, key and unit; nothing typed finds all", () => {
  assert.deepEqual(found("王"), ["王伟", "王伟(女)", "魏王"]);
  assert.deepEqual(found("青山"), ["王伟(女)"]);
  assert.deepEqual(found(" "), PEOPLE.map(({ label }) => label));
});

test("by strokes: the order of an official list, as this engine's collation has it", () => {
  const listed = ["丁一", "于二", "马三", "王四", "冯五", "刘六", "李七", "张八", "陈九", "赵十", "魏十一"];
  const mixed = ["赵十", "王四", "魏十一", "丁一", "陈九", "马三", "于二", "李七", "刘六", "张八", "冯五"];
  const strokes = [..."丁于马王冯刘张李陈赵魏"];

  assert.equal(Intl.Collator.supportedLocalesOf("zh-u-co-stroke").length, 1);
  assert.equal(new Intl.Collator("zh-u-co-stroke").resolvedOptions().collation, "stroke");
  const sorted = byStrokes(mixed.map((name) => ({ name }))).map(({ name }) => name[0]);
  assert.deepEqual(sorted, strokes);
  assert.deepEqual(surnames(listed.map((name) => ({ name }))), strokes);
});
