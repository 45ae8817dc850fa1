/** Two keys lead to another page: G, then its letter. */

import {keyName} from 'mostik/core/keys.js';

/** So long the second key is waited for. */
const CHORD_MS = 1500;
/** @type {Record<string, string>} */
const PLACES = {i: '/inbox', k: '/kb', c: '/customers', t: '/tasks'};
const MODIFIERS = ['Shift', 'Control', 'Alt', 'Meta'];

/** What G does: the next key says where to; another one does nothing more than it always does. */
export function go() {
  const place = new AbortController();
  setTimeout(() => place.abort(), CHORD_MS);
  document.addEventListener('keydown', (event) => {
    if (MODIFIERS.includes(event.key)) return;
    place.abort();
    const href = PLACES[keyName(event)];
    if (!href) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    location.assign(href);
  }, {signal: place.signal, capture: true});
}
