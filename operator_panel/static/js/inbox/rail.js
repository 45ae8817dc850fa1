/** The rail beside the inbox: what waits, the keys, the channels. */

import {showBadge, tendFrame} from 'mostik/core/frame.js';
import {t} from 'mostik/core/i18n.js';
import {api, boot, store} from 'mostik/inbox/desk.js';
import {late, showChannels, showPalette, showPassing} from 'mostik/inbox/late.js';

/** @returns {void} the cheat sheet */
export function showKeys() {
  const sheet = /** @type {HTMLDialogElement} */ (document.getElementById('keys'));
  // One's own keys stand in place of the usual ones.
  for (const [does, key] of Object.entries(boot.habits.keys)) {
    const [row, at] = does === 'next' ? ['walk', 0] : does === 'previous' ? ['walk', 1] : [does, 0];
    const caps = sheet.querySelectorAll(`[data-keys="keys.${row}"] kbd`);
    if (key !== boot.habits.usual[does] && caps[at]) caps[at].textContent = key.replaceAll('+', ' ').toUpperCase();
  }
  if (!sheet.open) sheet.showModal();
}

/** @param {number} due conversations that wait: the badge and the title of the tab */
export function showDue(due) {
  const title = `${due ? `(${due}) ` : ''}${t('ui.list.title')} · ${boot.shop}`;
  if (document.title !== title) document.title = title;
  showBadge(due);
}

/** A dot on the sign of the channels while something is wrong with one. @param {any[]} channels */
export function showChannelState(channels) {
  const broken = channels.some((one) => one.state === 'broken');
  const poor = channels.some((one) => one.state === 'starting' || one.desk?.reason);
  const button = /** @type {HTMLElement|null} */ (document.querySelector('[data-shows-channels]'));
  if (button) button.dataset.state = broken ? 'broken' : poor ? 'poor' : 'ok';
}

/** Listen to the rail's buttons. */
export function tendRail() {
  tendFrame(api, boot, {'[data-shows-keys]': showKeys, '[data-shows-channels]': showChannels, '[data-shows-palette]': () => showPalette(), '[data-hands-over]': () => showPassing('all', null)});
  showDue(store.state.counts.due ?? 0);
  showChannelState(store.state.channels);
  late(() => import('mostik/inbox/bell.js'), (part) => part.begin(), 'soon');
}
