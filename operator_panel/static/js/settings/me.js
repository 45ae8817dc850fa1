/**
 * One's own profile: cards one below the other.
 *
 * How a card plugs in: a line in the table below, and a module with `{open(room), view(room)}` as its default export; what
 * `open` throws is shown in place of that card alone. `view` answers a `form` of js/settings/form.js or a `.st-card`.
 */

import {html} from 'lit-html';
import {problemText} from 'mostik/core/toasts.js';

/** @typedef {{open: (room: any) => Promise<void>|void, view: (room: any) => unknown}} Card */

/** @type {Record<string, () => Promise<{default: Card}>>} in their order on the page */
const CARDS = {
  account: () => import('mostik/settings/meAccount.js'),
  password: () => import('mostik/settings/mePassword.js'),
  telegram: () => import('mostik/settings/meTelegram.js'),
  factor: () => import('mostik/settings/meFactor.js'),
  notifications: () => import('mostik/settings/meNotifications.js'),
  sessions: () => import('mostik/settings/meSessions.js'),
  keys: () => import('mostik/settings/meKeys.js'),
  tokens: () => import('mostik/settings/meTokens.js'),
};

/** @type {{name: string, card: Card|null, error: unknown}[]} */
let cards = [];

/** @param {any} room */
async function open(room) {
  cards = await Promise.all(
    Object.entries(CARDS).map(async ([name, load]) => {
      try {
        const card = (await load()).default;
        await card.open(room);
        return {name, card, error: null};
      } catch (error) {
        return {name, card: null, error};
      }
    }),
  );
}

/** @param {any} room */
const view = (room) =>
  cards.map(({card, error}) => (card ? card.view(room) : html`<p class="st-card st-error" role="alert">${problemText(error)}</p>`));

export default {open, view};
