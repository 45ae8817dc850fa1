/** The cheat sheet: what the keys do, one's own in place of the usual ones. */

import {html, render} from 'lit-html';
import {cap, icon} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {boot} from 'mostik/inbox/desk.js';

/** @type {[string, ...string[]][]} what a line says, and the keys as they are printed */
const LINES = [
  ['keys.walk', 'J', 'K'],
  ['keys.arrows', '↑', '↓'],
  ['keys.next_due', 'U'],
  ['keys.open', 'Enter'],
  ['keys.reply', 'R'],
  ['keys.note', 'N'],
  ['keys.send', 'Ctrl ↵'],
  ['keys.edit_last', '↑'],
  ['keys.messages', 'Alt ↑', '↓'],
  ['keys.claim', 'I'],
  ['keys.assign', 'A'],
  ['keys.close', 'E'],
  ['keys.snooze', 'S'],
  ['keys.pass', 'T'],
  ['keys.reopen', 'Shift E'],
  ['keys.suggestion', 'Alt 1', '2', '3'],
  ['keys.search', '/'],
  ['keys.palette', 'Ctrl K'],
  ['keys.pick', 'X', 'Shift X'],
  ['keys.unread', 'M'],
  ['keys.list', '['],
  ['keys.card', ']'],
  ['keys.go', 'G', 'I', 'K', 'C', 'T'],
  ['keys.leave', 'Esc'],
  ['keys.help', '?'],
];

/** @param {string} words key of a line @param {number} at place of a cap in it @returns {string} the verb whose key it is */
const verbOf = (words, at) => (words === 'keys.walk' ? ['next', 'previous'][at] : at ? '' : words.slice('keys.'.length));

/** @param {string} words key of a line @param {string[]} caps */
function lineTemplate(words, caps) {
  const {keys, usual} = boot.habits;
  const shown = caps.map((each, at) => {
    const does = verbOf(words, at);
    return cap(keys[does] && keys[does] !== usual[does] ? keys[does].replaceAll('+', ' ').toUpperCase() : each);
  });
  return html`<div data-keys=${words}><dt>${shown}</dt><dd>${t(words)}</dd></div>`;
}

export function openCheatSheet() {
  const sheet = /** @type {HTMLDialogElement} */ (document.getElementById('keys'));
  render(
    html`<header><h2 id="keys-title">${t('keys.title')}</h2><button class="icon-btn" data-closes aria-label=${t('ui.close_hint')}>${icon('x')}</button></header>
      <dl class="keys">
        ${LINES.map(([words, ...caps]) => lineTemplate(words, caps))}
      </dl>`,
    sheet,
  );
  if (!sheet.open) sheet.showModal();
}
