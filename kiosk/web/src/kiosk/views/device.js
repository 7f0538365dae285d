// Checking the device (ARCHITECTURE step 8): the tracker to the checking device first; then the
// server marks it spoiled; and only when that is durable, the opening.

import { h, show } from "../../common/dom.js";
import { say } from "../../common/words.js";
import { openingCodes, trackerPayload } from "../../check/payload.js";
import { current } from "../session.js";
import { heading, key, qrPicture, screen, strip, trackerCode } from "./parts.js";
import { turning } from "./between.js";

/** The sealed ballot's tracker, for the checking device to keep. */
export function trackerView(state, app) {
  const text = trackerPayload(current(state).slot, state.sealed);
  return {
    element: screen("tracker", {
      strip: strip(app, heading("h1", say("kiosk.check.title"))),
      main: h("div.split", {}, [
        qrPicture(text, say("kiosk.check.qr-tracker"), sideOfPicture()),
        h("div", {}, [
          steps(0),
          h("p", {}, [say("kiosk.review.tracker"), trackerCode(state.sealed)]),
          h("p.note.wait", {}, say("kiosk.check.void")),
        ]),
      ]),
      foot: [
        key(say("kiosk.check.cancel"), () => app.send({ type: "back" }), { id: "back" }),
        key(say("kiosk.check.open"), () => app.send({ type: "mark" }), {
          kind: "danger",
          id: "open",
        }),
      ],
    }),
  };
}

/** The server is being told; nothing is shown before it has answered. */
export function markingView(_state, app) {
  const lead = h("p.lead", {}, say("kiosk.check.marking"));
  return {
    element: screen("marking", {
      strip: strip(app, heading("h1", say("kiosk.check.title"))),
      main: h("div.middle", {}, [turning(), lead]),
    }),
    update: (next) => {
      if (next.screen !== "marking") return false;
      if (next.silent) lead.textContent = say("kiosk.check.silent");
      return true;
    },
  };
}

/** Everything that the checking device needs to rebuild the ballot: one QR code, or several. */
export function openingView(state, app) {
  const codes = openingCodes(state.opening);
  const place = h("div.code-place");
  const turn = h("div.pager");
  const go = (to) => {
    show(place, qrPicture(codes[to], say("kiosk.check.qr-opening"), sideOfPicture()));
    show(turn, codes.length > 1 && [
      key(say("kiosk.check.code-back"), () => go(to - 1), { disabled: to === 0, id: "code-back" }),
      h("span.page-number", { role: "status" },
        say("kiosk.check.code", { code: to + 1, codes: codes.length })),
      key(say("kiosk.check.code-forward"), () => go(to + 1), {
        disabled: to === codes.length - 1,
        kind: to < codes.length - 1 ? "primary" : "",
        id: "code-forward",
      }),
    ]);
  };
  go(0);
  return {
    element: screen("opening", {
      strip: strip(app, heading("h1", say("kiosk.check.title"))),
      main: h("div.split", {}, [
        place,
        h("div", {}, [
          steps(1),
          codes.length > 1 && h("p.lead", {}, say("kiosk.check.codes", { codes: codes.length })),
          turn,
          h("p.note.good", {}, say("kiosk.check.voided")),
          h("p", {}, say("kiosk.check.good-still")),
        ]),
      ]),
      foot: key(say("kiosk.check.done"), () => app.send({ type: "onward" }), {
        kind: "primary",
        id: "onward",
      }),
    }),
  };
}

function steps(at) {
  const texts = [say("kiosk.check.step-tracker"), say("kiosk.check.step-opening")];
  return h("ol.check-steps", {}, texts.map((text, index) =>
    h("li", { "aria-current": index === at ? "step" : null }, text),
  ));
}

function sideOfPicture() {
  return Math.min(window.innerWidth * 0.9, window.innerHeight - 190, 640);
}
