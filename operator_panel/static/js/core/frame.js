/** What stands around every page: the rail with the person, the theme and the language, what waits in the inbox. */

import {HUES, hue, initials} from 'mostik/core/format.js';
import {showTheme, theme} from 'mostik/core/theme.js';
import {complain} from 'mostik/core/toasts.js';

/** @typedef {import('mostik/core/api.js').Api} Api */

/** @param {Api} api @param {string} chosen */
async function chooseTheme(api, chosen) {
  showTheme(chosen);
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

function drawThemes() {
  for (const item of document.querySelectorAll('[data-theme-choice]')) {
    item.setAttribute('aria-checked', String(item.getAttribute('data-theme-choice') === theme()));
  }
}

/** @param {number} due conversations that wait for this person */
export function showBadge(due) {
  const badge = document.getElementById('due-badge');
  if (!badge) return;
  badge.textContent = due > 99 ? '99+' : String(due);
  badge.hidden = due === 0;
}

/**
 * Listen to what every page has.
 * @param {Api} api @param {{me: {id: string, name: string}, lang: string}} boot
 */
export function tendFrame(api, boot) {
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
    if (themed) chooseTheme(api, themed);
    if (language && language !== boot.lang) chooseLanguage(api, language);
    if (target.closest('dialog [data-closes]')) target.closest('dialog')?.close();
    if (themed || language) /** @type {HTMLElement|null} */ (target.closest('[popover]'))?.hidePopover();
  });
}
