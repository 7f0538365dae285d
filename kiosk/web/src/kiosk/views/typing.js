// The ticket by hand: 28 symbols in seven groups, on keys large enough for a finger, or on a
// keyboard. The two check symbols tell when something is wrong, and mostly in which group.

import { h, show } from "../../common/dom.js";
import { say } from "../../common/words.js";
import { ALPHABET } from "../../crypto/hashing.js";
import { likelyGroup } from "../mistyped.js";
import { heading, key, screen, strip } from "./parts.js";

const SYMBOLS = 28;
const GROUP = 4;
const NEVER = "ILOU"; // letters that no ticket has, because they look like others

/** @returns {{element: HTMLElement, close: Function, submit: Function}} */
export function typingView(_state, app) {
  let typed = "";
  let at = 0; // where the next symbol goes
  const display = h("div.groups", { role: "group", "aria-label": say("kiosk.typing.groups") });
  const message = h("div.notice-place", { role: "alert" });
  const go = key(say("kiosk.typing.go"), () => submit(), { kind: "primary", id: "go" });

  const paint = (wrong = null) => {
    show(display, ...groupsOf(typed, at, wrong, goTo));
    display.dataset.length = typed.length;
    go.disabled = typed.length !== SYMBOLS;
  };
  const change = (next, where) => {
    typed = next;
    at = where;
    show(message);
    paint();
  };
  const goTo = (group) => change(typed, Math.min(group * GROUP, typed.length));
  const complain = (sentence, wrong = null) => {
    show(message, h("p.note.bad", {}, sentence));
    paint(wrong);
  };
  const add = (symbol) => {
    if (NEVER.includes(symbol)) return complain(say("kiosk.typing.never", { symbol }));
    if (!ALPHABET.includes(symbol) || at >= SYMBOLS) return;
    change(typed.slice(0, at) + symbol + typed.slice(at + 1), at + 1);
    if (typed.length === SYMBOLS) go.focus();
  };
  const erase = () => {
    if (at === 0) return;
    change(at === typed.length ? typed.slice(0, -1) : typed, at - 1);
  };
  const submit = async () => {
    const error = await app.typed(typed);
    if (!error) return;
    const group = error.code === "token-mistyped" ? likelyGroup(typed) : null;
    if (group !== null) at = (group - 1) * GROUP;
    complain(
      group ? say("kiosk.typing.group", { group }) : app.explain(error),
      group === null ? null : group - 1,
    );
  };
  const press = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Backspace") erase();
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
      key(say("kiosk.typing.erase"), erase),
      key(say("kiosk.typing.clear"), () => change("", 0)),
      go,
    ],
  });
  paint();
  return {
    element,
    submit,
    close: () => {
      document.removeEventListener("keydown", press);
      typed = "";
    },
  };
}

/** The groups as typed; touching one lets it be typed again in its place. */
function groupsOf(typed, at, wrong, choose) {
  const here = Math.min(Math.floor(at / GROUP), SYMBOLS / GROUP - 1);
  return Array.from({ length: SYMBOLS / GROUP }, (_, index) => {
    const part = typed.slice(index * GROUP, (index + 1) * GROUP);
    const mark = index === wrong ? ".wrong" : index === here ? ".now" : "";
    const name = say("kiosk.typing.one-group", { group: index + 1, symbols: [...part].join(" ") });
    return h(
      `button.group${mark}`,
      { type: "button", "aria-label": name, onclick: () => choose(index) },
      h("small", { "aria-hidden": "true" }, String(index + 1)),
      h("span.code", { "aria-hidden": "true" }, part.padEnd(GROUP, "·")),
    );
  });
}
