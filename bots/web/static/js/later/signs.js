/** The signs a visitor can put on what he was answered. */

import {html} from '../../vendor/lit-html/lit-html.js';
import {focusField} from '../composer.js';
import {icon, pictured} from '../format.js';
import {set} from '../now.js';
import {sign} from '../saying.js';
import {t} from '../words.js';

/** @param {string} id of the message @param {string} emoji empty takes it away */
export function put(id, emoji) {
  set({signing: ''});
  sign({type: 'react', message_id: id, emoji});
  document.getElementById(`sign-${id}`)?.focus();
}

/** @param {string} id of the message the next word answers */
function reply(id) {
  set({signing: '', replying: id});
  focusField(true);
}

/** @param {import('../store.js').Message} message @param {string} mine what he has put there @param {string[]} known @param {boolean} below */
export const view = (message, mine, known, below) => html`<div class="signs ${below ? 'signs-below' : ''}" role="group" aria-label=${t('react')} data-testid="signs">
  <button aria-label=${t('reply')} title=${t('reply')} @click=${() => reply(message.id)}>${icon('reply')}</button>
  ${known.map(
    (one) => html`<button aria-label=${t('react_with', {emoji: one})} aria-pressed=${one === mine ? 'true' : 'false'}
      @click=${() => put(message.id, one === mine ? '' : one)}>${pictured(one)}</button>`,
  )}
</div>`;
