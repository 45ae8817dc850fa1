/** What is wrong with a field, and what should be looked at, in the person's words. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {known, t} from 'mostik/core/i18n.js';
import {problemText} from 'mostik/core/toasts.js';

/** @typedef {import('mostik/kb/editor.js').Edit} Edit */

/** @param {string} code of a fault or a flag @param {string} [detail] what stands there @returns {string} */
export function codeText(code, detail = '') {
  const key = `kb.code.${code}`;
  return known(key) ? t(key, {detail}) : t('kb.code.other', {code});
}

/** @param {string} place `questions.3`, `questions`, `valid_until` @returns {string} Question 4, Questions, Valid until */
export function fieldText(place) {
  const [name, number, part] = place.split('.');
  const key = number === undefined && known(`kb.fields.${name}`) ? `kb.fields.${name}` : `kb.field.${name}`;
  const word = known(key) ? t(key) : name;
  const inner = part && known(`kb.field.${part}`) ? `, ${t(`kb.field.${part}`).toLowerCase()}` : '';
  return /^\d+$/.test(number ?? '') ? `${word} ${Number(number) + 1}${inner}` : word;
}

/** @param {any} error @returns {string} a refusal in words, with the place of its first fault */
export function refusalText(error) {
  const [first] = error?.body?.errors ?? [];
  return first ? `${fieldText(first.field)}: ${codeText(first.code)}` : problemText(error);
}

/** @param {Edit} edit @param {string} place @returns {string[]} codes of what is wrong there */
export const faultsAt = (edit, place) => edit.errors.get(place) ?? [];

/** @param {string} place @returns {string} id of the line that says what is wrong there */
export const faultId = (place) => `fault-${place.replace(/\W/g, '-')}`;

/** @param {Edit} edit @param {string} place the line under a field */
export function faultLine(edit, place) {
  const codes = faultsAt(edit, place);
  if (!codes.length) return nothing;
  return html`<p class="kb-fault" id=${faultId(place)} role="alert">${icon('circle-alert')}${codes.map((code) => codeText(code)).join('. ')}</p>`;
}

/** @param {any} flag @param {string} [title] of the other article @param {string} [place] where it is, said where the place does not show it */
export function flagTemplate(flag, title = '', place = '') {
  const other = flag.article && flag.code !== 'leads_nowhere';
  return html`<span class="kb-flag" data-testid="kb-flag" data-code=${flag.code}
    >${icon('triangle-alert')}<span
      >${place ? `${place}: ` : ''}${codeText(flag.code, flag.detail)}${other
        ? html` <a class="link" href="/kb/articles/${encodeURIComponent(flag.article)}">${title || t('kb.flag_open')}</a>`
        : nothing}</span
    ></span
  >`;
}
