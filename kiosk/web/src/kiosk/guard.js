// What keeps a browser from bringing back what was wiped: one tab, no way back, no copy.

const LOCK = "piaojue-kiosk";
const TRIES = 10;
const PAUSE = 200;

/**
 * Hold this browser's only kiosk page, for as long as the page lives. A page that is being
 * reloaded lets go a moment late, hence the tries.
 * @returns {Promise<boolean>} false when another tab is the kiosk
 */
export async function onlyTab(locks = navigator.locks) {
  if (!locks) return true; // not a secure context: nothing else works there either
  for (let i = 0; i < TRIES; i += 1) {
    if (await held(locks)) return true;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return false;
}

function held(locks) {
  return new Promise((resolve) => {
    locks.request(LOCK, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => {});
    });
  });
}

/** Make *back* do nothing, and a page that a browser kept in memory begin anew. */
export function noWayBack() {
  clearHistory();
  window.addEventListener("popstate", clearHistory);
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
  // Dropping something on the page would load it; a menu offers to save, search and go back.
  for (const type of ["dragover", "drop", "contextmenu"]) {
    window.addEventListener(type, (event) => event.preventDefault());
  }
}

/** The address says nothing, and one entry lies above it for *back* to fall on. */
export function clearHistory() {
  const { pathname } = window.location;
  if (history.state?.kiosk) return history.replaceState({ kiosk: true }, "", pathname);
  history.replaceState(null, "", pathname);
  history.pushState({ kiosk: true }, "", pathname);
}
