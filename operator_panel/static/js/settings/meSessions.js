/** Where one is logged in: browsers, the newest first, each to be ended. */

import {html, nothing} from 'lit-html';
import {fullDate, time} from 'mostik/core/format.js';
import {icon} from 'mostik/core/dom.js';

/** @type {{id: string, agent: string, created_at: string, expires_at: string, here: boolean}[]} */
let rows = [];

/** What an agent's line says of browser and system; the first that fits. @type {[RegExp, string][]} */
const BROWSERS = [[/YaBrowser/, 'Яндекс Браузер'], [/Edg/, 'Edge'], [/OPR|Opera/, 'Opera'], [/Firefox|FxiOS/, 'Firefox'], [/Chrome|CriOS/, 'Chrome'], [/Safari/, 'Safari']];
/** @type {[RegExp, string][]} */
const SYSTEMS = [[/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS/, 'macOS'], [/Linux/, 'Linux']];

/** @param {string} agent @returns {string} */
function named(agent) {
  const fits = (/** @type {[RegExp, string][]} */ table) => table.find(([sign]) => sign.test(agent))?.[1];
  return [fits(BROWSERS), fits(SYSTEMS)].filter(Boolean).join(' · ') || agent.slice(0, 60);
}

/** @param {any} room */
async function open(room) {
  rows = (await room.api.get('/me/sessions')).items;
}

/** @param {any} room @param {string} path @param {string} told */
async function end(room, path, told) {
  try {
    await room.api.remove(path);
    await open(room);
    room.toast(told);
  } catch (error) {
    room.complain(error);
  }
  room.redraw();
}

/** @param {any} room */
function view(room) {
  const {t} = room;
  return html`<section class="st-card" aria-labelledby="sessions-title" data-testid="me-sessions">
    <h2 id="sessions-title">${t('settings.me.sessions')}</h2>
    <ul class="st-rows">${rows.map(
      (row) => html`<li>
        ${icon('monitor')}
        <div class="st-row-text"><b>${named(row.agent) || t('settings.me.session_unknown')}</b><span>${t('settings.me.session_since', {at: `${fullDate(row.created_at)}, ${time(row.created_at)}`})}</span></div>
        ${row.here
          ? html`<span class="chip chip-ok">${t('settings.me.session_here')}</span>`
          : html`<button class="btn btn-small" @click=${() => end(room, `/me/sessions/${row.id}`, t('settings.me.session_ended'))}>${t('settings.me.session_end')}</button>`}
      </li>`,
    )}</ul>
    ${rows.length > 1
      ? html`<div class="st-foot"><button class="btn" @click=${() => end(room, '/me/sessions', t('settings.me.sessions_ended'))}>${t('settings.me.sessions_end')}</button></div>`
      : nothing}
  </section>`;
}

export default {open, view};
