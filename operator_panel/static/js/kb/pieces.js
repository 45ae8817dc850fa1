/** Small pieces the sections of the room share. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */

/**
 * The bar above the middle pane: the way back where one pane stands alone, what is shown, what can be done.
 * @param {Room} room @param {unknown} title @param {unknown} [actions]
 */
export function headTemplate(room, title, actions = nothing) {
  return html`<header class="kb-head kb-centre-head">
    <a class="icon-btn back" href="/kb" aria-label=${room.t('kb.back')}>${icon('chevron-left')}</a>
    <div class="kb-head-title">${title}</div>
    <div class="kb-head-actions">
      ${actions}
      <button
        class="icon-btn kb-beside"
        aria-label=${room.t('kb.beside')}
        aria-expanded=${String(room.state.here.aside)}
        aria-controls="kb-aside"
        @click=${room.toggleAside}
      >
        ${icon('panel-right')}
      </button>
    </div>
  </header>`;
}

/** @param {Room} room */
export function loadingTemplate(room) {
  return html`${headTemplate(room, nothing)}
    <div class="skeleton kb-body" aria-hidden="true"><div class="skeleton-lines"><b></b><b></b><b></b><b></b></div></div>`;
}

/** @param {Room} room @param {string} text @param {boolean} gone what is not there does not come by asking again */
export function failedTemplate(room, text, gone) {
  return html`${headTemplate(room, nothing)}
    <div class="empty" role="alert" data-testid="kb-failed">
      ${icon('triangle-alert', 'empty-icon')}
      <p class="empty-title">${text}</p>
      ${gone ? html`<a class="btn" href="/kb">${room.t('kb.to_articles')}</a>` : html`<button class="btn" @click=${room.again}>${room.t('kb.again')}</button>`}
    </div>`;
}

/** @param {string} glyph @param {string} title @param {unknown} [text] */
export function emptyTemplate(glyph, title, text = nothing) {
  return html`<div class="empty">
    ${icon(glyph, 'empty-icon')}
    <p class="empty-title">${title}</p>
    ${text === nothing ? nothing : html`<p>${text}</p>`}
  </div>`;
}

/** The focus goes on, once what is drawn anew stands. @param {() => Element|null|undefined} find */
export function focusSoon(find) {
  requestAnimationFrame(() => requestAnimationFrame(() => /** @type {HTMLElement|null|undefined} */ (find())?.focus()));
}

/**
 * Remember where the focus is while something is done with one of many rows.
 * @param {string} selector of the rows
 * @returns {() => void} puts it back there; where that is gone, into what stands in its place
 */
export function keepFocus(selector) {
  const from = /** @type {HTMLButtonElement|null} */ (document.activeElement);
  const all = () => [...document.querySelectorAll(selector)];
  const place = all().findIndex((one) => one.contains(from));
  return () =>
    focusSoon(() => {
      if (document.activeElement && document.activeElement !== document.body) return null;
      if (from?.isConnected && !from.disabled) return from;
      return (all()[place] ?? all().at(-1))?.querySelector('button, a') ?? document.getElementById('kb-centre');
    });
}
