/** Variables nobody filled stay in the text in their braces: they are pointed at, and hold the text back. */

import {html} from 'lit-html';
import {announce, icon} from 'mostik/core/dom.js';
import {known, t} from 'mostik/core/i18n.js';

const BLANK = /\{\{\s*([^\W\d_][\w.]*)\s*\}\}/gu;

/** @param {string} text @returns {string[]} names of the variables that are left in it, each once */
export const blanks = (text) => [...new Set([...text.matchAll(BLANK)].map((found) => found[1]))];

/** @param {string} name @returns {string} as people call it */
export const named = (name) => (known(`ui.variable.${name}`) ? t(`ui.variable.${name}`) : name);

/** @param {string} text @returns {string} with its variables as people call them */
export const spoken = (text) => text.replace(BLANK, (_, name) => `‹${named(name)}›`);

/** Put the next one under the caret, to be typed over. @param {string} text */
export function selectBlank(text) {
  const area = /** @type {HTMLTextAreaElement|null} */ (document.getElementById('composer-text'));
  const all = [...text.matchAll(BLANK)];
  if (!area || !all.length) return;
  const next = all.find((found) => found.index >= area.selectionEnd) ?? all[0];
  area.focus();
  area.setSelectionRange(next.index, next.index + next[0].length);
  announce(t('ui.blank.fill', {name: named(next[1])}));
}

/** @param {string} text */
export function blanksTemplate(text) {
  return html`<button type="button" class="blank-note" data-testid="blank" @click=${() => selectBlank(text)}>
    ${icon('triangle-alert')}${t('ui.blank.left', {names: blanks(text).map(named).join(', ')})}
  </button>`;
}
