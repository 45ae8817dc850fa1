/** Places in the customer's card that parts draw themselves into once they have come; until then nothing is there. */

import {nothing} from 'lit-html';

/** @typedef {import('mostik/core/store.js').Row} Row */

/** @type {Record<'contact'|'ban'|'erase'|'kin'|'past'|'shop'|'profile'|'files', (customer: any, row: Row) => unknown>} */
export const places = {
  contact: () => nothing,
  ban: () => nothing,
  erase: () => nothing,
  kin: () => nothing,
  past: () => nothing,
  shop: () => nothing,
  profile: () => nothing,
  files: () => nothing,
};

/** What parts do when somebody was erased whose data they may remember. @type {(() => void)[]} */
export const forgets = [];
