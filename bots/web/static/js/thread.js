/** The middle of the frame: the conversation, or what to begin it with. */

import {html, nothing} from '../vendor/lit-html/lit-html.js';
import {repeat} from '../vendor/lit-html/directives/repeat.js';
import {avatar, icon} from './format.js';
import {openSheet, part} from './later.js';
import {lineView} from './message.js';
import {say} from './saying.js';
import {onScroll, toEnd} from './scroll.js';
import {lines, ratingAsked, unread} from './store.js';
import {t} from './words.js';

/** @typedef {import('./store.js').State} State */

/** @param {any} config @param {boolean} online */
function empty(config, online) {
  const samples = config.questions ?? [];
  return html`<div class="empty">
    <span class="empty-mark">${icon('message-circle')}</span>
    <h2>${t('empty_title')}</h2>
    <p dir="auto">${config.greeting || t('empty_text')}</p>
    ${samples.length
      ? html`<p class="empty-lead">${t('samples')}</p>
          ${samples.map((/** @type {string} */ one) => html`<button class="sample" @click=${() => say(one)}>${one}</button>`)}`
      : nothing}
    ${online
      ? nothing
      : html`<p class="empty-lead">${t('away')}</p>
          <button class="sample" @click=${() => openSheet('leave')}>${icon('mail')} ${t('leave')}</button>`}
  </div>`;
}

const skeleton = () =>
  html`<div class="skeleton" aria-hidden="true"><i></i><i></i><i></i></div>`;

/** @param {{kind: string, name: string}} who */
function typing(who) {
  const name = who.kind === 'operator' ? who.name || t('no_name') : t('bot');
  return html`<div class="msg msg-${who.kind} last" data-testid="typing">
    ${who.kind === 'operator' ? html`<span class="face">${avatar(name)}</span>` : nothing}
    <div class="bubble dots" role="img" aria-label=${t('typing', {name})}><i></i><i></i><i></i></div>
  </div>`;
}

/** @param {State} state @param {any} config */
export function threadView(state, config) {
  const all = lines(state);
  const below = state.atEnd ? 0 : unread(state);
  const asked = ratingAsked(state);
  return html`<main class="middle">
    <div class="scroll" id="scroll" tabindex="0" @scroll=${onScroll}>
      ${state.loading ? html`<p class="pill">${t('older')}</p>` : nothing}
      ${!state.loaded && !all.length && state.phase !== 'refused' ? skeleton() : nothing}
      ${state.loaded && !all.length ? empty(config, state.online) : nothing}
      <div class="log" id="log" role="log" aria-label=${t('thread')} data-testid="thread">
        ${repeat(all, (line) => line.key, lineView)}
      </div>
      ${asked ? part('rating')?.view(state, asked) : nothing}
      ${state.stage === 'waiting' && !state.online ? html`<p class="pill" data-testid="away">${t('away_waiting')}</p>` : nothing}
      ${state.typing ? typing(state.typing) : nothing}
    </div>
    ${state.atEnd
      ? nothing
      : html`<button class="to-end" aria-label=${below ? t('new_below', {n: below}) : t('to_end')} @click=${toEnd}>
          ${below ? html`<span>${t('new_below', {n: below})}</span>` : nothing}${icon('arrow-down')}
        </button>`}
  </main>`;
}
