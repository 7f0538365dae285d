// What every page but the kiosk's has around it: title bar, language, live regions, dialogs.

import { h, liveRegions } from "./dom.js";
import { LANGS, keptLang, lang, loadWords, say } from "./words.js";

/**
 * Begin a page: load the sentences, then draw; draw again whenever the language changes.
 * @param {() => void|Promise<void>} draw builds the whole page into `document.body`
 */
export async function begin(draw) {
  await loadWords(keptLang());
  languageChanged = draw;
  await draw();
}

let languageChanged = () => {};

/**
 * The keys that switch the language.
 * @param {(wanted: "zh"|"en") => void|Promise<void>} choose
 */
export function languageSwitch(choose = switchLanguage) {
  return h(
    "div.languages",
    { role: "group", "aria-label": say("page.language") },
    LANGS.map((one) =>
      h(
        "button.quiet",
        {
          type: "button",
          lang: one === "zh" ? "zh-Hans" : "en",
          "aria-pressed": String(one === lang()),
          onclick: () => choose(one),
        },
        say(`page.language.${one}`),
      ),
    ),
  );
}

async function switchLanguage(wanted) {
  await loadWords(wanted, { keep: true });
  await languageChanged();
}

/**
 * The whole of a page: bar with a title, main part, live regions.
 * @param {string} title of the page, also the document's
 * @param {Node[]} main
 * @param {{bar?: Node[], nav?: Node}} options bar: more at the right of the title
 */
export function frame(title, main, { bar = [], nav } = {}) {
  document.title = `${title} · ${say("page.product")}`;
  document.body.replaceChildren(
    h("a.skip", { href: "#main" }, say("page.skip")),
    h("header.bar", {}, seal(), h("h1", {}, title), h("div.bar-end", {}, bar, languageSwitch())),
    ...(nav ? [nav] : []),
    h("main", { id: "main", tabindex: "-1" }, main),
    ...liveRegions(),
  );
}

/** The product's mark: two characters in a square, as a seal is. */
export function seal() {
  return h("span.seal", { "aria-hidden": "true" }, say("page.mark"));
}

/**
 * Ask before something that cannot be undone, or show something; resolves to the key pressed.
 * @param {{title: string, body: (Node|string)[], keys: {id: string, label: string,
 *   kind?: "primary"|"danger"|"quiet"}[]}} what the first key has the focus unless a field has
 * @returns {Promise<string>} a key's id, or `"cancel"` on Escape
 */
export function dialog({ title, body, keys }) {
  return new Promise((resolve) => {
    const close = (id) => {
      resolve(id);
      box.close();
      box.remove();
    };
    const box = h(
      "dialog.box",
      { "aria-labelledby": "box-title", oncancel: (e) => (e.preventDefault(), close("cancel")) },
      h("h2", { id: "box-title" }, title),
      h("div.box-body", {}, body),
      h(
        "div.keys",
        {},
        keys.map(({ id, label, kind = "quiet" }) =>
          h(`button.${kind}`, { type: "button", onclick: () => close(id) }, label),
        ),
      ),
    );
    document.body.append(box);
    box.showModal();
  });
}
