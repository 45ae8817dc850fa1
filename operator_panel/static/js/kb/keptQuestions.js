/** Questions kept as tests: kept from the console, all asked at once, those that fail first. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {percent} from 'mostik/core/format.js';
import {toast} from 'mostik/core/toasts.js';
import {pickArticle} from 'mostik/kb/picker.js';
import {keepFocus} from 'mostik/kb/pieces.js';
import {room as shared} from 'mostik/kb/room.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */

shared.state.kept = {rows: [], results: null, busy: false};

/** @param {Room} room */
export async function loadKept(room) {
  room.state.kept.rows = (await room.api('GET', '/kb/questions')).items;
}

/** @param {Room} room @param {string} text @param {any} answer what the base says now: its first article stands first */
export async function keepQuestion(room, text, answer) {
  const {t} = room;
  const ask = t(answer.ranked.length ? 'kb.console.keep_for' : 'kb.console.keep_none', {text});
  const none = !answer.ranked.length;
  const yes = t('kb.console.keep_yes');
  const chosen = none ? ((await room.confirm(ask, {yes})) ? '' : null) : await pickArticle(room, ask, text, yes, {none: t('kb.console.keep_person')});
  if (chosen === null) return;
  try {
    await room.api('POST', '/kb/questions', {text, article_id: chosen || null});
    await loadKept(room);
    room.state.kept.results = null;
    room.toast(t('kb.console.kept'));
  } catch (error) {
    room.complain(error);
  }
  room.redraw();
}

/** @param {Room} room */
async function run(room) {
  const {kept} = room.state;
  kept.busy = true;
  room.redraw();
  try {
    kept.results = await room.api('POST', '/kb/questions/run');
  } catch (error) {
    room.complain(error);
  }
  kept.busy = false;
  room.redraw();
}

/** @param {Room} room @param {any} row that was dropped */
async function bringBack(room, {text, article_id, language}) {
  try {
    await room.api('POST', '/kb/questions', {text, article_id, language});
    await loadKept(room);
  } catch (error) {
    room.complain(error);
  }
  room.redraw();
}

/** @param {Room} room @param {any} row */
async function drop(room, row) {
  const back = keepFocus('[data-testid="kc-kept"]');
  try {
    await room.api('DELETE', `/kb/questions/${encodeURIComponent(row.id)}`);
    await loadKept(room);
    room.state.kept.results = null;
    toast(room.t('kb.console.dropped'), {action: {label: room.t('ui.undo'), run: () => bringBack(room, row)}});
  } catch (error) {
    room.complain(error);
  }
  room.redraw();
  back();
}

/** @param {Room} room @param {any} row @param {any} [tested] */
function rowTemplate(room, row, tested) {
  const {t, rights} = room;
  const wanted = row.article_id ? (row.article_title ?? t('kb.console.gone')) : t('kb.console.nothing');
  const got = tested && !tested.passes ? tested.outcome : null;
  return html`<li data-testid="kc-kept" data-passes=${tested ? String(tested.passes) : ''}>
    <span class="kc-mark">${tested ? icon(tested.passes ? 'check' : 'x', tested.passes ? 'kc-ok' : 'kc-bad') : icon('circle-question-mark')}<span class="listen-only">${tested ? t(tested.passes ? 'kb.console.passes' : 'kb.console.fails') : ''}</span></span>
    <span class="kc-kept-text">${row.text}<small>${t('kb.console.wanted', {title: wanted})}</small>
      ${got ? html`<small class="kc-bad">${got.decision === 'none' ? t('kb.console.got_none') : t(`kb.console.got_${got.decision}`, {title: got.title, share: percent(got.confidence)})}</small>` : nothing}</span>
    ${rights.edit ? html`<button class="icon-btn" aria-label=${t('kb.console.drop', {text: row.text})} @click=${() => drop(room, row)}>${icon('x')}</button>` : nothing}
  </li>`;
}

/** @param {Room} room */
export function keptTemplate(room) {
  const {t} = room;
  const {rows, results, busy} = room.state.kept;
  if (!rows.length) return nothing;
  const list = results ? results.items.map((/** @type {any} */ one) => rowTemplate(room, one.question, one)) : rows.map((/** @type {any} */ row) => rowTemplate(room, row));
  return html`<section class="kc-kept" data-testid="kc-questions" aria-label=${t('kb.console.questions')}>
    <header>
      <h3>${t('kb.console.questions')} <span class="count">${rows.length}</span></h3>
      <button class="btn btn-small" ?disabled=${busy} data-testid="kc-run" @click=${() => run(room)}>${t('kb.console.run')}</button>
    </header>
    ${results ? html`<p role="status" data-testid="kc-results">${t('kb.console.ran', {passed: results.passed, n: results.failed})}</p>` : nothing}
    <ul class="kb-few">${list}</ul>
  </section>`;
}
