/** What helps to write, fetched when somebody begins to: popups, drafts on the server, replies that can be taken back. */

import {html, nothing} from 'lit-html';
import {cap} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {bindKeys} from 'mostik/core/keys.js';
import {blanks, blanksTemplate, selectBlank} from 'mostik/inbox/blanks.js';
import {boot, store} from 'mostik/inbox/desk.js';
import {beginDrafts, draftTemplate} from 'mostik/inbox/draftKeeper.js';
import {beginHeld, linesTemplate, takeBackLast} from 'mostik/inbox/held.js';
import {openEmoji, popupPressed, popupTyped} from 'mostik/inbox/popup.js';
import {channelNote, menuTemplate, sendPressed} from 'mostik/inbox/sending.js';

/** @typedef {import('mostik/core/store.js').Row} Row */
/** @typedef {import('mostik/core/drafts.js').Mode} Mode */

/** Called once, when the part has come. */
export function begin() {
  beginDrafts();
  beginHeld();
  bindKeys([{on: 'z', run: takeBackLast}], boot.habits);
  store.subscribe((event) => {
    if (event.type === 'mode' || event.type === 'thread.open') popupTyped(null);
  });
  // Whoever typed while this was on its way is not made to type again.
  const {activeElement: area} = document;
  if (area instanceof HTMLTextAreaElement && area.id === 'composer-text') popupTyped(area);
}

/** @param {HTMLTextAreaElement} area something was typed */
export const typed = (area) => popupTyped(area);

/** @param {KeyboardEvent} event in the composer @returns {boolean} is it dealt with */
export function pressed(event) {
  if (popupPressed(event) || sendPressed(event)) return true;
  const area = /** @type {HTMLTextAreaElement} */ (event.target);
  const back = event.code === 'KeyZ' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !area.value;
  if (back && takeBackLast() !== false) {
    event.preventDefault();
    return true;
  }
  return false;
}

/** @param {string} text @returns {boolean} it is not to be sent: a variable in it is not filled */
export function refuses(text) {
  if (!blanks(text).length) return false;
  selectBlank(text);
  return true;
}

/** @param {Mode} mode @param {string} text @param {{force?: boolean, more?: object}} [options] @returns {object} what goes with the words */
export function more(mode, text, options = {}) {
  if (mode !== 'note') return options;
  const named = store.state.operators.filter((/** @type {{name: string}} */ one) => text.includes(`@${one.name}`));
  return named.length ? {...options, more: {...options.more, mentions: named.map((/** @type {{id: string}} */ one) => one.id)}} : options;
}

/** Write a sign that finds something, as a word of its own. @param {string} sign */
function write(sign) {
  const area = /** @type {HTMLTextAreaElement|null} */ (document.getElementById('composer-text'));
  if (!area) return;
  const {selectionStart: from, selectionEnd: to, value} = area;
  area.focus();
  area.setRangeText(/\S$/.test(value.slice(0, from)) ? ` ${sign}` : sign, from, to, 'end');
  area.dispatchEvent(new Event('input', {bubbles: true}));
}

/** @param {string} words @param {string} sign @param {() => void} [run] */
const finder = (words, sign, run = () => write(sign)) => html`<button type="button" class="composer-finder" aria-label=${words} title=${words} @click=${run}><span>${words}</span>${cap(sign)}</button>`;

/** @param {Row} row @param {Mode} mode @param {string} text */
export function footTemplate(row, mode, text) {
  return html`<span class="composer-finders">${finder(t('ui.popup.tool_canned'), '/')}${finder(t('ui.popup.tool_articles'), '#')}${finder(t('ui.popup.emoji'), ':', openEmoji)}${mode === 'note' ? finder(t('ui.popup.people'), '@') : nothing}</span><span class="composer-state">${mode === 'reply' ? channelNote(row, text) : nothing}${blanks(text).length ? blanksTemplate(text) : draftTemplate(row.id, mode)}</span>`;
}

/** @param {Row} row @param {Mode} mode */
export const splitTemplate = (row, mode) => (mode === 'reply' ? menuTemplate(row) : nothing);

/** @param {Row} row replies in it that are not sent yet */
export const heldTemplate = (row) => linesTemplate(row);
