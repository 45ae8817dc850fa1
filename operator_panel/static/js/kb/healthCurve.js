/** How far automatic answers are, and how other thresholds would fare: a curve, the same as a table. */

import {html, nothing, svg} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {percent, shortTime} from 'mostik/core/format.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */
/** @typedef {{threshold: number, answered: number, wrong: number}} Point */

const WIDE = 560;
const HIGH = 200;
const LEFT = 44;
const LOW = 30;
/** Rows of the table: steps of the share answered. */
const ROWS = 10;

/** @param {Room} room how far it is until answers open by themselves */
function progressTemplate(room) {
  const {t} = room;
  const {learning, answer} = room.state.health.threshold;
  const {usable, needed, precision, target} = learning;
  const left = Math.max(0, needed - usable);
  const text = learning.set_by_hand
    ? t('kb.health.by_hand', {share: percent(answer)})
    : answer !== null
      ? t('kb.health.opened', {share: percent(answer)})
      : left
        ? t('kb.health.wanted', {usable, needed, n: left})
        : t('kb.health.unsure', {share: precision === null ? '—' : percent(precision), target: percent(target)});
  return html`<p role="status" data-testid="kh-progress" data-left=${left}>${icon(answer === null ? 'lock' : 'bot')}${text}</p>
    ${usable < needed ? html`<meter class="kh-meter" min="0" max=${needed} value=${Math.min(usable, needed)} aria-label=${t('kb.health.labels')}></meter>` : nothing}`;
}

/** @param {Point[]} points @param {number|null} limit @returns {Point|null} what the threshold in force comes to */
function inForce(points, limit) {
  return limit === null ? null : (points.filter((one) => one.threshold >= limit).at(-1) ?? null);
}

/** @param {Room} room @param {Point[]} points @param {number|null} limit */
function drawing(room, points, limit) {
  const {t} = room;
  const most = Math.max(0.05, ...points.map((one) => one.wrong));
  const x = (/** @type {Point} */ one) => (LEFT + one.answered * (WIDE - LEFT - 12)).toFixed(1);
  const y = (/** @type {Point} */ one) => (HIGH - LOW - (one.wrong / most) * (HIGH - LOW - 14)).toFixed(1);
  const now = inForce(points, limit);
  const marks = [0, 0.25, 0.5, 0.75, 1];
  return html`<svg class="kh-curve" viewBox="0 0 ${WIDE} ${HIGH}" role="img" aria-label=${t('kb.health.curve')}>
    ${marks.map((one) => svg`<text x=${LEFT + one * (WIDE - LEFT - 12)} y=${HIGH - 12} text-anchor=${one === 1 ? 'end' : 'middle'}>${percent(one)}</text>`)}
    ${[0, 0.5, 1].map((one) => svg`<line class="kh-grid" x1=${LEFT} x2=${WIDE - 12} y1=${HIGH - LOW - one * (HIGH - LOW - 14)} y2=${HIGH - LOW - one * (HIGH - LOW - 14)} /><text x=${LEFT - 6} y=${HIGH - LOW - one * (HIGH - LOW - 14) + 4} text-anchor="end">${percent(one * most)}</text>`)}
    ${svg`<polyline points=${points.map((one) => `${x(one)},${y(one)}`).join(' ')} />`}
    ${points.map((one) => svg`<circle cx=${x(one)} cy=${y(one)} r="5" class="kh-point"><title>${t('kb.health.point', {limit: percent(one.threshold), answered: percent(one.answered), wrong: percent(one.wrong)})}</title></circle>`)}
    ${now ? svg`<circle class="kh-now" cx=${x(now)} cy=${y(now)} r="6" />` : nothing}
  </svg>`;
}

/** @param {Room} room @param {Point[]} points @param {number|null} limit */
function table(room, points, limit) {
  const {t} = room;
  const now = inForce(points, limit);
  const step = Math.max(1, Math.ceil(points.length / ROWS));
  const rows = points.filter((one, place) => place % step === 0 || place === points.length - 1 || one === now);
  return html`<details class="kh-table">
    <summary>${t('kb.health.table')}</summary>
    <table>
      <thead><tr><th scope="col">${t('kb.health.limit')}</th><th scope="col">${t('kb.health.answered')}</th><th scope="col">${t('kb.health.wrong')}</th></tr></thead>
      <tbody>
        ${rows.map((one) => html`<tr class=${one === now ? 'kh-row-now' : ''}><td>${percent(one.threshold)}${one === now ? html` <span class="chip">${t('kb.health.now')}</span>` : nothing}</td><td>${percent(one.answered)}</td><td>${percent(one.wrong)}</td></tr>`)}
      </tbody>
    </table>
  </details>`;
}

/** @param {Room} room @param {any} curve */
function nameOf({t}, curve) {
  return curve.kind === 'all' ? t('kb.health.everything') : t(`kb.health.of_${curve.kind}`, {name: curve.kind === 'language' ? curve.name.toUpperCase() : curve.name});
}

/** @param {Room} room */
export function curveTemplate(room) {
  const {t} = room;
  const {health} = room.state;
  if (!health.threshold) return html`<div class="skeleton" aria-hidden="true"><div class="skeleton-lines"><b></b><b></b><b></b></div></div>`;
  const {curves, answer} = health.threshold;
  const curve = curves[health.curve] ?? curves[0];
  const choose = (/** @type {Event} */ event) => {
    health.curve = Number(/** @type {HTMLSelectElement} */ (event.target).value);
    room.redraw();
  };
  return html`<section class="kh-threshold" data-testid="kh-threshold" data-labels=${curve.labels} aria-labelledby="kh-threshold-title">
    <h2 id="kh-threshold-title">${icon('activity')}${t('kb.health.threshold')}</h2>
    ${progressTemplate(room)}
    ${health.threshold.fresh ? nothing : html`<p class="kb-lead" role="status" data-testid="kh-older">${t('kb.health.older', {time: shortTime(health.threshold.at)})}</p>`}
    ${curves.length > 1
      ? html`<select class="field kb-filter" aria-label=${t('kb.health.whose')} @change=${choose}>
          ${curves.map((/** @type {any} */ one, /** @type {number} */ place) => html`<option value=${place} ?selected=${one === curve}>${nameOf(room, one)}</option>`)}
        </select>`
      : nothing}
    ${curve.points.length
      ? html`<p class="kb-lead">${t('kb.health.curve_hint', {n: curve.labels})}</p>
          ${drawing(room, curve.points, answer)} ${table(room, curve.points, answer)}`
      : html`<p class="kb-lead" data-testid="kh-few">${t('kb.health.few', {n: curve.labels})}</p>`}
  </section>`;
}
