// The gates tab changes the papers that it shows, and loses nothing that it does not.

import assert from "node:assert/strict";
import { test } from "node:test";

import { papers, withPapers } from "../../kiosk/web/src/console/panels/draft/gates.js";

const paper = (gate, digest = "ab") => ({ gate, digest, voucher: "科" });
const REFERENCE = { gate: "failed", record: "cd", item: "i1", date: "2026-05-01", voucher: "科" };

test("references and kinds that the page does not show stay as they were written", () => {
  const audit = paper("audit");
  const had = [REFERENCE, paper("opinions"), audit];

  assert.deepEqual(papers(had), [paper("opinions")]);
  assert.deepEqual(withPapers(had, [paper("examined"), paper("opinions", "ef")]), [
    REFERENCE,
    audit,
    paper("examined"),
    paper("opinions", "ef"),
  ]);
});

test("a record that settles a kind is not joined by a paper of that kind", () => {
  const assessed = { ...REFERENCE, gate: "examined" };

  assert.deepEqual(withPapers([assessed], [paper("examined")]), [assessed]);
});

test("a paper that is taken out is gone", () => {
  assert.deepEqual(withPapers([paper("opinions"), paper("examined")], [paper("examined")]), [
    paper("examined"),
  ]);
});
