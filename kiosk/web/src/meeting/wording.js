// An act in the words of the person who is asked to sign it (kiosk/device/wording.py).
//
// What is said here was checked by this page before; it is made from the frozen meeting and the
// state that the act leads to, never from a sentence of the server's. Numbers that only people can
// check, heads and who is in the room, are therefore in every text.
//
// A line is {word, params}: the id of a sentence, and what stands in it.

import { code80bits } from "../crypto/hashing.js";
import { checkpointDigest } from "../protocol/checkpoint.js";
import { dueUnder, ruleOf, wordOf } from "./frozen.js";
import { checkpointOf } from "./rounds.js";
import { roundIssued, spoils } from "./state.js";
import { askedLines, countedLines, readingLines, rosterLines } from "./wording_contests.js";

const ROUND_ACTS =
  ["open", "seal", "no-objection", "compared", "reading", "certify", "release", "void"];

/**
 * What an act says and does, line by line.
 * @param {object} meeting
 * @param {object} after the state that the act leads to
 * @param {object} act
 * @param {"zh"|"en"} lang of what the meeting itself says in both
 * @param {{decisions?: {item: string, counts: [string, number][], decision: string,
 *   evaluation?: object}[], trackers?: string[], ended?: string[], read?: {item: string,
 *   text: string, votes: number, as: string|number}[]}} found decisions: what this page read out
 *   of the verified archive, for `certify`, of an item with a contest its evaluation as
 *   `result.json` holds it; trackers: of the sealed box as this page read it, for `no-objection`;
 *   ended: items whose next round is given up, for `release`; read: what every text of the box is
 *   read as, opened with the verified archive, for `reading`
 * @returns {{word: string, params: object}[]}
 */
export function actLines(meeting, after, act, lang, found = {}) {
  const { decisions = [], trackers = [], ended = [], read = [] } = found;
  return [
    ...ownLines(meeting, after, act, lang),
    ...decisions.flatMap((one) => decided(meeting, one, lang)),
    ...readingLines(meeting, read),
    ...trackers.map((tracker) => line("sign.tracker", { tracker })),
    ...ended.map((item) => line("sign.release.ends", { item })),
    line("sign.at", { at: act.at }),
  ];
}

/** The main facts of a meeting about to be frozen, its fingerprint first. */
export function meetingLines(meeting, lang) {
  const { code, title, body, number, date, roll, floor, trustees } = meeting;
  const { due, alternates, attendees } = roll;
  return [
    line("sign.freeze", { code }),
    line("sign.freeze.title", { title, body, number, date }),
    line("sign.freeze.roll", { due, alternates, attendees, floor, quota: meeting.spoilQuota }),
    ...[...meeting.groups.values()].map(({ title: group, count, series }) =>
      line("sign.freeze.group", { title: group, count, series })),
    line("sign.freeze.items", { number: meeting.items.size }),
    ...questions(meeting, [...meeting.items.keys()], new Map()),
    ...rosterLines(meeting),
    ...[...meeting.rules.values()].map((rule) => line("sign.freeze.rule", {
      title: rule.title[lang],
      id: rule.id,
      due: dueUnder(meeting, rule),
    })),
    line("sign.freeze.series", {
      series: [...meeting.series.values()].map((one) => `${one.title} ${one.printed}`),
    }),
    ...[...meeting.officers.values()].map(({ role, name, key }) => line("sign.freeze.officer", {
      role: line(`role.${role}`),
      name,
      key: key === null ? line("sign.pen") : code80bits(key),
    })),
    line("sign.freeze.trustees", {
      names: trustees.names,
      size: trustees.names.length,
      threshold: trustees.threshold,
    }),
  ];
}

function ownLines(meeting, after, act, lang) {
  if (act.kind === "freeze") return meetingLines(meeting, lang);
  if (!ROUND_ACTS.includes(act.kind)) {
    const named = act.body.missing?.length ? `${act.kind}-missing` : act.kind;
    return [line(`sign.${named}`, plain(act))];
  }
  const one = after.rounds.get(act.body.slot);
  const said = roundLines(meeting, after, one, act);
  if (act.kind === "certify" || act.kind === "reading") return said;
  return [...said, ...questions(meeting, one.items, act.kind === "open" ? one.standings : null)];
}

function decided(meeting, { item, counts, decision, evaluation }, lang) {
  const { question, contest } = meeting.items.get(item);
  const outcome = { item, question, decision: line(`decision.${decision}`) };
  if (contest) {
    return [line("sign.outcome", outcome), ...countedLines(meeting, item, evaluation, lang)];
  }
  const rule = ruleOf(meeting, item);
  const words = counts.map(([option, n]) => `${wordOf(meeting, rule, option)} ${n}`);
  return [line("sign.decision", { ...outcome, counts: words })];
}

function roundLines(meeting, after, one, { kind, body }) {
  const slot = one.slot.slice(0, 8);
  const issued = roundIssued(one);
  switch (kind) {
    case "open":
      return [line("sign.open", {
        slot,
        round: one.number,
        series: one.series,
        due: one.due,
        present: one.presentAtOpen,
        issued,
      })];
    case "seal":
      return [
        line("sign.seal", {
          slot,
          heads: one.heads,
          returned: one.returned,
          issued,
          present: one.presentAtSeal,
          spoiled: spoils(after),
        }),
        ...(one.override ? [line("sign.seal.override")] : []),
        line(`sign.seal.${one.state}`),
      ];
    case "no-objection": {
      const code = code80bits(checkpointDigest(checkpointOf(meeting, one)));
      return [line("sign.no-objection", { slot, returned: one.returned, code })];
    }
    case "compared": {
      const { checkpoint, missing } = body;
      return [line("sign.compared", { slot, code: code80bits(checkpoint), missing })];
    }
    case "certify": {
      const { name } = meeting.officers.get(body.officer);
      const code = code80bits(body.outcome);
      return [line("sign.certify", { slot, name, code }), ...pen(body.pen)];
    }
    case "reading":
      return [line("sign.reading", { slot, number: body.entries.length })];
    case "void":
      return [line("sign.void", { slot, reason: body.reason }), ...pen(body.pen)];
    default: {
      const { visibility } = meeting.rules.get(one.rule);
      return [line("sign.release", { slot, visibility: line(`value.visibility.${visibility}`) })];
    }
  }
}

/** What is asked; with `standings`, even none, who stands and for what. */
function questions(meeting, items, standings) {
  return items.flatMap((item) => [
    line("sign.item", { item, question: meeting.items.get(item).question }),
    ...(standings === null ? [] : askedLines(meeting, item, standings.get(item) ?? null)),
  ]);
}

function pen(signed) {
  return signed === null ? [] : [line("sign.by-pen", { page: code80bits(signed.page) })];
}

/** The parameters of an act that is about no round. */
function plain({ kind, body }) {
  if (kind !== "correct") return { ...body };
  const { leave, attend, present, reason } = body;
  const counts = present.map(({ group, count }) => `${group} ${count}`);
  const set = counts.length ? counts : "0";
  return { leave: leave.length, attend: attend.length, present: set, reason };
}

function line(word, params = {}) {
  return { word, params };
}
