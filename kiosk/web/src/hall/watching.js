// What the hall screen does with each answer of the server, and with none.
//
// Nobody stands at this screen, so nothing ends it: what cannot be drawn is told to nobody but the
// browser's log, the screen shows what it could draw before and that it is not up to date, and
// the next answer is drawn again.

import { PiaojueError } from "../errors.js";

/** The screen as it stands, and how it goes on. */
export class Watching {
  #last = null; // the answer that was drawn
  #lost = false;

  /**
   * @param {{ask: () => Promise<object>,
   *   draw: (hall: object|null, link: {lost: boolean}) => void}} what draw: may throw
   */
  constructor({ ask, draw }) {
    this.ask = ask;
    this.draw = draw;
  }

  /** Draw what stands there once more: another size, another language. */
  show() {
    this.draw(this.#last, { lost: this.#lost });
  }

  /**
   * Ask once, and draw what is new.
   * @param {() => boolean} turned whether a page has to be turned, though nothing is new
   */
  async look(turned = () => false) {
    try {
      const now = await this.ask();
      const changed = turned() || JSON.stringify(now) !== JSON.stringify(this.#last);
      if (changed || this.#lost) this.draw(now, { lost: false });
      this.#last = now;
      this.#lost = false;
    } catch (error) {
      if (!(error instanceof PiaojueError)) console.error(error);
      this.#lose();
    }
  }

  #lose() {
    if (this.#lost) return;
    this.#lost = true;
    try {
      this.show();
    } catch (error) {
      console.error(error);
    }
  }
}
