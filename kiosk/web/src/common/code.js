// Codes that people compare are written alike everywhere: on kiosk, hall screen, observer's page.

/** The 12 symbols of a tracker that people compare, in three groups. */
export function trackerText(tracker) {
  return [tracker.slice(0, 4), tracker.slice(4, 8), tracker.slice(8, 12)].join(" ");
}
