/** The base's health: how far automatic answers are, contradictions, articles that are alike, stale or never shown. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {percent, shortTime} from 'mostik/core/format.js';
import {curveTemplate} from 'mostik/kb/healthCurve.js';
import {headTemplate} from 'mostik/kb/pieces.js';
import {room as shared} from 'mostik/kb/room.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */

shared.state.health = {found: null, threshold: null, curve: 0, more: new Set()};

/** Rows of a list that are shown until all are asked for. */
const FEW = 10;
/** Milliseconds between looks whether newer curves are drawn, and looks at most. */
const AGAIN = 3000;
const LOOKS = 40;

/** @param {Room} room the curve takes longest: it comes behind */
export async function open(room) {
  const {health} = room.state;
  const load = async (/** @type {string} */ name, /** @type {string} */ path) => {
    health[name] = await room.api('GET', path);
    room.redraw();
  };
  curves(room, load).catch(room.complain);
  await load('found', '/kb/health');
}

/** Those of an earlier matcher are shown meanwhile. @param {Room} room @param {(name: string, path: string) => Promise<void>} load */
async function curves(room, load) {
  const {here, health} = room.state;
  for (let look = 0; look < LOOKS && (!look || location.pathname === '/kb/health'); look += 1) {
    await load('threshold', '/kb/health/threshold');
    if (health.threshold.fresh || here !== room.state.here) return;
    await new Promise((resolve) => setTimeout(resolve, AGAIN));
  }
}

/** Once, for the number beside the name: looking is work. @param {Room} room @param {object} what */
export async function changed(room, what) {
  if (Object.keys(what).length || room.state.health.found) return;
  room.state.health.found = await room.api('GET', '/kb/health').catch(() => null);
  room.redraw();
}

/** @param {Room} room @returns {number|null} what asks for a hand */
export function count({state}) {
  const {found} = state.health;
  return found ? found.contradictions.length + found.twins.length + found.stale.length : null;
}

/** @param {any} one */
const link = (one) => html`<a href="/kb/articles/${encodeURIComponent(one.id)}">${one.title}</a>`;

/** @param {Room} room @param {any} one */
function usageText({t}, one) {
  const {shown, shown_30_days, helped_share} = one.usage;
  const helped = helped_share === null ? '' : ` · ${t('kb.health.helped', {share: percent(helped_share)})}`;
  return `${t('kb.health.shown', {n: shown})} · ${t('kb.health.shown_30', {n: shown_30_days})}${helped}`;
}

/** @param {Room} room @param {string} name @param {string} glyph @param {any[]} rows @param {(one: any) => unknown} row */
function listTemplate(room, name, glyph, rows, row) {
  const {t} = room;
  const {more} = room.state.health;
  const all = more.has(name);
  const show = () => {
    more.add(name);
    room.redraw();
  };
  return html`<section class="kh-list" data-testid="kh-${name}" data-count=${rows.length} aria-labelledby="kh-${name}-title">
    <h2 id="kh-${name}-title">${icon(glyph)}${t(`kb.health.${name}`)} <span class="count">${rows.length}</span></h2>
    <p class="kb-lead">${t(rows.length ? `kb.health.${name}_hint` : `kb.health.${name}_none`)}</p>
    ${rows.length ? html`<ul class="kb-few">${(all ? rows : rows.slice(0, FEW)).map((one) => html`<li>${row(one)}</li>`)}</ul>` : nothing}
    ${rows.length > FEW && !all ? html`<button class="btn btn-small" @click=${show}>${t('kb.health.all', {n: rows.length})}</button>` : nothing}
  </section>`;
}

/** @param {Room} room */
export function view(room) {
  const {t} = room;
  const {found} = room.state.health;
  const title = html`<h1>${t('kb.section.health')}</h1>`;
  const head = headTemplate(room, title, found ? html`<span class="kb-saved">${t('kb.health.at', {time: shortTime(found.at)})}</span>` : nothing);
  if (!found) return head;
  const pair = (/** @type {any} */ one) => html`<span class="kh-pair">${link(one.one)}<span aria-hidden="true">↔</span>${link(one.other)}</span>`;
  return html`${head}
    <div class="kb-body kh" data-testid="kb-health">
      ${curveTemplate(room)}
      ${listTemplate(room, 'contradictions', 'triangle-alert', found.contradictions, (one) => html`${pair(one)}<small>«${one.wording}»</small>`)}
      ${listTemplate(room, 'twins', 'copy', found.twins, (one) => html`${pair(one)}<small>«${one.wording}» — «${one.like}» · ${t('kb.health.likeness', {share: percent(one.likeness)})}</small>`)}
      ${found.whole ? nothing : html`<p class="kb-lead">${t('kb.health.part')}</p>`}
      ${listTemplate(room, 'stale', 'clock', found.stale, (one) => html`${link(one)}<small>${t(`kb.health.why.${one.usage.stale}`)} · ${usageText(room, one)}</small>`)}
      ${listTemplate(room, 'unseen', 'eye-off', found.unseen, (one) => html`${link(one)}`)}
    </div>`;
}
