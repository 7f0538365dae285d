// The first page of a server: where each person goes.

import { frame, begin } from "../common/frame.js";
import { h } from "../common/dom.js";
import { say } from "../common/words.js";

const DOORS = ["console", "hall", "kiosk", "observer", "check", "trustee"];

begin(() =>
  frame(say("page.start"), [
    h("p", {}, say("page.start.lead")),
    h(
      "ul.doors",
      {},
      DOORS.map((name) =>
        h(
          "li",
          {},
          h(
            "a.door",
            { href: `/${name}` },
            h("strong", {}, say(`page.door.${name}`)),
            h("span.hint", {}, say(`page.door.${name}.for`)),
          ),
        ),
      ),
    ),
  ]),
);
