// People of a roster, up to 1,500: found by letters of their pinyin, by surname in the order of
// strokes, by characters, or leaf by leaf; touched like any name. Who is chosen is always in sight,
// each with a key that takes him back. Nothing is preselected, and nobody stands before another
// but by the order that is shown.
//
// The keys are the page's own: a tablet's keyboard would cover the list, and might learn. It comes
// only for characters, on demand. What was typed goes with the state (session.js).

import { h, show } from "../../common/dom.js";
import { say } from "../../common/words.js";
import { byStrokes, find, surnames } from "../finding.js";
import { cut } from "../leaves.js";
import { calledIn } from "../matter.js";
import { nobodyKey, paintNames } from "./names.js";
import { key, rem } from "./parts.js";

const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"];
const KEYS = 27; // of surnames, or 25 and two that turn them: as high as the letters
const AROUND = { wide: 23.2, narrow: 50 }; // rem of everything but the people's rows
const ROW = 3.7; // rem of one of them
const COLUMNS = 2;

/**
 * @param {object} place the ask, with `people` (matter.js)
 * @param {""|"others"} line where its marks lie
 * @returns {{elements: HTMLElement[], update: Function}}
 */
export function finder(app, matter, place, line, state) {
  const wide = window.innerWidth > window.innerHeight;
  const height = window.innerHeight - rem(AROUND[wide ? "wide" : "narrow"]);
  const rows = Math.min(8, Math.max(4, Math.floor(height / rem(ROW))));
  const orders = ordersOf(place.people);
  const look = { app, matter, place, line, columns: COLUMNS, rows, orders };
  const parts = [
    !place.only && found(look),
    side(look, state),
  ].filter(Boolean);
  const element = h(place.only ? "div.finder.written-only" : "div.finder", {},
    parts.map((part) => part.element));
  const update = (next) => {
    for (const part of parts) part.update(next);
    paintNames(element, next, line);
  };
  return { elements: [element], update };
}

function ordersOf(people) {
  const strokes = byStrokes(people);
  return { roster: people, strokes };
}

// --- the list -----------------------------------------------------------------------------------

function found({ app, matter, place, line, columns, rows, orders }) {
  const input = h("input", {
    type: "text",
    inputmode: "none",
    autocomplete: "off",
    autocorrect: "off",
    autocapitalize: "none",
    spellcheck: "false",
    maxlength: 24,
    "aria-label": say("kiosk.find.label"),
    placeholder: say("kiosk.find.hint"),
    "data-key": "search",
    oninput: (event) => !event.isComposing && look(input.value),
    oncompositionend: () => look(input.value),
  });
  const look = (text) => app.send({ type: "find", finding: { text, page: 0 } });
  const orderKeys = ["roster", "strokes"].map((order) =>
    h("button.order", {
      type: "button",
      "data-order": order,
      "data-key": `order/${order}`,
      onclick: () => app.send({ type: "find", finding: { order, page: 0 } }),
    }, say(`kiosk.find.order.${order}`)));
  const hits = h("p.hits", { role: "status" });
  const list = h("ol.people", {});
  list.style.setProperty("--columns", columns);
  list.style.setProperty("--rows", rows);
  const pager = h("div.pager");
  const element = h("section.found", { "aria-label": say("kiosk.find.label") }, [
    h("div.search", {}, [
      input,
      key(say("kiosk.find.clear"), () => look(""), { id: "clear" }),
      h("div.orders", { role: "group", "aria-label": say("kiosk.find.order") }, orderKeys),
    ]),
    list,
    h("div.found-foot", {}, [hits, pager]),
  ]);
  let shown = null;
  const update = ({ finding }) => {
    const same = shown && ["text", "page", "order"].every((one) => shown[one] === finding[one]);
    if (same) return;
    shown = finding;
    if (input.value !== finding.text) input.value = finding.text;
    for (const one of orderKeys) {
      one.setAttribute("aria-pressed", String(one.dataset.order === finding.order));
    }
    const people = find(orders[finding.order], finding.text);
    const pages = cut(people.length, rows * columns);
    const [from, end] = pages[finding.page] ?? [0, 0];
    show(list, people.slice(from, end).map((one) => h("li", {}, person(app, matter, line, one))));
    const all = place.people.length;
    show(hits, !people.length
      ? say("kiosk.find.nobody")
      : people.length === all
        ? say("kiosk.find.all", { all })
        : say("kiosk.find.hits", { hits: people.length, all }));
    show(pager, leafKeys(app, finding.page, pages.length));
  };
  return { element, update };
}

function leafKeys(app, page, pages) {
  const go = (to) => () => app.send({ type: "find", finding: { page: to } });
  return pages > 1 && [
    key("‹", go(page - 1), { disabled: page === 0, id: "find-back", name: say("kiosk.find.back") }),
    h("span.page-number", {}, say("kiosk.find.page", { page: page + 1, pages })),
    key("›", go(page + 1), {
      disabled: page === pages - 1, id: "find-forward", name: say("kiosk.find.forward"),
    }),
  ];
}

function person(app, matter, line, { id, label, unit }) {
  return h(
    "button.person",
    {
      type: "button",
      role: "checkbox",
      "data-item": matter.item,
      "data-answer": id,
      "data-key": `${matter.item}/${line}${id}`,
      onclick: () => app.send({ type: "mark", item: matter.item, line, answer: id }),
    },
    h("span.box", { "aria-hidden": "true" }),
    h("span.person-text", {}, [
      h("span.person-name", {}, label),
      unit && h("span.person-post", {}, unit),
    ]),
  );
}

// --- who is chosen, and the keys ---------------------------------------------------------------

function side(look, state) {
  const { app, matter, place, line } = look;
  const taken = h("ul.taken", { "aria-label": say("kiosk.find.chosen") });
  const board = h("div.board");
  const tabs = [
    ...(place.only ? [] : ["pinyin", "surname", "characters"]),
    ...(place.text ? ["write"] : []),
  ];
  const tabKeys = tabs.map((one) => h("button.order", {
    type: "button",
    "data-keys": one,
    "data-key": `keys/${one}`,
    onclick: () => app.send({ type: "find", finding: { keys: one, keyPage: 0 } }),
  }, say(`kiosk.find.keys.${one}`)));
  const element = h("aside.chosen-side", { "aria-label": say("kiosk.find.chosen") }, [
    h("div.chosen-head", {}, [
      h("h3", {}, say("kiosk.find.chosen")),
      line === "" && nobodyKey(app, matter),
    ]),
    taken,
    line === "others" && h("p.hint", {}, say("kiosk.others.explain")),
    tabs.length > 1 &&
      h("div.orders.tabs", { role: "group", "aria-label": say("kiosk.find.keys") }, tabKeys),
    board,
  ]);
  let before = { marks: null, keys: null, keyPage: null };
  const update = (next) => {
    const { finding } = next;
    const keys = tabs.includes(finding.keys) ? finding.keys : tabs[0];
    const mark = next.marks[matter.item]?.[line] ?? [];
    if (before.mark !== mark) showTaken(look, taken, mark);
    for (const one of tabKeys) one.setAttribute("aria-pressed", String(one.dataset.keys === keys));
    if (before.keys !== keys || before.keyPage !== finding.keyPage) {
      show(board, BOARDS[keys](look, finding));
    }
    before = { mark, keys, keyPage: finding.keyPage };
  };
  return { element, update: (next) => update(next ?? state) };
}

function showTaken({ app, matter, place, line }, taken, mark) {
  const had = taken.contains(document.activeElement);
  show(taken, mark.length === 0
    ? h("li.none", {}, say("kiosk.find.none"))
    : mark.map((answer) => h("li", {}, h(
      "button.take-back",
      {
        type: "button",
        "data-key": `back/${answer}`,
        "aria-label": say("kiosk.find.take-back", { name: calledIn(place, answer) }),
        onclick: () => app.send({ type: "mark", item: matter.item, line, answer }),
      },
      h("span", {}, calledIn(place, answer)),
      h("span.cross", { "aria-hidden": "true" }, "×"),
    ))));
  const next = taken.querySelector("button") ?? document.querySelector('[data-key="search"]');
  if (had) next?.focus();
}

const BOARDS = {
  pinyin: ({ app }) => {
    const type = (letter) => app.send({ type: "find", finding: typed(app, letter) });
    return h("div.letters", { role: "group", "aria-label": say("kiosk.find.keys.pinyin") }, [
      ...LETTERS.map((letter) => h("button.letter", {
        type: "button", "data-key": `letter/${letter}`, onclick: () => type(letter),
      }, letter.toUpperCase())),
      key(say("kiosk.find.erase"), () => type(null), { id: "erase" }),
    ]);
  },
  surname: ({ app, place }, { keyPage }) => {
    const all = surnames(place.people);
    const turned = all.length > KEYS;
    const pages = cut(all.length, turned ? KEYS - 2 : KEYS);
    const [from, end] = pages[keyPage] ?? [0, 0];
    const go = (to) => () => app.send({ type: "find", finding: { keyPage: to } });
    return h("div.letters", { role: "group", "aria-label": say("kiosk.find.keys.surname") }, [
      ...all.slice(from, end).map((one) => h("button.letter.surname", {
        type: "button",
        "data-key": `surname/${one}`,
        onclick: () => app.send({ type: "find", finding: { text: one, page: 0 } }),
      }, one)),
      turned && [
        key("‹", go(keyPage - 1), {
          disabled: keyPage === 0, id: "keys-back", kind: "letter", name: say("kiosk.find.keys-back"),
        }),
        key("›", go(keyPage + 1), {
          disabled: keyPage === pages.length - 1,
          id: "keys-forward",
          kind: "letter",
          name: say("kiosk.find.keys-forward"),
        }),
      ],
    ]);
  },
  characters: () => {
    const open = () => {
      const input = document.querySelector('[data-key="search"]');
      input.inputMode = "text";
      input.focus();
    };
    return h("div.written", {}, [
      h("p.hint", {}, say("kiosk.find.characters")),
      key(say("kiosk.find.keyboard"), open, { id: "keyboard", kind: "primary" }),
    ]);
  },
  write: (look) => writing(look),
};

function typed(app, letter) {
  const { text } = app.state.finding;
  return { text: letter === null ? text.slice(0, -1) : `${text}${letter}`, page: 0 };
}

/** A name in the voter's own words: only where the rule allows it, and said to become public. */
function writing({ app, matter, line, place }) {
  const label = say(place.people.length ? "kiosk.write.label" : "kiosk.write.only");
  const input = h("input", {
    type: "text",
    autocomplete: "off",
    autocorrect: "off",
    spellcheck: "false",
    maxlength: 20,
    "aria-label": label,
    placeholder: label,
    "data-key": "write",
  });
  const add = () => {
    const answer = input.value.normalize("NFC").replaceAll(/\s/g, "");
    if (!answer) return input.focus();
    app.send({ type: "mark", item: matter.item, line, answer });
    const mark = app.state.marks[matter.item]?.[line] ?? [];
    if (mark.includes(answer)) input.value = "";
    return input.focus();
  };
  return h("form.written", { onsubmit: (event) => (event.preventDefault(), add()) }, [
    h("p.note.wait", {}, say("kiosk.write.public")),
    input,
    h("button.primary", { type: "submit", "data-key": "add" }, say("kiosk.write.add")),
  ]);
}
