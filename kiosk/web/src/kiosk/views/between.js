// Screens on which something is being done or was done: reading, casting, cast, refused.

import { h } from "../../common/dom.js";
import { say } from "../../common/words.js";
import { current, position, trackers } from "../session.js";
import { heading, key, paperNumber, screen, strip, trackerCode } from "./parts.js";

/** The ticket is being looked up. */
export function readingView(_state, app) {
  return {
    element: screen("reading", {
      strip: strip(app, heading("h1", say("kiosk.reading.title"))),
      main: h("div.middle", {}, [turning(), h("p.lead", {}, say("kiosk.reading.lead"))]),
      foot: key(say("kiosk.reading.stop"), () => app.send({ type: "wipe" }), { kind: "quiet" }),
    }),
  };
}

/** The sealed ballot is on its way; the same bytes are sent until there is an answer. */
export function castingView(state, app) {
  const lead = h("p.lead", {}, say("kiosk.casting.lead"));
  return {
    element: screen("casting", {
      strip: strip(app, heading("h1", say("kiosk.casting.title")), paperNumber(position(state))),
      main: h("div.middle", {}, [turning(), lead]),
    }),
    update: (next) => {
      if (next.screen !== "casting") return false;
      if (next.silent) lead.textContent = say("kiosk.casting.silent");
      return true;
    },
  };
}

/** One paper is done; another one follows. */
export function nextView(state, app) {
  const { papers } = state;
  const following = papers[state.then];
  const cast = current(state).cast;
  return {
    element: screen("next", {
      strip: strip(app, heading("h1", say(cast ? "kiosk.next.title" : "kiosk.next.refused")),
        paperNumber(position(state))),
      main: h("div.middle", {}, [
        cast
          ? [bigCheck(), h("p.lead", {}, say("kiosk.next.cast")), trackerList(state)]
          : h("p.note.bad", { role: "alert" }, app.explain(state.error)),
        h("p.lead", {}, say("kiosk.next.more", {
          title: app.room.titleOf(following.items),
          items: following.items.length,
        })),
      ]),
      foot: key(say("kiosk.next.onward", { number: state.then + 1, papers: papers.length }),
        () => app.send({ type: "onward" }), { kind: "primary", id: "onward" }),
    }),
  };
}

/** All is cast. It cannot be mistaken for anything else, and any touch wipes it. */
export function doneView(state, app) {
  return farewell("done", app, [
    bigCheck(),
    heading("h1", say("kiosk.done.title")),
    h("p.lead", {}, say("kiosk.done.lead", { papers: trackers(state).length })),
    trackerList(state),
    h("p.leave", {}, say("kiosk.done.leave")),
  ]);
}

/** The withdrawal stands. */
export function leftView(state, app) {
  return farewell("left", app, [
    bigCheck(),
    heading("h1", say("kiosk.left.title")),
    h("p.lead", {}, say(state.choice.kind === "all" ? "kiosk.left.all" : "kiosk.left.paper")),
    h("p.leave", {}, say("kiosk.done.leave")),
  ]);
}

function farewell(name, app, content) {
  const seconds = h("span.seconds", {});
  return {
    element: screen(name, {
      main: h("div.middle", {}, content),
      foot: [
        h("p.countdown", { "aria-hidden": "true" }, [seconds]),
        key(say("kiosk.done.close"), () => app.send({ type: "wipe" }), { id: "close" }),
      ],
    }),
    tick: (left) => (seconds.textContent = say("kiosk.done.seconds", { seconds: left })),
  };
}

/** This ticket had voted before; what was counted, and whom to tell if it was somebody else. */
export function standingView(state, app) {
  const counted = state.papers.every((paper) => paper.counted);
  return {
    element: screen("standing", {
      strip: strip(app, heading("h1", say(counted ? "kiosk.counted.title" : "kiosk.counted.part"))),
      main: h("div.middle", {}, [
        h("p.lead", {}, say(counted ? "kiosk.counted.lead" : "kiosk.counted.part-lead")),
        h("ul.standing", {}, state.papers.map((paper) =>
          h("li", { "data-counted": String(Boolean(paper.counted)) }, [
            h("span", {}, app.room.titleOf(paper.items)),
            h("span", {}, say("kiosk.paper.items", { items: paper.items.length })),
            paper.counted
              ? [h("strong", {}, say("kiosk.counted.yes")), trackerCode(paper.counted)]
              : h("strong", {}, say("kiosk.counted.no")),
          ]),
        )),
        h("p.note", {}, say("kiosk.counted.tell")),
      ]),
      foot: closeKey(app),
    }),
  };
}

/** Something could not be done: one sentence that says what to do next. */
export function noticeView(state, app) {
  const list = state.trackers?.length ? trackerList(state, state.trackers) : null;
  return {
    element: screen("notice", {
      strip: strip(app, heading("h1", say("kiosk.notice.title"))),
      main: h("div.middle", {}, [
        h(
          "p.sentence",
          { role: "alert", "data-code": state.error?.code },
          app.explain(state.error),
        ),
        state.tell && h("p.lead", {}, say(`kiosk.tell.${state.tell}`)),
        list && [h("p.lead", {}, say("kiosk.notice.cast")), list],
      ]),
      foot: closeKey(app),
    }),
  };
}

function closeKey(app) {
  const close = () => app.send({ type: "wipe" });
  return key(say("kiosk.notice.close"), close, { kind: "primary", id: "close" });
}

/** Trackers of what was cast, one for each paper. */
function trackerList(state, cast = trackers(state)) {
  return h(
    cast.length > 2 ? "dl.trackers.many" : "dl.trackers",
    {},
    cast.map(({ number, tracker }) =>
      h(
        "div",
        {},
        h("dt", {}, say(cast.length > 1 ? "kiosk.done.tracker-of" : "kiosk.done.tracker", { number })),
        h("dd", {}, trackerCode(tracker)),
      ),
    ),
  );
}

function bigCheck() {
  return h("div.big-check", { "aria-hidden": "true" });
}

/** Something moves, unless the reader wants nothing to move. */
export function turning() {
  return h("div.turning", { "aria-hidden": "true" });
}
