/** What helps to write, fetched when somebody begins to: popups, drafts on the server, replies that can be taken back. */

import {html, nothing} from 'lit-html';
import {bindKeys} from 'mostik/core/keys.js';
import {blanks, blanksTemplate, selectBlank} from 'mostik/inbox/blanks.js';
import {store} from 'mostik/inbox/desk.js';
import {beginDrafts, draftTemplate} from 'mostik/inbox/draftKeeper.js';
import {beginHeld, linesTemplate, takeBackLast} from 'mostik/inbox/held.js';
import {popupPressed, popupTyped} from 'mostik/inbox/popup.js';
import {channelNote, menuTemplate, sendPressed} from 'mostik/inbox/sending.js';

/** @typedef {import('mostik/core/store.js').Row} Row */
/** @typedef {import('mostik/core/drafts.js').Mode} Mode */

/** Called once, when the part has come. */
export function begin() {
  beginDrafts();
  beginHeld();
  bindKeys([{on: 'z', run: takeBackLast}]);
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

/** @param {Row} row @param {Mode} mode @param {string} text */
export function footTemplate(row, mode, text) {
  return html`<span class="composer-state">${mode === 'reply' ? channelNote(row, text) : nothing}${blanks(text).length ? blanksTemplate(text) : draftTemplate(row.id, mode)}</span>`;
}

/** @param {Row} row @param {Mode} mode */
export const splitTemplate = (row, mode) => (mode === 'reply' ? menuTemplate(row) : nothing);

/** @param {Row} row replies in it that are not sent yet */
export const heldTemplate = (row) => linesTemplate(row);
