// The checking page, for another device than the kiosk's: two codes, one answer.
//
//   tracker ─► opening ─► result ─► tracker …

import { loadMeeting } from "../check/checking.js";
import { Checks } from "../check/steps.js";
import { patiently, sleep } from "../common/api.js";
import { trackerText } from "../common/code.js";
import { announce, h } from "../common/dom.js";
import { begin, frame } from "../common/frame.js";
import { Camera, TypedScanner } from "../common/scan.js";
import { explain, listed, say } from "../common/words.js";

const FACING = "environment"; // a phone is held before the tablet
const CALM = 4000; // milliseconds between two looks for a frozen meeting

const checks = new Checks();
let meeting = null;
let silence = null; // why there is no meeting yet

const camera = new Camera((text) => take(text), { facing: FACING, trouble: tell });
new TypedScanner((text) => take(text));

let waiting = false;
begin(async () => {
  draw();
  if (meeting || waiting) return;
  waiting = true;
  await untilFrozen();
  waiting = false;
});

/** Opened before the freeze, this page begins by itself once there is a meeting. */
async function untilFrozen() {
  while (!meeting) {
    try {
      meeting = await patiently(loadMeeting);
      silence = null;
      draw();
    } catch (error) {
      const news = silence?.code !== error.code;
      silence = error;
      if (news) draw();
      if (error.code !== "not-frozen") return;
      await sleep(CALM);
    }
  }
}

function draw() {
  camera.stop();
  const { step, missing, result } = checks.now;
  const trouble = silence ?? checks.now.trouble;
  frame(say("checker.title"), [
    meeting && fingerprint(meeting),
    steps(checks.now),
    trouble && h("p.note.bad", { role: "alert" }, explain(trouble)),
    missing && h("p.note", { role: "status" }, say("checker.parts", { missing })),
    step !== "result" && meeting ? picture() : null,
    step === "result" && verdict(result),
    step !== "tracker" &&
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

function steps({ step, first }) {
  const known = first?.tracker;
  const texts = [
    say("checker.step-tracker"),
    say("checker.step-opening"),
    say("checker.step-result"),
  ];
  const at = ["tracker", "opening", "result"].indexOf(step);
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

function verdict({ error, marks, active, marked }) {
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
  if (!meeting || !(await checks.take(meeting, text))) return;
  draw();
  const { step, trouble } = checks.now;
  const said = trouble ? explain(trouble) : say(`checker.said.${step}`);
  announce(said, { urgent: Boolean(trouble) });
}

function again() {
  checks.again();
  draw();
}
