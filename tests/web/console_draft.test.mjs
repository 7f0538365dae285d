// What a secretary types into the fields of a draft.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isoDate } from "../../kiosk/web/src/console/panels/draft/facts.js";

test("a date is taken as people write it", () => {
  for (const text of ["2026-11-02", "2026年11月2日", "2026.11.2", "2026/11/02", " 2026 年 11 月 2 日 "]) {
    assert.equal(isoDate(text), "2026-11-02", text);
  }
});

test("what is no date stays as it was typed", () => {
  for (const text of ["", "明天", "11-02", "2026-11"]) assert.equal(isoDate(text), text);
});
