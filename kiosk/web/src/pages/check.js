// The checking page, for another device than the kiosk's: two codes, one answer.
//
//   tracker ─► opening ─► result ─► tracker …

import { checked, isActive, isMarked, loadMeeting, loadRound } from "../check/checking.js";
import { readOpeningCode, readTrackerPayload } from "../check/payload.js";
import { FormatError, InputError, VerificationError } from "../errors.js";
import { patiently, sleep } from "../common/api.js";
import { trackerText } from "../common/code.js";
import { announce, h } from "../common/dom.js";
import { begin, frame } from "../common/frame.js";
import { Camera, TypedScanner } from "../common/scan.js";
import { explain, listed, say } from "../common/words.js";

const FACING = "environment"; // a phone is held before the tablet
const CALM = 4000; // milliseconds between two looks for a frozen meeting
const FRESH = {
  step: "tracker", first: null, round: null, parts: [], missing: null, trouble: null, result: null,
};
const state = { ...FRESH, meeting: null };
let busy = false;

const camera = new Camera((text) => take(text), { facing: FACING, trouble: tell });
new TypedScanner((text) => take(text));

let waiting = false;
begin(async () => {
  draw();
  if (state.meeting || waiting) return;
  waiting = true;
  await untilFrozen();
  waiting = false;
});

/** Opened before the freeze, this page begins by itself once there is a meeting. */
async function untilFrozen() {
  while (!state.meeting) {
    try {
      state.meeting = await patiently(loadMeeting);
      state.trouble = null;
      draw();
    } catch (error) {
      const news = state.trouble?.code !== error.code;
      state.trouble = error;
      if (news) draw();
      if (error.code !== "not-frozen") return;
      await sleep(CALM);
    }
  }
}

function draw() {
  camera.stop();
  const reading = state.step !== "result";
  frame(say("checker.title"), [
    state.meeting && fingerprint(state.meeting),
    steps(),
    state.trouble && h("p.note.bad", { role: "alert" }, explain(state.trouble)),
    state.missing &&
      h("p.note", { role: "status" }, say("checker.parts", { missing: state.missing })),
    reading && state.meeting ? picture() : null,
    state.step === "result" && result(state.result),
    state.step !== "tracker" &&
      h("div.keys", {}, h("button", { type: "button", onclick: again }, say("checker.again"))),
  ].filter(Boolean));
  const video = document.querySelector("video");
  if (video) camera.start(video);
}

function fingerprint({ title, code }) {
  return h("section.card", {}, [
    h("h2", {}, title),
    h("p.fingerprint", {}, [say("checker.fingerprint"), h("span.code", {}, code)]),
    h("p.hint", {}, say("checker.compare")),
  ]);
}

function steps() {
  const known = state.first?.tracker;
  const texts = [
    say("checker.step-tracker"),
    say("checker.step-opening"),
    say("checker.step-result"),
  ];
  const at = ["tracker", "opening", "result"].indexOf(state.step);
  return h("ol.steps", {}, texts.map((text, index) =>
    h("li", { "aria-current": index === at ? "step" : null, "data-done": String(index < at) }, [
      text,
      index === 0 && known && h("span.code.tracker", {}, trackerText(known)),
    ]),
  ));
}

function picture() {
  const box = h("div.camera", {}, [
    h("video", { muted: true, playsinline: true, autoplay: true, "aria-hidden": "true" }),
    h("p.camera-trouble", { role: "status" }),
  ]);
  box.querySelector("video").muted = true;
  return box;
}

function tell(kind) {
  const place = document.querySelector(".camera-trouble");
  if (place) place.textContent = kind ? say(`checker.camera.${kind}`) : "";
}

function result({ error, marks, active, marked }) {
  if (error) {
    return h("section.verdict.bad", { "data-verdict": "differs" }, [
      h("h2", {}, say("checker.differs")),
      h("p", {}, explain(error)),
      h("p", {}, say("checker.differs.do")),
    ]);
  }
  return h("section", { "data-verdict": active && marked ? "matches" : "doubtful" }, [
    h("div.verdict.good", {}, [
      h("h2", {}, say("checker.matches")),
      h("p", {}, say("checker.matches.compare")),
    ]),
    !active && h("p.note.bad", { role: "alert" }, say("checker.not-active")),
    !marked && h("p.note.bad", { role: "alert" }, say("checker.not-marked")),
    marked && h("p.note.good", {}, say("checker.marked")),
    h("table", {}, [
      h("caption.unseen", {}, say("checker.choices")),
      h("tbody", {}, marks.map(line)),
    ]),
  ]);
}

function line({ item, name, words }, index) {
  return h("tr", { "data-item": item }, [
    h("td.number", {}, String(index + 1)),
    h("th", { scope: "row" }, name),
    h("td.word", {}, listed(words)),
  ]);
}

async function take(text) {
  if (busy || !state.meeting || state.step === "result") return;
  busy = true;
  try {
    await (state.step === "tracker" ? takeTracker(text) : takeOpening(text));
    state.trouble = null;
  } catch (error) {
    state.trouble = error;
  } finally {
    busy = false;
  }
  draw();
  const said = state.trouble ? explain(state.trouble) : say(`checker.said.${state.step}`);
  announce(said, { urgent: Boolean(state.trouble) });
}

async function takeTracker(text) {
  const first = readTrackerPayload(text);
  if (first === null) throw new InputError("not-a-tracker");
  state.round = await loadRound(state.meeting, first.slot);
  state.first = first;
  state.step = "opening";
}

async function takeOpening(text) {
  const read = readOpeningCode(text, state.parts);
  if (read === null) throw new InputError("not-an-opening");
  Object.assign(state, { parts: read.parts ?? [], missing: read.missing ?? null });
  if (read.missing) return;
  const { slot, tracker } = state.first;
  try {
    const found = checked(read.opening, state.round, tracker);
    const active = await patiently(() => isActive(slot, found.credential));
    state.result = { ...found, active, marked: await patiently(() => isMarked(slot, tracker)) };
  } catch (error) {
    if (error instanceof FormatError) throw new InputError("not-an-opening");
    if (!(error instanceof VerificationError)) throw error;
    state.result = { error };
  }
  state.step = "result";
}

function again() {
  Object.assign(state, FRESH);
  draw();
}
