/** Beside the thread: what the knowledge base suggests, and who the customer is; fetched once a conversation is open. */

import {html, nothing} from 'lit-html';
import {cap, icon} from 'mostik/core/dom.js';
import {percent} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {boot, drafts, mayWrite, store} from 'mostik/inbox/desk.js';
import {insert} from 'mostik/inbox/composer.js';
import {toggleContext} from 'mostik/inbox/header.js';
import {cardTemplate} from 'mostik/inbox/card.js';
import {late} from 'mostik/inbox/late.js';
import {tasksTemplate} from 'mostik/inbox/tasks.js';

/** @typedef {import('mostik/core/store.js').Row} Row */
/** @typedef {import('mostik/core/store.js').State} State */
/** @typedef {{article_id: string, title: string, answer: string, confidence: number, why: string}} Suggestion */

const BARS = 5;
const MOST = 3;
const STRONG = 0.85;

/** @param {State} state @returns {Suggestion[]} the ones worth showing, best first */
export function suggestionsOf(state) {
  const all = /** @type {Suggestion[]} */ (state.thread?.suggestions ?? []);
  return all.filter((one) => one.confidence >= boot.thresholds.suggest).slice(0, MOST);
}

/** Insert the n-th suggestion at the caret. @param {number} index @returns {boolean} */
export function insertSuggestion(index) {
  const one = suggestionsOf(store.state)[index];
  if (!one || !mayWrite) return false;
  insert(one.answer);
  drafts.put(store.state.selected ?? '', 'reply', {suggestion: one.article_id}, 0);
  return true;
}

/** @param {string} key @param {string[]} articles that do not answer the question; none: nothing in the base is to */
const refusal = (key, articles) =>
  mayWrite
    ? html`<button class="link" @click=${() => late(() => import('mostik/inbox/refuse.js'), (part) => part.refuse(articles))}>${t(key)}</button>`
    : nothing;

/** @param {number} confidence 0..1 */
function meter(confidence) {
  const filled = Math.max(1, Math.ceil(confidence * BARS - 1e-9));
  const bars = Array.from({length: BARS}, (_, index) => html`<i class=${index < filled ? 'on' : ''}></i>`);
  return html`<span class="meter" aria-hidden="true">${bars}</span><b class="score">${percent(confidence)}</b>`;
}

/** @param {State} state @param {Suggestion} one @param {number} index */
function suggestion(state, one, index) {
  const id = state.thread?.id;
  const key = `suggestion:${one.article_id}`;
  const toggled = state.thread?.opened.has(key) ?? false;
  const strong = one.confidence >= Math.min(STRONG, boot.thresholds.answer ?? 1);
  const toggle = () => store.dispatch({type: 'thread.toggle', id, key});
  return html`<li
    class="suggestion ${strong ? 'suggestion-strong' : ''} ${toggled ? 'suggestion-open' : ''}"
    data-testid="suggestion"
    data-score=${one.confidence.toFixed(2)}
  >
    <h3><span>${one.title}</span>${meter(one.confidence)}</h3>
    <p class="answer">${one.answer}</p>
    <div class="suggestion-actions">
      ${mayWrite
        ? html`<button
            class="btn btn-small ${index === 0 ? 'btn-primary' : ''}"
            aria-keyshortcuts="Alt+${index + 1}"
            @click=${() => insertSuggestion(index)}
          >
            ${t('ui.suggestions.insert')}
          </button>`
        : nothing}
      <button class="btn btn-small" aria-expanded=${toggled ? 'true' : 'false'} @click=${toggle}>
        ${t(toggled ? 'ui.suggestions.fold' : 'ui.suggestions.open')}
      </button>
      ${refusal('ui.suggestions.refuse', [one.article_id])}
    </div>
  </li>`;
}

/** @param {State} state */
function suggestions(state) {
  const shown = suggestionsOf(state);
  const known = state.thread?.suggestions !== null;
  return html`<section class="card" aria-label=${t('ui.suggestions.title')}>
    <header>
      ${icon('sparkles')}
      <h2>${t('ui.suggestions.title')} ${shown.length ? html`<span class="count">${shown.length}</span>` : nothing}</h2>
      ${shown.length && mayWrite ? html`<span class="key-hint">${t('ui.suggestions.key')} ${cap('Alt 1')}</span>` : nothing}
      <button class="icon-btn context-close" aria-label=${t('ui.context.close')} @click=${toggleContext}>${icon('x')}</button>
    </header>
    ${shown.length
      ? html`<ul class="suggestions">
          ${shown.map((one, index) => suggestion(state, one, index))}
        </ul>
        ${refusal('ui.suggestions.not_for_base', [])}`
      : html`<p class="none">${t(known ? 'ui.suggestions.none' : 'ui.suggestions.loading')}</p>`}
  </section>`;
}

/** @param {State} state @param {Row} row */
export function contextTemplate(state, row) {
  const customer = state.thread?.customer;
  if (state.thread?.state !== 'ready') return nothing;
  return html`${suggestions(state)}${tasksTemplate(row)}${customer ? cardTemplate(customer, row) : nothing}`;
}

/** The best suggestion in one line above the composer, where the pane has no place. @param {State} state */
export function stripTemplate(state) {
  const [best, ...rest] = suggestionsOf(state);
  if (!best || !mayWrite) return nothing;
  const more = rest.length ? ` · ${t('ui.suggestions.more', {n: rest.length})}` : '';
  return html`<div class="strip">
    ${icon('sparkles')}
    <button class="strip-text" @click=${toggleContext}>
      <b>${best.title}</b><span>${percent(best.confidence)}${more}</span>
    </button>
    <button class="btn btn-primary" @click=${() => insertSuggestion(0)}>${t('ui.suggestions.insert')}</button>
  </div>`;
}
