/** The scale below the question how it was: five stars, then room for a comment. */

import {html, nothing} from '../../vendor/lit-html/lit-html.js';
import {icon} from '../format.js';
import {redraw} from '../later.js';
import {sign} from '../saying.js';
import {t} from '../words.js';

const STARS = [1, 2, 3, 4, 5];
/** What was chosen for which question, until the server's word of it comes. */
let chosen = {id: '', score: 0, sent: false};

/** @param {string} id of the question @param {number} score */
function rate(id, score) {
  chosen = {id, score, sent: false};
  sign({type: 'rate', message_id: id, score});
  redraw();
}

/** @param {string} id @param {number} score @param {SubmitEvent} event */
function comment(id, score, event) {
  event.preventDefault();
  const place = /** @type {HTMLFormElement} */ (event.currentTarget).querySelector('textarea');
  const text = place?.value.trim() ?? '';
  chosen = {id, score, sent: true};
  if (text) sign({type: 'rate', message_id: id, score, comment: text});
  redraw();
}

/** @param {import('../store.js').State} state @param {{id: string}} message the bot's question */
export function view(state, {id}) {
  const given = state.rating ?? {score: 0, comment: ''};
  const mine = chosen.id === id ? chosen : {score: 0, sent: false};
  const score = mine.score || given.score;
  const done = mine.sent || Boolean(given.comment);
  return html`<div class="rating" data-testid="rating" data-score=${score}>
    <div class="stars" role="group" aria-label=${t('rate')}>
      ${STARS.map(
        (n) => html`<button
          class="star ${n <= score ? 'star-on' : ''}"
          aria-label=${t('stars', {n})}
          aria-pressed=${n === score ? 'true' : 'false'}
          @click=${() => rate(id, n)}
        >
          ${icon('star')}
        </button>`,
      )}
    </div>
    ${score && !done
      ? html`<form class="comment" @submit=${(/** @type {SubmitEvent} */ e) => comment(id, score, e)}>
          <textarea rows="2" maxlength="1000" dir="auto" aria-label=${t('rate_comment')} placeholder=${t('rate_comment')}></textarea>
          <button class="reply" type="submit">${t('send')}</button>
        </form>`
      : nothing}
    ${score ? html`<p class="pill" role="status">${t('rate_thanks')}</p>` : nothing}
  </div>`;
}
