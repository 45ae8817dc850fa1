/** The article an answer came from, whole. */

import {html, nothing} from '../../vendor/lit-html/lit-html.js';
import * as api from '../api.js';
import {icon, linked} from '../format.js';
import {closeSheet, redraw} from '../later.js';
import {token} from '../talk.js';
import {t} from '../words.js';

/** @type {Map<string, string|null>} texts by id; null: it is on its way; empty: it cannot be had */
const texts = new Map();

/** @param {string} id */
async function fetched(id) {
  texts.set(id, null);
  try {
    texts.set(id, (await api.article(token(), id)).text);
  } catch (error) {
    if (error instanceof api.Refusal) texts.set(id, '');
    else setTimeout(() => texts.delete(id), 2000);
  }
  redraw();
}

/** @param {{id: string, title: string}} article */
export function view({id, title}) {
  if (!texts.has(id)) fetched(id);
  const text = texts.get(id);
  return html`<section class="sheet" role="dialog" aria-modal="true" aria-labelledby="sheet-title" data-testid="article">
    <header class="sheet-head">
      <h2 id="sheet-title" tabindex="-1" dir="auto">${title}</h2>
      <button class="tool" aria-label=${t('back_to_chat')} @click=${closeSheet}>${icon('x')}</button>
    </header>
    <div class="sheet-body">
      ${text === '' ? html`<p class="bare">${t('article_gone')}</p>` : nothing}
      ${text ? html`<p class="words" dir="auto">${linked(text)}</p>` : nothing}
    </div>
  </section>`;
}
