// Makes what is on the screen as large as it can be without a scroll bar.

const LARGEST = 1; // of what the style sheet says
const SMALLEST = 0.45;
const STEP = 0.05;

/**
 * Set an element's text smaller, step by step, until its content fits its height. What does not
 * fit at the smallest size scrolls, and can be reached by keyboard.
 * @param {HTMLElement} element with a height of its own
 */
export function fit(element) {
  let size = LARGEST;
  do {
    element.style.fontSize = `${size}rem`;
    size -= STEP;
  } while (element.scrollHeight > element.clientHeight && size >= SMALLEST);
  if (element.scrollHeight > element.clientHeight) element.tabIndex = 0;
}
