/** The top of the frame: who answers, the menu, the way out, and the bar about the line. */

import {html, nothing} from '../vendor/lit-html/lit-html.js';
import {avatar, icon} from './format.js';
import * as host from './host.js';
import {openSheet} from './later.js';
import {sounds, turnSound} from './sound.js';
import {faces} from './store.js';
import {lineNow} from './now.js';
import {say} from './saying.js';
import {dark, turn} from './theme.js';
import {t} from './words.js';

/** @typedef {import('./store.js').State} State */

let opened = false;
let draw = () => {};
let drawNow = () => {};

/** @param {() => void} call draws soon @param {() => void} now draws before it returns */
export function onHead(call, now) {
  draw = call;
  drawNow = now;
}

/** @param {boolean} open */
function menu(open) {
  opened = open;
  drawNow();
  const wanted = open ? '[role="menuitem"]:not(:disabled)' : '#menu-button';
  /** @type {HTMLElement|null} */ (document.querySelector(wanted))?.focus();
}

/** @returns {boolean} was there a menu to close */
export function closeMenu() {
  if (!opened) return false;
  menu(false);
  return true;
}

/** @param {() => void} act */
const choose = (act) => () => {
  menu(false);
  act();
};

/** @param {KeyboardEvent} event */
function walk(event) {
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...document.querySelectorAll('[role="menuitem"]:not(:disabled)')];
  const at = items.indexOf(/** @type {Element} */ (document.activeElement));
  /** @type {HTMLElement} */ (items.at((at + step) % items.length)).focus();
}

/** @param {FocusEvent} event */
function left(event) {
  const to = /** @type {Node|null} */ (event.relatedTarget);
  const list = /** @type {Element} */ (event.currentTarget);
  if (!to || list.contains(to) || /** @type {Element} */ (to).id === 'menu-button') return;
  opened = false;
  draw();
}

/** @param {State} state */
function menuList(state) {
  const called = state.stage === 'waiting' || state.stage === 'operator';
  return html`<div class="menu" role="menu" aria-label=${t('menu')} @keydown=${walk} @focusout=${left}>
    ${state.online || called
      ? html`<button role="menuitem" data-testid="call" ?disabled=${called} @click=${choose(() => say(t('call_say')))}>
          ${icon('headset')}${t(called ? 'called' : 'call')}
        </button>`
      : html`<button role="menuitem" data-testid="call" @click=${choose(() => openSheet('leave'))}>
          ${icon('mail')}${t('leave')}
        </button>`}
    <button role="menuitem" @click=${choose(() => (turnSound(), draw()))}>
      ${icon(sounds() ? 'volume-x' : 'volume-2')}${t(sounds() ? 'sound_off' : 'sound_on')}
    </button>
    <button role="menuitem" @click=${choose(() => (turn(), draw()))}>
      ${icon(dark() ? 'sun' : 'moon')}${t(dark() ? 'light' : 'dark')}
    </button>
  </div>`;
}

/** @param {State} state @returns {string} */
function status(state) {
  const [name] = faces(state);
  if (state.stage === 'waiting' || state.stage === 'operator') {
    if (!state.online) return t('status_later');
    return state.stage === 'operator' && name ? t('status_operator', {name}) : t('status_waiting');
  }
  return t(state.online ? 'status_online' : 'status_away');
}

/** @param {State} state @param {any} config @param {boolean} full the whole screen is ours */
export function headView(state, config, full) {
  return html`<header class="head">
    <div class="faces" aria-hidden="true">
      ${faces(state).map((name) => avatar(name))}<span class="avatar avatar-bot">${icon('bot')}</span>
    </div>
    <div class="title">
      <h1 id="title" tabindex="-1"><bdi>${config.title ?? ''}</bdi></h1>
      <p><i class="dot ${state.online ? 'dot-on' : ''}"></i><span>${status(state)}</span></p>
    </div>
    <button
      class="tool"
      id="menu-button"
      aria-label=${t('menu')}
      aria-haspopup="menu"
      aria-expanded=${opened ? 'true' : 'false'}
      @click=${() => menu(!opened)}
    >
      ${icon('ellipsis')}
    </button>
    ${host.alone
      ? nothing
      : html`<button class="tool" aria-label=${t('close')} @click=${() => host.tell('shut')}>${icon(full ? 'x' : 'chevron-down')}</button>`}
    ${opened ? menuList(state) : nothing}
  </header>`;
}

/** @param {any} state */
export function barView(state) {
  const words =
    {starting: state.loaded ? '' : t('connecting'), offline: t('offline'), refused: state.detail || t('refused')}[
      /** @type {'offline'} */ (state.phase)
    ] ?? (state.back ? t('back') : '');
  const look = state.phase === 'online' ? (state.back ? 'back' : 'online') : state.phase;
  return html`<div class="bar bar-${look} ${words ? '' : 'bar-none'}" role="status" data-testid="widget-state" data-state=${look}>
    ${state.phase === 'offline' ? icon('wifi-off') : nothing}<span>${words}</span>
    ${state.phase === 'offline' && lineNow()
      ? html`<button class="link" @click=${() => lineNow()?.retryNow()}>${t('retry')}</button>`
      : nothing}
  </div>`;
}
