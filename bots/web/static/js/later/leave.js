/** What a visitor leaves when nobody is at the desk: a message, and where the answer finds him. */

import {html} from '../../vendor/lit-html/lit-html.js';
import {icon} from '../format.js';
import {closeSheet} from '../later.js';
import {say, sign} from '../saying.js';
import {t} from '../words.js';

/** @param {SubmitEvent} event */
function send(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  const text = form.elements.namedItem('text');
  const email = form.elements.namedItem('email');
  if (!(text instanceof HTMLTextAreaElement) || !(email instanceof HTMLInputElement)) return;
  text.setCustomValidity(text.value.trim() ? '' : t('leave_empty'));
  if (!form.reportValidity()) return;
  closeSheet();
  say(`${text.value.trim()}\n\n${t('leave_mail', {email: email.value.trim()})}`);
  sign({type: 'call'});
}

/** @param {string} value what was begun in the composer @param {any} _ @param {any} config */
export function view(value, _, config) {
  return html`<section class="sheet" role="dialog" aria-modal="true" aria-labelledby="sheet-title" data-testid="leave">
    <header class="sheet-head">
      <h2 id="sheet-title" tabindex="-1">${t('leave')}</h2>
      <button class="tool" aria-label=${t('back_to_chat')} @click=${closeSheet}>${icon('x')}</button>
    </header>
    <form class="sheet-body" novalidate @submit=${send}>
      <p>${t('leave_text')}</p>
      <label>${t('leave_email')}
        <input name="email" type="email" required maxlength="254" autocomplete="email" inputmode="email"></label>
      <label>${t('leave_words')}
        <textarea name="text" required rows="5" dir="auto" maxlength=${(config.limits?.text ?? 4000) - 300}
          .value=${value ?? ''} @input=${(/** @type {any} */ e) => e.target.setCustomValidity('')}></textarea></label>
      <button class="primary" type="submit">${t('send')}</button>
    </form>
  </section>`;
}
