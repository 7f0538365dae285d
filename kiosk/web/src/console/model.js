// The meeting as the console shows it: what the server says of it, made into a line of entries.
//
// Pure: an overview (docs/spec/api.md, section 6), an account and the frozen meeting go in, a view
// comes out; no element, no sentence, no clock. Tested under Node.
//
// PANELS. A panel is one file in panels/, `export function name(ctx)` → `{node, update(view)}`,
// and has a line in panels/index.js. It is made once when its entry is chosen; `update` is called
// with every new view while it is on the screen. What moves lies in a `region` (parts.js), which is
// drawn again only when its own data changed and nobody types in it; a form is built once, outside
// of regions. What a panel may use:
//
//   ctx.run(event, doing)     do what may take time or fail: the key waits, an error is said
//   ctx.propose(kind, body, {ask}) propose an act; `ask: {title, lines, label}` asks before
//   ctx.room(act, fields)     POST /api/room
//   ctx.load(path, version)   the last answer of a GET, null before the first; asked again whenever
//                             `version` is another one, and then every panel is updated
//   ctx.acts()                the acts of the ledger as far as this page has them, to be shown
//   ctx.latest()              the same up to now, to decide by: what was just sent is in it
//   ctx.tell(text, kind)      one line above the tray: "good", "wait", "bad"
//   ctx.go(id)                show another entry
//   ctx.refresh()             read the overview now
//   ctx.signer                this officer's own device (common/signer.js)

import { percent } from "../common/asked.js";

/** Who may propose an act, by kind (docs/spec/api.md, section 4). */
export const PROPOSERS = {
  freeze: ["secretary", "scrutineer"],
  correct: ["secretary", "scrutineer"],
  "void-series": ["chair", "secretary", "scrutineer"],
  open: ["chair", "secretary", "scrutineer"],
  seal: ["secretary", "scrutineer"],
  "no-objection": ["scrutineer"],
  compared: ["secretary", "scrutineer"],
  reading: ["scrutineer"],
  certify: ["chair", "secretary", "scrutineer", "teller", "recorder"],
  release: ["chair", "secretary", "scrutineer"],
  void: ["chair", "secretary", "scrutineer", "teller", "recorder"],
  close: ["secretary"],
};

/** The entries of a whole meeting, and the server's steps that each gathers. */
const ENTRIES = [
  ["draft", ["draft"]],
  ["enrol", ["enrol"]],
  ["kiosks", ["kiosks"]],
  ["ceremony", ["ceremony"]],
  ["freeze", ["freeze"]],
  ["issue", ["issue"]],
  ["attend", ["attend"]],
  ["room", ["room"]],
];
const LAST = ["end", ["destroy", "close", "sign-record"]];

/** The parts of a paper's panel, in order, and the steps under each. */
export const PARTS = [
  ["ready", ["leftovers", "withdraw", "match", "prepare", "acknowledge", "open"]],
  ["voting", ["vote", "checks", "seal"]],
  ["counting", ["no-objection", "count", "read", "decide"]],
  ["signing", ["certify", "release"]],
];

const LIVE = new Set(["open", "sealed", "counted"]);

/**
 * Make the view.
 * @param {{overview: object, me: {account: string, role: string}, meeting: object|null}} given
 *   meeting: the parsed meeting.json, null before the freeze
 * @returns {object} `me` (with `officer`), `overview`, `meeting`, `entries`, `now` (id of the entry
 *   that is now), `items` (by id: what is known of an item)
 */
export function makeView({ overview, me, meeting }) {
  const entries = [...wholeEntries(overview), ...paperEntries(overview), lastEntry(overview)];
  entries.forEach((entry, index) => (entry.number = index + 1));
  return {
    me: { ...me, officer: me.account.split(":")[1] ?? "" },
    overview,
    meeting,
    entries,
    now: nowOf(entries, me.role),
    items: itemsOf(meeting),
  };
}

/** The steps of a paper, by id. */
export function stepsOf(overview, slot) {
  return Object.fromEntries(
    overview.steps.filter((step) => step.slot === slot).map((step) => [step.id, step]),
  );
}

/** The step with this id of the whole meeting. */
export function stepOf(overview, id) {
  return overview.steps.find((step) => step.slot === null && step.id === id) ?? null;
}

/**
 * A paper by its slot: what the panel of a paper needs.
 * @returns {{slot, round: object|null, paper: object|null, binding: object|null, items: string[],
 *   steps: object, part: string}} round once it is open, paper before; null when there is none
 */
export function paperOf(overview, slot) {
  const round = overview.rounds.find((one) => one.slot === slot) ?? null;
  const paper = overview.papers.find((one) => one.slot === slot) ?? null;
  if (round === null && paper === null) return null;
  const binding = overview.binding?.slot === slot ? overview.binding : null;
  const steps = stepsOf(overview, slot);
  const { items, contests = {} } = round ?? paper;
  return { slot, round, paper, binding, items, contests, steps, part: partOf(steps) };
}

/** Whether an officer of this role may propose an act of this kind. */
export function mayPropose(role, kind) {
  return PROPOSERS[kind]?.includes(role) ?? false;
}

/** The series whose tickets are void, as far as a paper's table names them. */
export function voidSeries(overview) {
  const rows = overview.papers.flatMap((one) => one.table);
  return new Set(rows.filter((row) => row.void).map((row) => row.series));
}

/**
 * Who stands in what state among the people of the roll.
 * @param {{people: object[]}} roll
 * @param {string} wanted part of a name, post or key; empty for everybody
 * @returns {object[]} expected first, each part in the order of the roll
 */
export function findPeople(roll, wanted) {
  const text = wanted.trim().toLowerCase();
  const hits = roll.people.filter(
    (one) => text === "" || `${one.who} ${one.post} ${one.n}`.toLowerCase().includes(text),
  );
  const rank = { expected: 0, away: 1, present: 2 };
  return hits
    .map((one, index) => [one, index])
    .sort(([a, i], [b, j]) => rank[a.state] - rank[b.state] || i - j)
    .map(([one]) => one);
}

/** How many members are on the roll by name, and where they are. */
export function countPeople(roll) {
  const counts = { named: 0, expected: 0, present: 0, away: 0 };
  for (const one of roll.people.filter((person) => person.class === "member")) {
    counts.named += 1;
    counts[one.state] += 1;
  }
  return counts;
}

/**
 * How far the room has come with an item: the gates of its rule, and which are entered.
 * @returns {{gates: string[], entered: number}}
 */
export function gatesOf(meeting, acts, item) {
  const rule = meeting.rules[meeting.items.find((one) => one.id === item).rule];
  const gates = rule["room-gates"].value;
  const entered = acts.filter((act) => act.kind === "room" && act.body.item === item).length;
  return { gates, entered };
}

/**
 * Whether a gate of the room can be entered for an item.
 * @returns {"now"|"done"|"early"|"none"} early: another comes first; none: its rule has no such gate
 */
export function gateState(meeting, acts, item, gate) {
  const { gates, entered } = gatesOf(meeting, acts, item);
  const at = gates.indexOf(gate);
  if (at < 0) return "none";
  if (at < entered) return "done";
  return at === entered ? "now" : "early";
}

/** Whether a proposal waits for this officer and he has not signed. */
export function waitsFor(pending, officer) {
  if (pending === null || pending.signed.includes(officer)) return false;
  return pending.places.some((allowed) => allowed.includes(officer));
}

/**
 * The places of a proposal as people read them: who may sign, who has.
 * @returns {{officers: string[], signed: string|null}[]}
 */
export function placesOf(pending) {
  const free = [...pending.signed];
  return pending.places.map((allowed) => {
    const at = free.findIndex((one) => allowed.includes(one));
    return { officers: allowed, signed: at < 0 ? null : free.splice(at, 1)[0] };
  });
}

/**
 * The numbers of a sentence's step (`result.json`) as what `say` wants; see voting/rules/step.
 * @param {object} step
 * @param {(id: string) => string} called what the ids of names and cells are called
 */
export function stepWords(step, called = (id) => id) {
  const params = { ...step.numbers, basis: { word: `base.${step.base}`, params: {} } };
  if (step.fraction) {
    const [numerator, denominator] = step.fraction;
    const known = KNOWN_SHARES.has(`${numerator}-${denominator}`);
    const share = known
      ? { word: `share.${numerator}-${denominator}`, params: {} }
      : { word: "share.other", params: { numerator, denominator } };
    params.fraction = {
      word: step.inclusive ? "fraction.inclusive" : "fraction.strict",
      params: { share },
    };
  }
  if (step.of !== undefined) params.of = called(step.of);
  if (step.numbers.rate !== undefined) params.rate = percent(step.numbers.rate);
  for (const [name, word] of Object.entries(step.words ?? {})) params[name] = { word, params: {} };
  return { word: step.message, params };
}

const KNOWN_SHARES = new Set(["1-2", "1-3", "2-3", "3-4", "3-5", "4-5", "3-10"]);

function wholeEntries(overview) {
  return ENTRIES.map(([id, names]) => entryOf(id, names, overview, null)).filter(Boolean);
}

function lastEntry(overview) {
  return entryOf(...LAST, overview, null);
}

function paperEntries(overview) {
  const slots = [...overview.rounds, ...overview.papers].map((one) => one.slot);
  if (slots.length === 0) {
    return overview.stage === "closed"
      ? []
      : [
          entryOf(
            "votes",
            PARTS.flatMap(([, ids]) => ids),
            overview,
            null,
          ),
        ];
  }
  return [...new Set(slots)].map((slot, index) => {
    const { round, paper, items, steps } = paperOf(overview, slot);
    const ids = Object.keys(steps);
    const entry = entryOf(`paper:${slot}`, ids, overview, slot);
    const over = round !== null && !LIVE.has(round.state);
    return {
      ...entry,
      state: over && entry.state !== "now" ? "done" : entry.state,
      paper: { number: index + 1, items, series: seriesShown(overview, round ?? paper), round },
    };
  });
}

/** The series of a paper, where another one has the same items: groups that vote apart. */
function seriesShown(overview, own) {
  const same = [...overview.rounds, ...overview.papers].filter(
    (one) => one.state !== "void" && one.items.join() === own.items.join(),
  );
  const different = new Set(same.map((one) => (one.series ?? []).join()));
  return different.size > 1 ? own.series : [];
}

function entryOf(id, names, overview, slot) {
  const steps = overview.steps.filter((one) => one.slot === slot && names.includes(one.id));
  const current = steps.find((one) => one.state === "now");
  const waiting = steps.filter((one) => one.state === "now");
  return {
    id,
    steps,
    current: current ?? null,
    state: stateOf(steps),
    who: [...new Set(waiting.flatMap((one) => one.who))],
    missing: waiting.flatMap((one) => one.missing),
  };
}

function stateOf(steps) {
  if (steps.some((one) => one.state === "now")) return "now";
  return steps.length > 0 && steps.every((one) => one.state === "done") ? "done" : "later";
}

/** What stands first on the screen: what is now and waits for this role, else what is now. */
function nowOf(entries, role) {
  const now = entries.filter((one) => one.state === "now");
  const mine = now.find((one) => one.who.includes(role));
  return (mine ?? now[0] ?? entries.findLast((one) => one.state === "done") ?? entries[0]).id;
}

function partOf(steps) {
  const now = PARTS.find(([, names]) => names.some((name) => steps[name]?.state === "now"));
  if (now) return now[0];
  const done = PARTS.filter(([, names]) => names.some((name) => steps[name]?.state === "done"));
  return (done.at(-1) ?? PARTS[0])[0];
}

function itemsOf(meeting) {
  const items = meeting?.items ?? [];
  return Object.fromEntries(items.map((item, index) => [item.id, { ...item, n: index + 1 }]));
}
