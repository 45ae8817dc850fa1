/** First steps of a new workspace: a messenger, an article, a colleague. The page asks for it while nobody has written yet. */

import {html} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {api, store} from 'mostik/inbox/desk.js';
import {late, slots} from 'mostik/inbox/late.js';

/** @typedef {import('mostik/core/store.js').State} State */

const did = {article: false, colleague: false};

/** What is done is looked up anew whenever somebody comes back to the tab; what cannot be had stays as it was. */
async function look() {
  if (!slots.first || document.hidden) return;
  const [counts, staff] = await Promise.allSettled([api.get('/articles/counts'), api.get('/operators')]);
  if (counts.status === 'fulfilled') did.article = counts.value.published > 0;
  if (staff.status === 'fulfilled') did.colleague = staff.value.items.length > 1;
  store.dispatch({type: 'part'});
}

/** @param {boolean} done @param {string} mark @param {unknown} title a link or a button @param {string} hint */
const step = (done, mark, title, hint) => html`<li class="first-step" data-testid="first-step" data-done=${String(done)}>
  ${icon(done ? 'circle-check' : 'circle-dashed', 'first-tick')}
  <div>${title}<span class="listen-only">, ${t(done ? 'ui.first.done' : 'ui.first.left')}</span><p>${hint}</p></div>
  ${icon(mark, 'first-mark')}
</li>`;

/** @param {State} state */
function steps(state) {
  const connected = state.channels.some((one) => one.state === 'ok');
  return html`<section class="first-steps" aria-labelledby="first-title" data-testid="first">
    <h2 id="first-title">${t('ui.first.title')}</h2>
    <p>${t('ui.first.lead')}</p>
    <ol>
      ${step(connected, 'plug', html`<button data-shows-channels aria-haspopup="dialog">${t('ui.first.channel')}</button>`, t('ui.first.channel_hint'))}
      ${step(did.article, 'book-open', html`<a href="/kb">${t('ui.first.article')}</a>`, t('ui.first.article_hint'))}
      ${step(did.colleague, 'user-round', html`<a href="/settings/people">${t('ui.first.colleague')}</a>`, t('ui.first.colleague_hint'))}
    </ol>
  </section>`;
}

/** @param {State} state @returns {unknown} the steps, until there is a conversation */
function first(state) {
  if (!state.rows.size && !Object.values(state.counts).some(Boolean)) return steps(state);
  slots.first = undefined;
  return undefined;
}

late(() => Promise.resolve(first), (part) => {
  slots.first = part;
  look();
});
document.addEventListener('visibilitychange', look);
addEventListener('focus', look);
