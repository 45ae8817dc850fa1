/** The rail: what waits, the theme, the language, the keys, the person. */

import {HUES, hue, initials} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {showTheme, theme} from 'mostik/core/theme.js';
import {api, boot, store} from 'mostik/inbox/desk.js';
import {showChannels} from 'mostik/inbox/late.js';
import {complain} from 'mostik/inbox/toasts.js';

/** @param {string} chosen */
async function chooseTheme(chosen) {
  showTheme(chosen);
  drawThemes();
  await api.patch('/me', {theme: chosen}).catch(complain);
}

/** @param {string} chosen */
async function chooseLanguage(chosen) {
  if (chosen === boot.lang) return;
  try {
    await api.patch('/me', {language: chosen});
    location.reload();
  } catch (error) {
    complain(error);
  }
}

function drawThemes() {
  for (const item of document.querySelectorAll('[data-theme-choice]')) {
    item.setAttribute('aria-checked', String(item.getAttribute('data-theme-choice') === theme()));
  }
}

/** @returns {void} the cheat sheet */
export function showKeys() {
  const sheet = /** @type {HTMLDialogElement} */ (document.getElementById('keys'));
  if (!sheet.open) sheet.showModal();
}

/** @param {number} due conversations that wait: the badge and the title of the tab */
export function showDue(due) {
  const title = `${due ? `(${due}) ` : ''}${t('ui.list.title')} · ${boot.shop}`;
  if (document.title !== title) document.title = title;
  const badge = document.getElementById('due-badge');
  if (!badge) return;
  badge.textContent = due > 99 ? '99+' : String(due);
  badge.hidden = due === 0;
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
  drawThemes();
  const face = document.querySelector('.rail-me .avatar span');
  if (face?.parentElement) {
    face.textContent = initials(boot.me.name);
    face.parentElement.className = `avatar avatar-32 hue-${hue(boot.me.id, HUES)}`;
  }
  document.addEventListener('click', (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const themed = target.closest('[data-theme-choice]')?.getAttribute('data-theme-choice');
    const language = target.closest('[data-language-choice]')?.getAttribute('data-language-choice');
    if (themed) chooseTheme(themed);
    if (language) chooseLanguage(language);
    if (target.closest('[data-shows-keys]')) showKeys();
    if (target.closest('[data-shows-channels]')) showChannels();
    if (target.closest('dialog [data-closes]')) target.closest('dialog')?.close();
    if (themed || language) /** @type {HTMLElement|null} */ (target.closest('[popover]'))?.hidePopover();
  });
  showDue(store.state.counts.due ?? 0);
  showChannelState(store.state.channels);
}
