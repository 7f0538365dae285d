// The engine that computes in this very page, with what a browser gives it.

import * as api from "../common/api.js";
import { say } from "../common/words.js";
import { meetingLines } from "../meeting/wording.js";
import { PageEngine } from "../tally/engine.js";
import { browserStore } from "../tally/vault.js";
import { mixer, verifiers } from "../tally/workers.js";

/** A trustee's device in this page. */
export function pageEngine() {
  return new PageEngine({
    api,
    store: browserStore("trustee"),
    verify: verifiers(),
    mix: mixer(),
    facts,
    media: () => [say("keeper.medium.browser"), say("keeper.medium.copies")],
    save,
    alone,
  });
}

/** The meeting in the words of the language that is in use when they are read. */
function facts(meeting) {
  const text = (lang) =>
    meetingLines(meeting, lang).map(({ word, params }) => say(word, params)).join("\n");
  return {
    get zh() {
      return text("zh");
    },
    get en() {
      return text("en");
    },
  };
}

/** Give the person a file to keep. */
function save(name, bytes) {
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

let mine = false;

/** Whether no other window of this browser works with the key file: one device, one memory. */
async function alone() {
  if (mine) return true;
  mine = await new Promise((resolve) => {
    void navigator.locks.request("piaojue-trustee", { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => {}); // held as long as the page lives
    });
  });
  return mine;
}
