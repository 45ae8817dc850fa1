/** Behind the three dots in the thread's head: put to sleep, mark, pass on, copy the link; S opens its times alone. */

import {render} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {menu} from 'mostik/core/menu.js';
import {complain} from 'mostik/core/toasts.js';
import {copy} from 'mostik/inbox/actions.js';
import {api, boot, mayDelete, mayWrite, store} from 'mostik/inbox/desk.js';
import {late, showPalette, showPassing} from 'mostik/inbox/late.js';
import {address, focusRow} from 'mostik/inbox/navigation.js';
import {askSleep, sleepTimes} from 'mostik/inbox/sleep.js';
import {laterItems, sleepUntil} from 'mostik/inbox/toSleep.js';
import {close} from 'mostik/inbox/verbs.js';

/** @typedef {import('mostik/core/menu.js').Item} Item */

const PRIORITIES = ['urgent', 'high', '', 'low'];
const PRIORITY_GLYPHS = ['triangle-alert', 'arrow-up', 'circle-dashed', 'arrow-down'];
/** What is shown the next time it opens. */
let only = '';

/** The row that had the focus may be drawn anew, or be folded away with those that sleep. */
function keepFocus() {
  const lost = () => document.activeElement === document.body;
  if (lost() && store.state.selected) focusRow(store.state.selected);
  if (lost()) /** @type {HTMLElement|null} */ (document.querySelector('[popovertarget="menu-more"]'))?.focus();
}

/** @param {any} row @returns {Item[]} each with the digit that chooses it */
function sleeps(row) {
  const until = (/** @type {Date|'customer'|null} */ when, note = '') => sleepUntil(row.id, when, note).then(() => requestAnimationFrame(keepFocus));
  const items = [
    ...sleepTimes().map(([key, when]) => ({label: t(key), run: () => until(when)})),
    {label: t('ui.picks.sleep_until'), run: () => askSleep(until)},
    {label: t('ui.picks.until_word'), run: () => until('customer')},
    ...(row.snoozed_until ? [{label: t('ui.picks.wake'), run: () => until(null)}] : []),
  ];
  return items.map((item, index) => ({...item, mark: icon('alarm-clock'), key: only && String(index + 1)}));
}

/** @param {any} row @param {string} method @param {string} path @param {object} [body] */
const mark = (row, method, path, body = {}) =>
  api.send(method, `/conversations/${encodeURIComponent(row.id)}${path}`, body).then((changed) => store.dispatch({type: 'row.loaded', row: changed}), complain);

/** Search in the open conversation alone. */
const findHere = () => showPalette().then((there) => there && import('mostik/inbox/palette.js').then((part) => part.turnWithin()));

/** @param {any} row @returns {Item[]} */
function items(row) {
  const open = row.stage !== 'closed';
  const following = row.followers.includes(boot.me.id);
  const follow = {label: t(following ? 'ui.follow.off' : 'ui.follow.on'), mark: icon(following ? 'eye-off' : 'eye'), run: () => mark(row, 'POST', following ? '/unfollow' : '/follow')};
  const link = {label: t('ui.more.link'), mark: icon('copy'), run: () => copy(location.origin + address('all', row.id), t('ui.more.copied'))};
  const find = {label: t('ui.more.find'), mark: icon('search'), run: findHere};
  const remove = {label: t('ui.remove.open'), mark: icon('trash-2'), apart: true, run: () => late(() => import('mostik/inbox/remove.js'), (part) => part.askRemove(row))};
  const unread = row.incoming ? [{label: t('ui.picks.unread'), mark: icon('message-circle'), run: () => late(() => import('mostik/inbox/hands.js'), (part) => part.markUnread(row.id))}] : [];
  if (!mayWrite) return [find, ...unread, follow, link];
  const macros = {label: t('ui.macro.menu'), mark: icon('sparkles'), apart: true, run: () => late(() => import('mostik/inbox/popup.js'), (part) => part.openMacros())};
  const unanswered = {label: t('ui.more.close_unanswered'), mark: icon('check'), apart: true, run: () => close(row.id, {without_reply: true})};
  const pass = {label: t('ui.header.pass'), mark: icon('forward'), key: 'T', run: () => showPassing('one', row.id)};
  return [
    ...(open ? [...sleeps(row), macros] : laterItems(row).map((item) => ({...item, mark: icon('alarm-clock')}))),
    ...PRIORITIES.map((one, index) => ({label: t(`ui.priority.${one || 'normal'}`), mark: icon(PRIORITY_GLYPHS[index]), checked: row.priority === one, apart: index === 0, run: () => mark(row, 'PATCH', '', {priority: one})})),
    ...(open ? [unanswered, pass] : []),
    {label: t('ui.header.share'), mark: icon('user-round'), apart: !open, run: () => showPassing('share', row.id)},
    find,
    ...unread,
    follow,
    link,
    ...(mayDelete ? [remove] : []),
  ];
}

const place = document.body.appendChild(document.createElement('div'));

function draw() {
  const row = store.state.selected && store.state.rows.get(store.state.selected);
  const name = t(only ? 'ui.picks.snooze' : 'ui.header.more');
  render(menu('menu-more', name, row ? (only ? sleeps(row) : items(row)) : []), place);
}

/** @param {KeyboardEvent} event a digit chooses one of the times */
function onDigit(event) {
  const at = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
  const item = only && at && place.querySelectorAll('button')[Number(at[1]) - 1];
  if (item) item.click();
}

/** @param {''|'snooze'} what everything, or only times to sleep until */
export function openMore(what) {
  only = what;
  draw();
  /** @type {HTMLElement} */ (place.firstElementChild).showPopover();
}

draw();
place.addEventListener('beforetoggle', (event) => {
  if (/** @type {ToggleEvent} */ (event).newState === 'open') draw();
}, true);
place.addEventListener('toggle', (event) => {
  if (/** @type {ToggleEvent} */ (event).newState !== 'closed') return;
  only = '';
  keepFocus();
}, true);
place.addEventListener('keydown', onDigit);
