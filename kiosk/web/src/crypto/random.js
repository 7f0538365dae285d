// The one source of randomness in a page or a Worker; everything else takes `rand` as an argument.

const AT_ONCE = 65_536; // getRandomValues refuses more

/**
 * Uniform, unpredictable bytes from the browser.
 * @param {number} n
 * @returns {Uint8Array}
 */
export function randomBytes(n) {
  const bytes = new Uint8Array(n);
  for (let at = 0; at < n; at += AT_ONCE) {
    globalThis.crypto.getRandomValues(bytes.subarray(at, Math.min(n, at + AT_ONCE)));
  }
  return bytes;
}
