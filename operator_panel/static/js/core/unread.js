/** The bell's count on pages without a live line: asked for when the page opens, when one comes back to it, each minute. */

import {showUnread} from 'mostik/core/frame.js';

/** @typedef {import('mostik/core/api.js').Api} Api */

const MINUTE = 60_000;

/** @param {Api} api */
export function tendUnread(api) {
  const ask = () => {
    if (document.visibilityState === 'visible') api.get('/notifications', {limit: 1}).then(({unread}) => showUnread(unread), () => {});
  };
  document.addEventListener('visibilitychange', ask);
  setInterval(ask, MINUTE);
  ask();
}
