// What the room looks at when nothing is open.
//
// Several boxes may wait at once, and are released one after another. The paper that has just been
// released stands alone, large enough to be read out, until the next one is released or another
// box is closed; otherwise what waits stands there, else the paper that came last.

const WAITING = new Set(["sealed", "counted"]);

/** Follows the answers of GET /api/hall, one after another. */
export class Current {
  #before = new Map();
  #told = null; // the slot that was released last

  /**
   * Take in how the papers stand now.
   * @param {{slot: string, state: string, announcement: object|null}[]} papers
   */
  follow(papers) {
    for (const { slot, state, announcement } of papers) {
      const before = this.#before.get(slot);
      if (before?.state === "open" && state !== "open") this.#told = null;
      if (before && !before.announced && announcement) this.#told = slot;
      this.#before.set(slot, { state, announced: announcement !== null });
    }
  }

  /** The papers that stand on the screen. */
  of(papers) {
    const open = papers.filter((one) => one.state === "open");
    if (open.length) return open;
    const told = papers.filter((one) => one.slot === this.#told);
    if (told.length) return told;
    const waiting = papers.filter((one) => WAITING.has(one.state) && one.announcement === null);
    return waiting.length ? waiting : papers.slice(-1);
  }
}
