/** The bell: what one is told of, live; its list beside the rail, its sound, and notes in the thread not read before. */

import {html, render} from 'lit-html';
import {wider} from 'mostik/core/dom.js';
import {showUnread} from 'mostik/core/frame.js';
import {t} from 'mostik/core/i18n.js';
import {noticesTemplate} from 'mostik/core/notices.js';
import {looking, mark, ring, tendRinging} from 'mostik/core/ringing.js';
import {complain} from 'mostik/core/toasts.js';
import {api, store} from 'mostik/inbox/desk.js';
import {openConversation} from 'mostik/inbox/navigation.js';
import {plainClick} from 'mostik/inbox/row.js';

/** @typedef {import('mostik/core/notices.js').Notice} Notice */

/** By then this tab knows whether it is the one that rings. */
const RING_MS = 300;

/** @type {Notice[]} */
let all = [];
let unread = 0;
let wishes = {sound: true};
/** @type {Set<string>} notes that were not read when the page learnt of them */
const notes = new Set();

const panel = document.createElement('div');
panel.className = 'notices-panel';
panel.id = 'notices';
panel.popover = 'auto';
panel.setAttribute('role', 'dialog');
document.body.append(panel);

/** @param {string} path */
function go(path) {
  const id = path.split('/')[3];
  if (id) openConversation(id);
  else location.assign(path);
}

/** @param {Notice} one @param {MouseEvent} event */
function chosen(one, event) {
  if (one.conversation_id && plainClick(event)) {
    event.preventDefault();
    openConversation(one.conversation_id);
  }
  panel.hidePopover();
  api.post('/notifications/read', {ids: [one.id]}).then((told) => count(told.unread), complain);
}

function draw() {
  panel.setAttribute('aria-label', t('ui.notice.title'));
  render(
    html`<header><h2>${t('ui.notice.title')}</h2>
        <button class="link" ?disabled=${!unread} data-testid="notices-read" @click=${readAll}>${t('ui.notice.read_all')}</button></header>
      ${noticesTemplate(all, chosen)}
      <footer><a href="/notifications">${t('ui.notice.all')}</a><a href="/settings/me">${t('ui.notice.settings')}</a></footer>`,
    panel,
  );
}

/** @param {number} now */
function count(now) {
  unread = now;
  showUnread(now);
  mark(now);
  draw();
}

async function load() {
  const page = await api.get('/notifications', {limit: 30}).catch(() => null);
  if (!page) return;
  all = page.items;
  for (const one of all) if (!one.read && one.message_id && ['note', 'mention'].includes(one.kind)) notes.add(one.message_id);
  count(page.unread);
  highlight();
}

async function readAll() {
  try {
    await api.post('/notifications/read', {all: true});
    await load();
  } catch (error) {
    complain(error);
  }
}

/** Notes of colleagues that were not read before stand out in the thread. */
function highlight() {
  for (const id of notes) {
    const place = /** @type {HTMLElement|null} */ (document.querySelector(`.msg-note[data-id="${CSS.escape(id)}"]`));
    if (place && !place.dataset.fresh) place.dataset.fresh = 'true';
  }
}

/** @param {any} event of the live line: something new, or something was read */
function told({item, unread: now}) {
  if (!item) {
    load();
    return;
  }
  all = [item, ...all.filter((one) => one.id !== item.id)].slice(0, 30);
  if (item.message_id && ['note', 'mention'].includes(item.kind)) notes.add(item.message_id);
  count(now);
  ring(item, wishes, go);
}

/** @param {Element} button */
function toggle(button) {
  const {bottom, right} = button.getBoundingClientRect();
  const beside = wider(701);
  const high = 480 * Number(document.documentElement.dataset.scale ?? 1);
  panel.style.left = beside ? `${right + 6}px` : '8px';
  panel.style.top = beside ? `${Math.max(8, Math.min(bottom, innerHeight - 20) - high)}px` : '8px';
  panel.togglePopover();
}

/** Called once, when the part has come. @param {any} [why] a press on the bell, or an event that was told meanwhile */
export function begin(why) {
  const button = /** @type {HTMLElement|null} */ (document.querySelector('[data-testid="rail-notices"]'));
  button?.setAttribute('aria-haspopup', 'dialog');
  button?.addEventListener('click', (event) => {
    event.preventDefault();
    toggle(button);
  });
  tendRinging();
  store.subscribe((event) => {
    if (event.type === 'notices') told(event);
    if (event.type === 'hello' || event.type === 'reset') load();
    looking(store.state.selected ?? '');
    requestAnimationFrame(highlight);
  });
  for (const kind of ['focus', 'blur']) addEventListener(kind, () => looking(store.state.selected ?? ''));
  api.get('/me/notifications').then((kept) => {
    wishes = kept;
  }, () => {});
  load().then(() => {
    document.documentElement.dataset.bell = 'true';
    if (why?.type === 'click' && button) toggle(button);
    if (why?.item) setTimeout(() => ring(why.item, wishes, go), RING_MS);
  });
}
