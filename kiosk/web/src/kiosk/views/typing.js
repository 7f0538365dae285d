// The ticket by hand: 28 symbols in seven groups, on keys large enough for a finger, or on a
// keyboard. The two check symbols tell when something is wrong, and mostly in which group.

import { h, show } from "../../shared/dom.js";
import { say } from "../../shared/words.js";
import { ALPHABET } from "../../crypto/hashing.js";
import { likelyGroup } from "../mistyped.js";
import { heading, key, screen, strip } from "./parts.js";

const SYMBOLS = 28;
const GROUP = 4;
const NEVER = "ILOU"; // letters that no ticket has, because they look like others

/** @returns {{element: HTMLElement, close: Function, submit: Function}} */
export function typingView(_state, app) {
  let typed = "";
  const display = h("div.groups", { role: "group", "aria-label": say("kiosk.typing.groups") });
  const message = h("div.notice-place", { role: "alert" });
  const go = key(say("kiosk.typing.go"), () => submit(), { kind: "primary", id: "go" });

  const change = (next) => {
    typed = next;
    show(message);
    paint(null);
  };
  const paint = (wrong) => {
    show(display, ...groupsOf(typed, wrong));
    display.dataset.length = typed.length;
    go.disabled = typed.length !== SYMBOLS;
  };
  const complain = (sentence, wrong = null) => {
    show(message, h("p.note.bad", {}, sentence));
    paint(wrong);
  };
  const add = (symbol) => {
    if (NEVER.includes(symbol)) return complain(say("kiosk.typing.never", { symbol }));
    if (!ALPHABET.includes(symbol) || typed.length >= SYMBOLS) return;
    change(typed + symbol);
    if (typed.length === SYMBOLS) go.focus();
  };
  const submit = async () => {
    const error = await app.typed(typed);
    if (!error) return;
    const group = error.code === "token-mistyped" ? likelyGroup(typed) : null;
    complain(
      group ? say("kiosk.typing.group", { group }) : app.explain(error),
      group === null ? null : group - 1,
    );
  };
  const press = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Backspace") change(typed.slice(0, -1));
    else if (event.key === "Escape") app.send({ type: "wipe" });
    else if (event.key.length === 1) add(event.key.normalize("NFKC").toUpperCase());
  };
  document.addEventListener("keydown", press);

  const pad = h(
    "div.pad",
    { role: "group", "aria-label": say("kiosk.typing.pad") },
    [...ALPHABET].map((symbol) =>
      h("button.symbol", { type: "button", onclick: () => add(symbol) }, symbol),
    ),
  );
  const element = screen("typing", {
    strip: strip(app, heading("h1", say("kiosk.typing.title"))),
    main: [h("p.lead", {}, say("kiosk.typing.lead")), display, message, pad],
    foot: [
      key(say("kiosk.typing.cancel"), () => app.send({ type: "wipe" }), { kind: "quiet" }),
      key(say("kiosk.typing.erase"), () => change(typed.slice(0, -1))),
      key(say("kiosk.typing.clear"), () => change("")),
      go,
    ],
  });
  paint(null);
  return {
    element,
    submit,
    close: () => {
      document.removeEventListener("keydown", press);
      typed = "";
    },
  };
}

function groupsOf(typed, wrong) {
  const at = Math.min(Math.floor(typed.length / GROUP), SYMBOLS / GROUP - 1);
  return Array.from({ length: SYMBOLS / GROUP }, (_, index) => {
    const part = typed.slice(index * GROUP, (index + 1) * GROUP);
    const mark = index === wrong ? ".wrong" : index === at ? ".now" : "";
    return h(
      `span.group${mark}`,
      { "aria-label": say("kiosk.typing.one-group", { group: index + 1, symbols: [...part].join(" ") }) },
      h("small", { "aria-hidden": "true" }, String(index + 1)),
      h("span.code", { "aria-hidden": "true" }, part.padEnd(GROUP, "·")),
    );
  });
}
