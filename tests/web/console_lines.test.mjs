// Lists that a secretary pastes into the draft: names, people of a grid, rosters.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  NAMES,
  ROSTER,
  readLines,
  readRoster,
  readWords,
  writeLines,
} from "../../kiosk/web/src/console/panels/draft/lines.js";

test("cells stand between tabs, commas or blanks, and a name may have a blank of its own", () => {
  const wanted = [{ name: "王伟", current: "县财政局副局长" }, { name: "欧阳雪", current: "镇长" }];
  for (const text of [
    "王伟\t县财政局副局长\n欧阳雪\t镇长\n",
    "王　伟，县财政局副局长\r\n欧阳雪，镇长",
    "王 伟 县财政局副局长\n\n欧阳雪 镇长",
    "1\t王伟\t县财政局副局长\n2\t欧阳雪\t镇长",
    "序号\t单位及现任职务\t姓名\n1\t县财政局副局长\t王 伟\n2\t镇长\t欧阳雪",
  ]) {
    assert.deepEqual(readLines(text, NAMES), wanted, text);
  }
});

test("of a roster two cells say the unit, and of two people of one name what tells them apart", () => {
  assert.deepEqual(readRoster("张三 县财政局\n于志强 男\n于志强 女\n李四"), [
    { name: "张三", unit: "县财政局" },
    { name: "于志强", key: "男" },
    { name: "于志强", key: "女" },
    { name: "李四" },
  ]);
  assert.deepEqual(readRoster("于志强\t男\t县教育局\n张三\t\t县水利局"), [
    { name: "于志强", key: "男", unit: "县教育局" },
    { name: "张三", unit: "县水利局" },
  ]);
});

test("what was written out is read again as it was", () => {
  for (const rows of [
    [{ name: "张三" }, { name: "李四" }],
    [{ name: "张三", key: "大" }, { name: "李四" }],
    [{ name: "张三", unit: "县财政局" }],
    [{ name: "张三", key: "大", unit: "局", spelling: "zhang san" }, { name: "李四", unit: "镇" }],
  ]) {
    assert.deepEqual(readRoster(writeLines(rows, ROSTER)), rows);
  }
  const names = [{ name: "张三", note: "排名第一" }, { name: "李四", current: "镇长" }];
  assert.deepEqual(readLines(writeLines(names, NAMES), NAMES), names);
});

test("what a line of the draft had beside its columns stays with its name", () => {
  const before = [{ name: "张三", unit: "局", spelling: "zhang san", later: 1 }];
  assert.deepEqual(readLines("张三\t\t镇", ROSTER, before), [{ name: "张三", unit: "镇", later: 1 }]);
});

test("aspects stand one under the other or in one line", () => {
  assert.deepEqual(readWords("德、能、勤\n绩，廉"), ["德", "能", "勤", "绩", "廉"]);
});
