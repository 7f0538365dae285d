// Two small tools: compare a fingerprint, and look for a tracker. Both work in the page alone.

import { trackerText } from "../common/code.js";
import { h, show } from "../common/dom.js";
import { say } from "../common/words.js";

const SYMBOLS = 16; // of a fingerprint, 80 bits
const SHORT = 12; // symbols of a tracker that people are shown

/** Type in the code of the hand-signed report; it says at once whether it is this meeting's. */
export function comparison() {
  let expected = null;
  const verdict = h("p", { role: "status" });
  const field = h("input.code", {
    id: "compare",
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
    maxlength: "40",
    oninput: judge,
  });

  function judge() {
    const typed = plain(field.value);
    if (typed === "" || !expected) return show(verdict);
    const same = typed === plain(expected);
    verdict.className = same ? "note good" : "note bad";
    const part = !same && typed.length < SYMBOLS && plain(expected).startsWith(typed);
    if (part) verdict.className = "note";
    const word = same ? "same" : part ? "so-far" : "differs";
    return show(verdict, say(`observer.compare.${word}`));
  }

  return {
    node: h("div.field", {}, h("label", { for: "compare" }, say("observer.compare")), field, verdict),
    expect(code) {
      expected = code;
      judge();
    },
  };
}

/** Look for a tracker among those of all boxes, by its first symbols; they stay in this page. */
export function find() {
  let all = [];
  const verdict = h("p", { role: "status" });
  const list = h("ul.trackers", { tabindex: "0", "aria-label": say("observer.trackers") });
  const field = h("input.code", {
    id: "find",
    autocomplete: "off",
    spellcheck: "false",
    maxlength: String(SHORT + 4),
    oninput: look,
  });

  function look() {
    const typed = field.value.replace(/\s/g, "");
    const found = all.filter(({ tracker }) => tracker.startsWith(typed));
    show(
      list,
      found.map(({ number, tracker }) =>
        h("li", {}, h("span.code", {}, trackerText(tracker)), " ", say("screen.paper", { number })),
      ),
    );
    const word = all.length === 0 ? "none-yet" : typed === "" ? "all" : found.length ? "found" : "not";
    verdict.className = word === "not" ? "note bad" : "hint";
    show(verdict, say(`observer.find.${word}`, { count: found.length }));
  }

  return {
    node: h(
      "div.field",
      {},
      h("label", { for: "find" }, say("observer.find")),
      field,
      verdict,
      list,
    ),
    expect(trackers) {
      if (JSON.stringify(trackers) === JSON.stringify(all) && verdict.hasChildNodes()) return;
      all = trackers;
      look();
    },
  };
}

function plain(code) {
  return code.replace(/[\s-]/g, "").toUpperCase();
}
