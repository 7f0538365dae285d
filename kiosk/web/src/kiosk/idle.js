// Nobody there: after five minutes without a touch a warning, thirty seconds later the wipe.
// And the half minute that an end screen stays.

export const IDLE = 300_000;
export const WARNING = 30_000;
export const FAREWELL = 30_000;
const SECOND = 1000;

/** A clock that counts down from the last touch. */
export class IdleClock {
  /**
   * @param {{warn: (seconds: number|null) => void, out: () => void}} told warn: the seconds that
   *   are left, null when somebody touched the screen again
   */
  constructor({ warn, out }) {
    this.warn = warn;
    this.out = out;
    this.timer = null;
    this.warned = false;
  }

  /** Begin anew, from a touch or a new screen. */
  reset() {
    this.stop();
    this.timer = setTimeout(() => this.#count(WARNING / SECOND), IDLE);
  }

  /** Count nothing. */
  stop() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.warned) this.warn(null);
    this.warned = false;
  }

  get running() {
    return this.timer !== null;
  }

  #count(left) {
    if (left === 0) {
      this.stop();
      this.out();
      return;
    }
    this.warned = true;
    this.warn(left);
    this.timer = setTimeout(() => this.#count(left - 1), SECOND);
  }
}

/** Tell every second how many are left, then that none is. Returns how to stop it. */
export function countDown(milliseconds, tick, out) {
  let left = Math.ceil(milliseconds / SECOND);
  tick(left);
  const timer = setInterval(() => {
    left -= 1;
    if (left > 0) return tick(left);
    clearInterval(timer);
    out();
  }, SECOND);
  return () => clearInterval(timer);
}
