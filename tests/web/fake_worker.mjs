// A sealing Worker of the tests' own: the same insides, a moment later, and it can break.

import { packError } from "../../kiosk/web/src/errors.js";
import { Sealing } from "../../kiosk/web/src/kiosk/sealing.js";
import { pseudoRandom } from "./vectors.mjs";

export class FakeWorker {
  listeners = {};
  ended = false;
  calls = []; // the names of what it was asked
  silent = false; // it answers nothing, as one whose script does not come
  #sealing = new Sealing(pseudoRandom(13));

  addEventListener(name, listener) {
    this.listeners[name] = listener;
  }

  postMessage({ id, call, value }) {
    this.calls.push(call);
    setImmediate(() => {
      if (this.ended || this.silent) return;
      let data;
      try {
        data = { id, value: this.#sealing[call](value) };
      } catch (error) {
        data = { id, error: packError(error) };
      }
      this.listeners.message({ data: structuredClone(data) });
    });
  }

  terminate() {
    this.ended = true;
  }
}
