/** The rail beside the inbox: what waits, the keys, the channels. */

import {showBadge, showUnread, tendFrame} from 'mostik/core/frame.js';
import {t} from 'mostik/core/i18n.js';
import {api, boot, store} from 'mostik/inbox/desk.js';
import {late, showChannels, showKeys, showPalette, showPassing} from 'mostik/inbox/late.js';

/** @param {number} due conversations that wait: the badge and the title of the tab */
export function showDue(due) {
  const title = `${due ? `(${due}) ` : ''}${t('ui.list.title')} · ${boot.shop}`;
  if (document.title !== title) document.title = title;
  showBadge(due);
}

/** A dot on the sign of the channels while something is wrong with one. @param {any[]} channels */
export function showChannelState(channels) {
  const broken = channels.some((one) => one.state === 'broken');
  const poor = channels.some((one) => one.state !== 'ok' || one.reason || one.desk?.reason);
  const button = /** @type {HTMLElement|null} */ (document.querySelector('[data-shows-channels]'));
  if (button) button.dataset.state = broken ? 'broken' : poor ? 'poor' : 'ok';
}

/** How long a page may stand before the bell comes though nobody is there and nothing was told. */
const BELL_MS = 10_000;

/** The bell's count at once; it and what hands do with the first sign of a person, with something to tell, or a little later. */
function tendBell() {
  const place = new AbortController();
  const {signal} = place;
  /** What was done while the parts are on their way counts, too. @type {Event[]} */
  const heard = [];
  /** @type {Event|undefined} */
  let pressed;
  let asked = false;
  const wake = async (/** @type {any} */ why) => {
    if (asked) return;
    asked = true;
    asked = await late(() => Promise.all([import('mostik/inbox/bell.js'), import('mostik/inbox/hands.js')]), ([part, hands]) => {
      place.abort();
      hands.begin(heard);
      part.begin(pressed ?? why);
    });
  };
  const sign = (/** @type {Event} */ event) => {
    if (event.type !== 'pointermove') heard.push(event);
    wake(null);
  };
  const button = document.querySelector('[data-testid="rail-notices"]');
  button?.addEventListener('click', (event) => {
    event.preventDefault();
    wake((pressed = event));
  }, {signal});
  for (const kind of ['pointermove', 'keydown', 'dragenter', 'touchstart']) addEventListener(kind, sign, {signal, passive: true});
  store.subscribe((event) => ['notices', 'reset'].includes(event.type) && wake(event));
  setTimeout(wake, BELL_MS);
  api.get('/notifications', {limit: 1}).then(({unread}) => showUnread(unread), () => {});
}

/** Listen to the rail's buttons. */
export function tendRail() {
  tendFrame(api, boot, {'[data-shows-keys]': showKeys, '[data-shows-channels]': showChannels, '[data-shows-palette]': () => showPalette(), '[data-hands-over]': () => showPassing('all', null)});
  showDue(store.state.counts.due ?? 0);
  showChannelState(store.state.channels);
  tendBell();
}
