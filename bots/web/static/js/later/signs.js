/** The signs a visitor can put on what he was answered. */

import {html} from '../../vendor/lit-html/lit-html.js';
import {set} from '../now.js';
import {sign} from '../saying.js';
import {t} from '../words.js';

/** @param {string} id of the message @param {string} emoji empty takes it away */
export function put(id, emoji) {
  set({signing: ''});
  sign({type: 'react', message_id: id, emoji});
  document.getElementById(`sign-${id}`)?.focus();
}

/** @param {import('../store.js').Message} message @param {string} mine what he has put there @param {string[]} known */
export const view = (message, mine, known) => html`<div class="signs" role="group" aria-label=${t('react')} data-testid="signs">
  ${known.map(
    (one) => html`<button aria-label=${t('react_with', {emoji: one})} aria-pressed=${one === mine ? 'true' : 'false'}
      @click=${() => put(message.id, one === mine ? '' : one)}>${one}</button>`,
  )}
</div>`;
