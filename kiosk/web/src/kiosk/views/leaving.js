// Withdrawing, a session of its own: one's own ticket, what to withdraw from, a question, done.

import { h, show } from "../../common/dom.js";
import { listed, say } from "../../common/words.js";
import { cameraBox } from "./waiting.js";
import { heading, key, nameOf, screen, strip } from "./parts.js";
import { turning } from "./between.js";

/** Show one's own ticket. */
export function leavingView(state, app) {
  const camera = cameraBox(app);
  const place = h("div.notice-place", { role: "alert" });
  const update = (next) => {
    if (next.screen !== "leaving") return false;
    show(place, next.notice && h("p.note.bad", {}, app.explain(next.notice)));
    return true;
  };
  update(state);
  return {
    element: screen("leaving", {
      strip: strip(app, heading("h1", say("kiosk.leave.title"))),
      main: h("div.split", {}, [
        h("div.begin", {}, [camera, place]),
        h("div", {}, [
          h("p.lead", {}, say("kiosk.leave.lead")),
          h("p.note", {}, say("kiosk.leave.alone")),
        ]),
      ]),
      foot: [
        key(say("kiosk.leave.cancel"), () => app.send({ type: "wipe" }), { kind: "quiet" }),
        key(say("kiosk.waiting.type"), () => app.send({ type: "type" }), { id: "type" }),
      ],
    }),
    update,
    video: camera.querySelector("video"),
  };
}

/** What this ticket may be withdrawn from. */
export function choosingView(state, app) {
  return {
    element: screen("choosing", {
      strip: strip(app, heading("h1", say("kiosk.choosing.title"))),
      main: h("div.middle", {}, [
        h("ul.choices", {}, state.choices.map((choice, index) =>
          h("li", {}, h("button.choice", {
            type: "button",
            "data-key": `choice/${index}`,
            onclick: () => app.send({ type: "choose", choice: index }),
          }, h("strong", {}, titleOf(choice, app)), h("span", {}, about(choice, app)))),
        )),
        h("p.note", {}, say("kiosk.choosing.hint")),
      ]),
      foot: key(say("kiosk.leave.cancel"), () => app.send({ type: "wipe" }), { kind: "quiet" }),
    }),
  };
}

/** Asked once more, because nobody can take it back. */
export function confirmingView(state, app) {
  const choice = state.choices[state.choice];
  return {
    element: screen("confirming", {
      strip: strip(app, heading("h1", say("kiosk.confirming.title"))),
      main: h("div.middle", {}, [
        h("p.lead", {}, h("strong", {}, titleOf(choice, app))),
        h("p", {}, about(choice, app)),
        h("p.note.bad", { role: "alert" }, say("kiosk.confirming.final")),
      ]),
      foot: [
        key(say("kiosk.confirming.back"), () => app.send({ type: "back" }), { id: "back" }),
        key(say("kiosk.confirming.send"), () => app.send({ type: "send" }), {
          kind: "danger",
          id: "send",
        }),
      ],
    }),
  };
}

/** The signed withdrawals are on their way. */
export function sendingView(state, app) {
  const { slots } = state.choices[state.choice];
  const name = say("kiosk.sending.title");
  const bar = h("progress", { max: slots.length, value: 0, "aria-label": name });
  return {
    element: screen("sending", {
      strip: strip(app, heading("h1", say("kiosk.sending.title"))),
      main: h("div.middle", {}, [
        turning(),
        slots.length > 1 && bar,
        h("p.lead", {}, say("kiosk.sending.lead")),
      ]),
    }),
    update: (next) => {
      if (next.screen !== "sending") return false;
      bar.value = next.sent;
      return true;
    },
  };
}

function titleOf(choice, app) {
  if (choice.kind === "all") return say("kiosk.choosing.all");
  const names = choice.items.map((id) => nameOf(app.room.meeting.items.get(id)));
  return say("kiosk.choosing.paper", { names: listed(names) });
}

function about(choice, app) {
  if (choice.kind === "all") return say("kiosk.choosing.all-about");
  return say("kiosk.choosing.paper-about", {
    title: app.room.titleOf(choice.items),
    items: choice.items.length,
  });
}
