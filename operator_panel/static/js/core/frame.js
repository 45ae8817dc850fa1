/**
 * What stands around every page: the rail with the person, the language and the theme (one attribute; the rest is
 * `color-scheme` in tokens.css), what waits in the inbox.
 */

import {HUES, hue, initials} from 'mostik/core/format.js';
import {complain} from 'mostik/core/toasts.js';

/** @typedef {import('mostik/core/api.js').Api} Api */

/** @param {Api} api @param {string} chosen */
async function chooseTheme(api, chosen) {
  document.documentElement.dataset.theme = chosen;
  drawThemes();
  await api.patch('/me', {theme: chosen}).catch(complain);
}

/** @param {Api} api @param {string} chosen */
async function chooseLanguage(api, chosen) {
  try {
    await api.patch('/me', {language: chosen});
    location.reload();
  } catch (error) {
    complain(error);
  }
}

/** @param {Api} api @param {string} chosen how one works now */
async function chooseState(api, chosen) {
  try {
    drawState((await api.put('/me/state', {state: chosen})).state);
  } catch (error) {
    complain(error);
  }
}

/** @param {string} state */
function drawState(state) {
  const me = /** @type {HTMLElement|null} */ (document.querySelector('.rail-me'));
  if (me) me.dataset.state = state;
  for (const item of document.querySelectorAll('[data-state-choice]')) {
    item.setAttribute('aria-checked', String(item.getAttribute('data-state-choice') === state));
  }
}

function drawThemes() {
  for (const item of document.querySelectorAll('[data-theme-choice]')) {
    item.setAttribute('aria-checked', String(item.getAttribute('data-theme-choice') === document.documentElement.dataset.theme));
  }
}

/** @param {number} due conversations that wait for this person */
export function showBadge(due) {
  const badge = document.getElementById('due-badge');
  if (!badge) return;
  badge.textContent = due > 99 ? '99+' : String(due);
  badge.hidden = due === 0;
}

/** @param {number} unread of what this person is told */
export function showUnread(unread) {
  const badge = document.getElementById('notices-badge');
  if (!badge) return;
  badge.textContent = unread > 99 ? '99+' : String(unread);
  badge.hidden = unread === 0;
}

/**
 * Listen to what every page has, and to a page's own buttons.
 * @param {Api} api @param {{me: {id: string, name: string}, lang: string}} boot
 * @param {Record<string, () => void>} own what a click on something does, by its selector
 */
export function tendFrame(api, boot, own) {
  drawThemes();
  const face = document.querySelector('.rail-me .avatar span');
  if (face?.parentElement) {
    face.textContent = initials(boot.me.name);
    face.parentElement.className = `avatar avatar-32 hue-${hue(boot.me.id, HUES)}`;
  }
  document.addEventListener('click', ({target}) => {
    const near = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (target).closest(selector);
    const chosen = (/** @type {string} */ name) => near(`[${name}]`)?.getAttribute(name);
    const themed = chosen('data-theme-choice');
    const language = chosen('data-language-choice');
    if (themed) chooseTheme(api, themed);
    if (language && language !== boot.lang) chooseLanguage(api, language);
    const working = chosen('data-state-choice');
    if (working) chooseState(api, working);
    for (const [selector, run] of Object.entries(own)) if (near(selector)) run();
    if (near('dialog [data-closes]')) near('dialog')?.close();
    if (themed || language || working || near('[data-hands-over]')) near('[popover]')?.hidePopover();
  });
}
