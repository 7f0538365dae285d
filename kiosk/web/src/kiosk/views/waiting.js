// The waiting screen: which meeting, which papers, whether voting is open, and how to begin.
// It is the only screen on which what the server says changes anything by itself.

import { h, show } from "../../common/dom.js";
import { languageSwitch } from "../../common/frame.js";
import { say } from "../../common/words.js";
import { heading, key, screen, staffKey } from "./parts.js";

/** @returns {{element: HTMLElement, update: Function}} */
export function waitingView(state, app) {
  const news = h("div.news");
  const camera = cameraBox(app);
  const element = screen("waiting", {
    main: [
      news,
      h("section.begin", {}, [
        h("h2", {}, say("kiosk.waiting.show")),
        camera,
        h("div.notice-place", { role: "alert" }),
        h("div.keys", {}, [
          key(say("kiosk.waiting.type"), () => app.send({ type: "type" }), { id: "type" }),
          app.camera.choice &&
            key(say("kiosk.camera.flip"), () => app.flipCamera(), { kind: "quiet" }),
        ]),
      ]),
    ],
    foot: footer(app),
  });
  const update = (next) => {
    if (next.screen !== "waiting") return false;
    show(news, newsOf(app));
    const { notice } = next;
    show(
      element.querySelector(".notice-place"),
      notice && h("p.note.bad", {}, app.explain(notice)),
    );
    return true;
  };
  update(state);
  return { element, update, video: camera.querySelector("video") };
}

function newsOf(app) {
  const { room } = app;
  const { meeting } = room;
  if (!meeting) {
    return [
      h("div.title-line", {}, staffKey(app), heading("h1", say("kiosk.waiting.title"))),
      h("p.banner.wait", {}, say(room.silent ? "kiosk.waiting.silent" : "kiosk.waiting.draft")),
    ];
  }
  return [
    h("div.title-line", {}, staffKey(app), heading("h1", meeting.title)),
    h("p.hint", {}, [meeting.number, meeting.date].filter(Boolean).join("　")),
    banner(room),
    h("ul.papers", { tabindex: "0" }, shownOf(room.rounds).map((round) => paperLine(room, round))),
    room.standing !== "closed" && h("ol.how", {}, [
      h("li", {}, say("kiosk.how.show")),
      h("li", {}, say("kiosk.how.mark")),
      h("li", {}, say("kiosk.how.cast")),
    ]),
    h("div.fingerprint", {}, [
      h("span", {}, say("kiosk.waiting.fingerprint")),
      h("span.code", { "data-fingerprint": meeting.code }, meeting.code),
      h("span.hint", {}, say("kiosk.waiting.compare")),
    ]),
  ];
}

function banner({ silent, standing }) {
  if (silent) return h("p.banner.wait", {}, say("kiosk.waiting.silent"));
  const kind = { open: "good", "last-call": "call" }[standing] ?? "wait";
  return h(`p.banner.${kind}`, { "data-standing": standing }, say(`kiosk.standing.${standing}`));
}

/** The open papers; where there is none, the last ones. */
function shownOf(rounds) {
  const open = rounds.filter((round) => round.state === "open");
  return open.length ? open : rounds.slice(-3);
}

function paperLine(room, round) {
  const title = room.titleOf(round.items);
  const state = round.lastCall ? "last-call" : round.state;
  return h("li.paper-line", { "data-state": state }, [
    h("strong", {}, title),
    h("span", {}, say("kiosk.paper.items", { items: round.items.length })),
    round.round > 1 && h("span", {}, say("kiosk.paper.round", { round: round.round })),
    h("span.chip", {}, say(`kiosk.paper.${state}`)),
  ]);
}

/** The picture of the camera with what is wrong with it, if anything is. */
export function cameraBox(app) {
  const box = h("div.camera", { "data-facing": app.camera.facing }, [
    h("video", { muted: true, playsinline: true, autoplay: true, "aria-hidden": "true" }),
    h("div.corners", { "aria-hidden": "true" }),
    h("p.camera-trouble", { role: "status" }, app.camera.sentence),
  ]);
  box.querySelector("video").muted = true;
  return box;
}

function footer(app) {
  return [
    h("div.foot-left", {}, [
      key(say("kiosk.waiting.leave"), () => app.send({ type: "leave" }), { kind: "quiet" }),
      !app.staff.isSet() &&
        key(say("kiosk.staff.unset"), () => app.setStaffCode(), { kind: "quiet" }),
    ]),
    h("p.build.hint", {}, [
      say("kiosk.waiting.kiosk", { number: app.number }),
      h("span", {}, [say("kiosk.waiting.build"), h("span.code", {}, app.build)]),
    ]),
    languageSwitch((one) => app.speak(one)),
  ];
}
