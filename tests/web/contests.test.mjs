// Contests, rosters and grids: what is asked, sealed, counted and decided, as Python has it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { bytesToHex, hexToBytes } from "../../kiosk/web/src/crypto/bytes.js";
import { sha256Hex } from "../../kiosk/web/src/crypto/hashing.js";
import { roundElection, standingsOf } from "../../kiosk/web/src/meeting/binding.js";
import { decodeMeeting } from "../../kiosk/web/src/meeting/frozen.js";
import * as gb18030 from "../../kiosk/web/src/meeting/gb18030.js";
import { choicesOf, countsOf, marksOf } from "../../kiosk/web/src/meeting/marks.js";
import { decodeRoster } from "../../kiosk/web/src/meeting/plaintexts.js";
import { asksOf, idsOf } from "../../kiosk/web/src/meeting/questions.js";
import { maskedOf } from "../../kiosk/web/src/meeting/readings.js";
import { parseRule } from "../../kiosk/web/src/meeting/rules.js";
import { sealBallot } from "../../kiosk/web/src/protocol/ballot.js";
import { encode } from "../../kiosk/web/src/protocol/codec.js";
import { decodeElection } from "../../kiosk/web/src/protocol/election.js";
import { PreparedSealing } from "../../kiosk/web/src/protocol/prepared.js";
import {
  checkOpening,
  decodeOpening,
  encodeOpening,
  openingOf,
} from "../../kiosk/web/src/protocol/spoil.js";
import { evaluateItem } from "../../kiosk/web/src/rules/evaluate.js";
import { countsIn, isUnread } from "../../kiosk/web/src/tally/outcome.js";
import { bytes, data, text, throwsAs } from "./vectors.mjs";

const { tests } = data("contests");
const of = (kind) => {
  const found = tests.filter((one) => one.kind === kind);
  assert.ok(found.length > 0, kind);
  return found;
};
const raw = new Map(of("asks").map(({ id, meeting }) => [id, meeting]));
const meetings = new Map([...raw].map(([id, meeting]) => [id, decodeMeeting(bytes(meeting))]));

for (const { id, items, rounds } of of("asks")) {
  test(`every round's election follows from the meeting and from who stands: ${id}`, () => {
    const meeting = meetings.get(id);
    const [slot] = meeting.slots;
    for (const { number, election, ids, ...body } of rounds) {
      const standings = standingsOf(body);
      const made = roundElection(meeting, slot, items, number, standings);
      assert.equal(text(made), election);
      const asked = items.flatMap((item) => asksOf(meeting, item, standings.get(item) ?? null));
      const found = asked.map((ask) => [ask.id, ...(ask.type === "roster" ? [] : idsOf(ask))]);
      assert.deepEqual(found, ids);
    }
  });
}

for (const { id, meeting, items, marks, choices, opened } of of("marks")) {
  test(`marks and choices are each other's inverse: ${id}`, () => {
    const frozen = meetings.get(meeting);
    assert.deepEqual(choicesOf(frozen, items, marks), choices);
    assert.deepEqual(marksOf(frozen, items, choices), opened);
  });
}

for (const { id, meeting, items, marks, error } of of("unmarkable")) {
  test(`marks that a paper does not have are refused without telling them: ${id}`, () => {
    throwsAs(error, () => choicesOf(meetings.get(meeting), items, marks));
  });
}

for (const { id, meeting, read } of of("plaintexts")) {
  test(`a plaintext has one form, and any other is invalid: ${id}`, () => {
    const ask = asksOf(meetings.get(meeting), "i1").at(-1);
    for (const [hex, said] of read) {
      assert.deepEqual(decodeRoster(ask, [...hexToBytes(hex)]), said, hex);
    }
  });
}

test("GB18030 has the bytes that Python gives every letter of a name", () => {
  const [{ ranges, digest, text: some, bytes: wanted }] = of("gb18030");
  const letters = ranges.flatMap(([low, high]) =>
    Array.from({ length: high - low + 1 }, (_, i) => low + i));
  const written = [];
  for (let i = 0; i < letters.length; i += 4096) {
    written.push(gb18030.encode(String.fromCodePoint(...letters.slice(i, i + 4096))));
  }
  assert.equal(sha256Hex(Buffer.concat(written)), digest);
  assert.equal(bytesToHex(gb18030.encode(some)), wanted);
  assert.equal(gb18030.decode(gb18030.encode(some)), some);
  assert.equal(gb18030.decode(Uint8Array.of(0xff, 0xff)), null);
});

for (const { id, meeting, items, opened, counts, bytes: written } of of("counts")) {
  test(`what was opened is counted by ask and answer: ${id}`, () => {
    const found = countsOf(meetings.get(meeting), items, opened);
    const made = text(encode(Object.fromEntries(found)));
    assert.equal(made, JSON.stringify(counts));
    if (written) assert.equal(made, written); // the numbers' order, which JSON.parse may change
  });
}

for (const { id, meeting, blind, opened: totals, readings } of of("read")) {
  test(`words are counted as they are read, each entry by itself: ${id}`, () => {
    const frozen = decodeMeeting(bytes(meeting));
    const opened = { totals, blind };
    for (const { what, body, counts, error } of readings) {
      const reading = body === null ? null : maskedOf(body);
      const one = { slot: frozen.slots[0], items: ["i1"], standings: new Map(), reading };
      assert.equal(isUnread(frozen, one, opened), body === null);
      if (error) throwsAs(error, () => countsIn(frozen, one, opened));
      else {
        const found = Object.fromEntries(countsIn(frozen, one, opened));
        assert.equal(text(encode(found)), JSON.stringify(counts), what);
      }
    }
  });
}

for (const one of of("ballot")) {
  test(`a ballot of every kind of ask is sealed from its seed, and opened: ${one.id}`, () => {
    const meeting = meetings.get(one.meeting);
    const election = decodeElection(roundElection(meeting, one.slot, one.items, 1));
    const choices = choicesOf(meeting, one.items, one.marks);
    const seed = new PreparedSealing(election, hexToBytes(one.seed));
    const random = { seed, signatureNonce: BigInt(one.nonce) };
    const sealed = sealBallot(election, BigInt(one.x), choices, random);
    assert.equal(sealed.tracker, one.tracker);
    assert.equal(seed.misses, 0, "something was not foreseen");
    const opening = encodeOpening(openingOf(election, sealed));
    assert.equal(text(opening), one.opening);
    checkOpening(election, decodeOpening(opening, election), one.tracker);
  });
}

for (const { id, meeting, path, to, error } of of("refuse")) {
  test(`a meeting is refused at the place of its fault: ${id}`, () => {
    const value = JSON.parse(raw.get(meeting));
    const last = path.at(-1);
    const at = path.slice(0, -1).reduce((inner, step) => inner[step], value);
    if (to?.delete) delete at[last];
    else at[last] = to;
    throwsAs(error, () => decodeMeeting(encode(value)));
  });
}

for (const { id, rule, shape, boxes } of of("evaluate")) {
  test(`every box is decided or recorded as Python does: ${id}`, () => {
    const read = parseRule(rule, "rule");
    const asked = shape?.cells ? { cells: new Map(Object.entries(shape.cells)) } : shape;
    for (const { numbers, counts, says } of boxes) {
      const groups = new Map(Object.entries(numbers.groups));
      const found = evaluateItem(read, asked, { ...numbers, groups }, counts);
      assert.equal(JSON.stringify(found), JSON.stringify(says));
    }
  });
}

test("a rule that half may pass, a choice twice and an unknown kind are refused", () => {
  const { rule } = of("evaluate")[0];
  const source = { text: "x", certainty: "design" };
  const share = (numerator, denominator, inclusive) => (one) =>
    Object.assign(one.pass.value, { numerator, denominator, inclusive });
  const choose = (...choices) => (one) => {
    one["recusal-base"] = { value: "unchanged", source, choices, why: { zh: "x", en: "x" } };
  };
  const read = (spoil) => {
    const spoilt = structuredClone(rule);
    spoil(spoilt);
    return parseRule(spoilt, "rule");
  };
  for (const fine of [share(1, 2, false), share(2, 3, true), choose("unchanged", "reduced")]) {
    assert.ok(read(fine));
  }
  const faults = [
    ["rule.pass.value", "rule-pass-not-over-half", share(1, 2, true)],
    ["rule.pass.value", "rule-pass-not-over-half", share(1, 3, false)],
    ["rule.pass.value", "rule-pass-not-over-half", share(499999, 999999, true)],
    ["rule.recusal-base.choices[1]", "rule-choice-twice", choose("unchanged", "unchanged")],
    ["rule.recusal-base.choices[2]", "rule-choice-twice", choose("unchanged", "reduced", "reduced")],
    ["rule.kind", "rule-bad-value", (one) => (one.kind = "lottery")],
    ["rule.kind", "rule-missing-key", (one) => delete one.kind],
  ];
  for (const [place, what, spoil] of faults) {
    assert.throws(() => read(spoil), { place, what });
  }
});

test("a rule's numbers end at a million, and its words hide no character", () => {
  const { rule } = of("evaluate")[0];
  const faults = [
    ["rule.floor.value", (one) => (one.floor.value = 1000001)],
    ["rule.title.zh", (one) => (one.title.zh += "\u001b[31m")],
    ["rule.title.zh", (one) => (one.title.zh += "\u202e")],
  ];
  assert.ok(parseRule(structuredClone(rule), "rule"));
  for (const [place, spoil] of faults) {
    const spoilt = structuredClone(rule);
    spoil(spoilt);
    assert.throws(() => parseRule(spoilt, "rule"), { place });
  }
});
