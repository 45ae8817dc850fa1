/** The page the frame stands on, and of it only its origin that the loader named; without a page around it, itself. */

const page = decodeURIComponent(location.hash.slice(1));

/** Opened as a page of its own. */
export const alone = window.parent === window;

/** Where what is kept belongs: the widget's address and the page's. */
export const place = `${location.pathname}@${alone ? '' : page}`;

/** @param {string} type @param {unknown} [value] */
export function tell(type, value) {
  if (!alone && page) window.parent.postMessage({mostik: type, value}, page);
}

/** @param {Record<string, (value: any) => void>} takes what is done with each kind of message */
export function hear(takes) {
  addEventListener('message', (event) => {
    if (event.source !== window.parent || event.origin !== page) return;
    const {mostik, value} = event.data ?? {};
    if (Object.hasOwn(takes, mostik)) takes[mostik](value);
  });
}
