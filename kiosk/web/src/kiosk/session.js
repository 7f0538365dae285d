// What a kiosk shows and what may follow it: every state and every step, and nothing else.
//
//   enrol ─► waiting ─► reading ─► ballot ◄─► review ─► casting ─► next ─► ballot … ─► done
//               │ ▲        │                  ▲   │                                     │
//               │ └ notice ◄                  │   └► tracker ─► marking ─► opening ─► ballot
//               │ └ standing: counted before  └──────────┘
//               ├► typing ─► reading
//               └► leaving (typing) ─► reading ─► choosing ─► confirming ─► sending ─► left
//   everything ─► waiting (wiped)       everything ─► covered (staff) ─► waiting
//
// Pure: `step(state, event)` returns the next state, or the same one when the event has no place
// there (a second tap, an answer that came too late). A state is plain data and holds no secret:
// token, seed and sealed bytes lie elsewhere (ticket.js, sealer.js) and go at every wipe. The
// marks lie here, in memory and nowhere else.

import { markOf, openLines, put, size } from "./matter.js";

/**
 * @typedef {{slot: string, items: string[], matters: import("./matter.js").Matter[],
 *   counted: string|null}} Paper one open round that the ticket may vote in; matters: what it asks
 *   of each item, in their order; counted: the tracker, where it did already
 * @typedef {{screen: string, [field: string]: any}} State
 */

/** What is looked for on a roster: text, page, which keys, which order. Gone with the state. */
const FINDING = Object.freeze({
  text: "", page: 0, keys: "pinyin", keyPage: 0, order: "roster",
});

const WAITING = Object.freeze({ screen: "waiting", notice: null });

/** Screens on which a voter's session is under way; the kiosk is busy then. */
export const SESSION = new Set([
  "reading", "ballot", "review", "casting", "next", "done", "standing",
  "tracker", "marking", "opening",
  "choosing", "confirming", "sending", "left",
]);

/** Screens that show nobody's ballot and may have the camera on. */
export const CAMERA = new Set(["waiting", "leaving"]);

/**
 * Screens that go when nobody touches them for five minutes. `reading` too: nothing was sent, and
 * a server that comes back late must not open the ballot of somebody who has gone.
 */
export const IDLE = new Set([
  "typing", "leaving", "reading", "ballot", "review", "next", "standing", "tracker", "opening",
  "choosing", "confirming", "notice",
]);

/** The first state of a kiosk that has an account. */
export function waiting(notice = null) {
  return notice ? { screen: "waiting", notice } : WAITING;
}

/** The items of the paper on the screen of which something is not marked yet, in order. */
export function openItems(state) {
  return current(state).matters
    .filter((matter) => openLines(matter, state.marks[matter.item]).length > 0)
    .map(({ item }) => item);
}

/** How much of the paper is marked: lines that take a word, and choices of names. */
export function progress(state) {
  const { matters } = current(state);
  const all = matters.reduce((sum, matter) => sum + size(matter), 0);
  const open = matters.reduce((sum, one) => sum + openLines(one, state.marks[one.item]).length, 0);
  return { marked: all - open, all };
}

/** The paper on the screen. */
export function current(state) {
  return state.papers[state.at];
}

/** How many of the ticket's papers are behind, this one included, and how many there are. */
export function position(state) {
  return { number: state.at + 1, papers: state.papers.length };
}

/** The marks as they are sealed, by item (meeting/marks.js). Only when nothing is open. */
export function marksOf(state) {
  return Object.fromEntries(
    current(state).matters.map((matter) => [matter.item, markOf(matter, state.marks[matter.item])]),
  );
}

/** All trackers of this session's casts, with their papers' numbers. */
export function trackers(state) {
  return state.papers
    .map((paper, index) => ({ number: index + 1, tracker: paper.cast ?? null }))
    .filter(({ tracker }) => tracker !== null);
}

const STEPS = {
  waiting: {
    read: (_, { purpose = "vote" }) => ({ screen: "reading", purpose }),
    type: (_, { purpose = "vote" }) => ({ screen: "typing", purpose }),
    leave: () => ({ screen: "leaving", notice: null }),
    notice: (_, { notice }) => waiting(notice),
  },
  leaving: {
    read: () => ({ screen: "reading", purpose: "withdraw" }),
    type: () => ({ screen: "typing", purpose: "withdraw" }),
    notice: (state, { notice }) => ({ ...state, notice }),
  },
  typing: {
    read: ({ purpose }) => ({ screen: "reading", purpose }),
  },
  reading: {
    admitted: admit,
    asked: (state, { choices }) =>
      state.purpose === "withdraw" ? { screen: "choosing", choices } : state,
  },
  ballot: {
    mark,
    turn: (state, place) => ({ ...state, ...placed(place), finding: FINDING, said: null }),
    find: (state, { finding }) => ({ ...state, finding: { ...state.finding, ...finding } }),
    review: (state) =>
      ({ ...state, screen: "review", page: 0, sealed: null, sealing: null, said: null }),
  },
  review: {
    edit: (state, { item, line = 0, outside = false }) => ({
      ...state,
      screen: "ballot",
      ...placed({ from: Math.max(0, current(state).items.indexOf(item)), line, outside }),
      finding: FINDING,
      sealed: null,
    }),
    leaf: (state, { page }) => ({ ...state, page }),
    sealing: (state, { done }) => ({ ...state, sealing: done }),
    sealed: (state, { tracker }) =>
      openItems(state).length === 0 ? { ...state, sealed: tracker } : state,
    cast: (state) => (openItems(state).length === 0 ? { ...state, screen: "casting" } : state),
    check: (state) => (state.sealed ? { ...state, screen: "tracker" } : state),
  },
  casting: {
    counted,
    waiting: (state, { silent }) => ({ ...state, silent }),
    lost: passOver,
  },
  next: {
    onward: (state) => begin(state, state.then),
  },
  tracker: {
    back: (state) => ({ ...state, screen: "review" }),
    mark: (state) => ({ ...state, screen: "marking" }),
  },
  marking: {
    marked: (state, { opening }) => ({ ...state, screen: "opening", opening }),
    waiting: (state, { silent }) => ({ ...state, silent }),
  },
  opening: {
    onward: (state) => begin(state, state.at, { checked: true }),
  },
  choosing: {
    choose: (state, { choice }) => ({ screen: "confirming", choices: state.choices, choice }),
  },
  confirming: {
    back: (state) => ({ screen: "choosing", choices: state.choices }),
    send: (state) => ({ ...state, screen: "sending", sent: 0 }),
  },
  sending: {
    progress: (state, { sent }) => ({ ...state, sent }),
    left: (state) => ({ screen: "left", choice: state.choices[state.choice] }),
  },
  covered: {
    released: () => WAITING,
  },
};

/**
 * What follows.
 * @param {State} state
 * @param {{type: string, [field: string]: any}} event
 * @returns {State} the same object when nothing changes
 */
export function step(state, event) {
  if (event.type === "wipe") return state.screen === "covered" ? state : WAITING;
  if (event.type === "cover") return { screen: "covered" };
  if (event.type === "refused" && SESSION.has(state.screen)) {
    return { screen: "notice", error: event.error, tell: event.tell ?? null };
  }
  return STEPS[state.screen]?.[event.type]?.(state, event) ?? state;
}

function admit(state, { papers }) {
  if (state.purpose !== "vote") return state;
  const first = papers.findIndex((paper) => paper.counted === null);
  if (first < 0) return { screen: "standing", papers };
  return begin({ papers }, first);
}

/** Put a paper on the screen with nothing marked. */
function begin({ papers }, at, { checked = false } = {}) {
  const marks = { marks: {}, said: null, finding: FINDING };
  return { screen: "ballot", papers, at, ...marks, ...placed({ from: 0 }), sealed: null, checked };
}

/** A place on the paper: an item from 0, a line of it, or its names from outside. */
function placed({ from, line = 0, outside = false }) {
  return { from, line, outside };
}

/** A key was pressed: what it marks, or why it marks nothing (`said`). */
function mark(state, { item, line = "", option, answer }) {
  const matter = current(state).matters.find((one) => one.item === item);
  const done = matter && put(matter, state.marks[item] ?? {}, { line, option, answer });
  if (!done) return state;
  if (done.refused) return { ...state, said: { item, code: done.refused, params: done.params } };
  return { ...state, marks: { ...state.marks, [item]: done.mark }, said: null, sealed: null };
}

/** The server has this paper's ballot: forget its marks, go on to what is left. */
function counted(state, { tracker }) {
  const papers = state.papers.map((paper, index) =>
    index === state.at ? { ...paper, counted: tracker, cast: tracker } : paper,
  );
  return proceed({ papers, at: state.at });
}

/** This paper can no longer be cast here; say why and go on to what is left. */
function passOver(state, { error, tell = null }) {
  const papers = state.papers.map((paper, index) =>
    index === state.at ? { ...paper, counted: "", refused: true } : paper,
  );
  const then = following({ papers, at: state.at });
  if (then < 0) return { screen: "notice", error, tell, trackers: trackers({ papers }) };
  return { screen: "next", papers, at: state.at, then, error };
}

function proceed(state) {
  const then = following(state);
  return then < 0 ? { screen: "done", ...state } : { screen: "next", ...state, then };
}

function following({ papers, at }) {
  return papers.findIndex((paper, index) => index > at && paper.counted === null);
}
