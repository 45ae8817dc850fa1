/** The list: its title and views, the search, sections that fold, an order that stands still under the pointer. */

import {html, nothing} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import {repeat} from 'lit-html/directives/repeat.js';
import {cap, channelBadge, icon} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {menu} from 'mostik/core/menu.js';
import {LINES, hiddenByFreeze, sections} from 'mostik/core/rows.js';
import {boot, store} from 'mostik/inbox/desk.js';
import {begun, listed, scrolled} from 'mostik/inbox/drawn.js';
import {showPalette, slots, wakePicks, wakeViews} from 'mostik/inbox/late.js';
import {VIEWS, address, loadMoreRows, loadRows, openView, search} from 'mostik/inbox/navigation.js';
import {channelTitle, plainClick} from 'mostik/inbox/row.js';

/** @typedef {import('mostik/core/store.js').State} State */

const TYPING_PAUSE = 250;
const NEAR_END = 600;

let typingTimer = 0;
let hovered = false;
let focused = false;
let typed = '';

/** Freeze or free the order, as pointer and keyboard focus come and go. */
function hold() {
  if (hovered || focused) store.dispatch({type: 'order.freeze'});
  else if (store.state.frozen) store.dispatch({type: 'order.apply', hold: false});
}

const over = (/** @type {PointerEvent} */ event) => {
  if (event.pointerType === 'touch' || hovered) return;
  hovered = true;
  wakePicks();
  hold();
};
// The pill lies over the rows: who goes to press it has not left them.
const out = (/** @type {PointerEvent} */ event) => {
  if (/** @type {Element|null} */ (event.relatedTarget)?.closest('.pill-place, .rows')) return;
  hovered = false;
  hold();
};
const focusIn = (/** @type {FocusEvent} */ event) => {
  focused = /** @type {HTMLElement} */ (event.target).matches('.row:focus-visible');
  hold();
};
const focusOut = () => {
  focused = false;
  hold();
};

/** A list that was fetched anew is frozen again while somebody points at it. */
export function holdAgain() {
  if ((hovered || focused) && !store.state.frozen) store.dispatch({type: 'order.freeze'});
}

/** @param {string} view @returns {(event: MouseEvent) => void} */
const openOnClick = (view) => (event) => {
  if (!plainClick(event)) return;
  event.preventDefault();
  typed = '';
  openView(view);
};

/** @param {State} state */
function tabs(state) {
  const link = (/** @type {string} */ view) => html`<a
    class="tab"
    href=${address(view)}
    aria-current=${state.view === view && !state.filters ? 'page' : nothing}
    @click=${openOnClick(view)}
    >${t(`ui.view.${view}`)} <span class="count">${state.counts[view] ?? 0}</span></a
  >`;
  return html`<nav class="tabs" aria-label=${t('ui.list.views')}>${VIEWS.map(link)}</nav>`;
}

/** @param {Event} event */
function onType(event) {
  typed = /** @type {HTMLInputElement} */ (event.target).value;
  wakeViews();
  clearTimeout(typingTimer);
  typingTimer = setTimeout(() => search(typed.trim()), TYPING_PAUSE);
}

function clearSearch() {
  clearTimeout(typingTimer);
  typed = '';
  search('');
  document.getElementById('search')?.focus();
}

/** @param {KeyboardEvent} event */
function onSearchKey(event) {
  if (event.key === 'Enter' && typed.trim()) showPalette(typed.trim());
  if (event.key !== 'Escape') return;
  // The key is used up here: it must not close the open conversation too.
  event.preventDefault();
  if (typed) clearSearch();
  else /** @type {HTMLElement} */ (event.target).blur();
}

function searchField() {
  return html`<div class="search" role="search">
    ${icon('search')}
    <input
      id="search"
      type="search"
      autocomplete="off"
      aria-label=${t('ui.list.search')}
      placeholder=${t('ui.list.search_short')}
      .value=${live(typed)}
      @input=${onType}
      @keydown=${onSearchKey}
    />
    ${typed
      ? html`<button class="search-clear" aria-label=${t('ui.list.search_clear')} @click=${clearSearch}>${icon('x')}</button>`
      : cap('/')}
  </div>`;
}

/** One channel alone, or all of them. @param {State} state */
function channelItems(state) {
  if (state.channels.length < 2) return [];
  const item = (/** @type {string} */ channel, /** @type {string} */ label, /** @type {unknown} */ mark) => ({
    label,
    mark,
    apart: !channel,
    checked: state.channel === channel,
    run: () => openView(state.view, typed.trim(), channel),
  });
  const each = state.channels.map((one) => item(one.name, channelTitle(one), channelBadge(one.kind, 'channel-18')));
  return [item('', t('ui.list.all_channels'), nothing), ...each];
}

/** @param {State} state @returns {string} */
function titleOf({view, viewName, team, filters}) {
  if (!LINES.includes(view) || filters || boot.habits.rows !== 'two') wakeViews();
  if (view === 'closed') return t('ui.view.closed');
  return viewName || slots.views?.title(view, team, filters) || t('ui.list.title');
}

/** @param {State} state */
function head(state) {
  const items = [...VIEWS, 'closed'].map((view) => ({
    label: t(`ui.view.${view}`),
    checked: state.view === view && !state.filters,
    run: () => {
      typed = '';
      openView(view);
    },
  }));
  const chosen = state.channels.find((one) => one.name === state.channel);
  return html`<header class="list-head">
      <h1>
        <button class="title" popovertarget="menu-views" @click=${wakeViews}>
          <span class="title-words">${titleOf(state)}</span>${chosen
            ? html`${channelBadge(chosen.kind, 'channel-18')}<span class="listen-only">${channelTitle(chosen)}</span>`
            : nothing}${icon('chevron-down')}
        </button>
      </h1>
      ${/* What comes later stands below: nothing moves under a pointer. */ menu('menu-views', t('ui.list.views'), [...items, ...channelItems(state), ...(slots.views?.items(state) ?? [])])} ${searchField()}
    </header>
    ${tabs(state)}${slots.views?.bar(state)}`;
}

/** @param {State} state */
function empty(state) {
  if (state.query) {
    const wider = state.view !== 'all' && state.view !== 'closed';
    return html`<div class="empty">
      ${icon('search', 'empty-icon')}
      <p class="empty-title">${t('ui.empty.search', {query: state.query})}</p>
      ${wider
        ? html`<button class="btn" @click=${() => openView('all', state.query)}>${t('ui.empty.search_all')}</button>`
        : nothing}
      <button class="btn" @click=${clearSearch}>${t('ui.empty.search_reset')}</button>
    </div>`;
  }
  return html`<div class="empty">
    ${icon('inbox', 'empty-icon')}
    <p class="empty-title">${t(LINES.includes(state.view) && !state.filters ? `ui.empty.${state.view}` : 'ui.empty.view')}</p>
    <p>${LINES.includes(state.view) && !state.filters ? t(`ui.empty.${state.view}_hint`) : nothing}</p>
  </div>`;
}

export function skeletonRows() {
  const one = html`<div class="skeleton-row"><i></i><b></b><b></b></div>`;
  return html`<div class="skeleton" aria-hidden="true">${[one, one, one, one, one, one]}</div>`;
}

/** @param {State} state */
function body(state) {
  if (state.list === 'loading' && state.rows.size < 2) return skeletonRows();
  if (state.list === 'failed') {
    return html`<div class="empty" role="alert">
      ${icon('circle-alert', 'empty-icon')}
      <p class="empty-title">${t('ui.list.failed')}</p>
      <button class="btn" @click=${loadRows}>${t('ui.retry')}</button>
    </div>`;
  }
  const shown = sections(state);
  if (!shown.length) return empty(state);
  begun(shown.reduce((sum, {rows}) => sum + rows.length, 0));
  const stop = tabStop(state, shown.flatMap(({rows}) => rows.map((row) => row.id)));
  return repeat(shown, (section) => section.name, ({name, rows}, index) => {
    const folded = state.folded.has(name);
    const partly = state.next && index === shown.length - 1;
    return html`<section class="rows-section">
      <h2>
        <button aria-expanded=${folded ? 'false' : 'true'} @click=${() => store.dispatch({type: 'section.toggle', name})}>
          ${icon('chevron-down')}${t(`ui.section.${name}`)} <span class="count">${rows.length}${partly ? '+' : ''}</span>
        </button>
      </h2>
      ${folded
        ? nothing
        : listed(state, rows, stop)}
    </section>`;
  });
}

/** @param {State} state @param {string[]} ids @returns {string|undefined} the row Tab stops at */
function tabStop(state, ids) {
  const active = document.activeElement?.closest?.('.row')?.getAttribute('data-id');
  if (active && ids.includes(active)) return active;
  return state.selected && ids.includes(state.selected) ? state.selected : ids[0];
}

/** @param {State} state */
function pill(state) {
  const {fresh, moved} = hiddenByFreeze(state);
  if (!moved) return nothing;
  return html`<button class="order-pill" @click=${() => store.dispatch({type: 'order.apply', hold: true})}>
    ${fresh ? t('ui.list.fresh', {n: fresh}) : t('ui.list.reorder')}${icon('arrow-up')}
  </button>`;
}

/** @param {Event} event */
function onScroll(event) {
  const place = /** @type {HTMLElement} */ (event.target);
  scrolled(place);
  if (place.scrollHeight - place.scrollTop - place.clientHeight < NEAR_END) loadMoreRows();
}

/** @param {State} state */
export function listTemplate(state) {
  return html`${state.picked.size && slots.picks ? slots.picks.bar(state) : head(state)}
    <div class="pill-place" @pointerleave=${out}>${pill(state)}</div>
    <div
      class="rows"
      data-rows=${boot.habits.rows === 'two' ? nothing : boot.habits.rows}
      data-testid="conv-list"
      aria-busy=${state.list === 'loading' ? 'true' : 'false'}
      @scroll=${{handleEvent: onScroll, passive: true}}
      @pointermove=${over}
      @pointerleave=${out}
      @contextmenu=${(/** @type {MouseEvent} */ event) => slots.picks?.onMenu(event)}
      @focusin=${focusIn}
      @focusout=${focusOut}
    >
      ${body(state)}
    </div>`;
}
