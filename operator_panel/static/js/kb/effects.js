/** Before an article is published: which questions would be answered otherwise. It never forbids, it asks. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {percent} from 'mostik/core/format.js';
import {save} from 'mostik/kb/editor.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */

const MARKS = {breaks: 'triangle-alert', changes: 'copy', heals: 'circle-check'};

/** @param {Room} room @param {any} said */
function saidText({t}, said) {
  return said.decision === 'none' ? t('kb.console.says_none') : t(`kb.console.says_${said.decision}`, {title: said.title, share: percent(said.confidence)});
}

/** @param {Room} room @param {any} one */
function effectTemplate(room, one) {
  const {t} = room;
  return html`<li class="kc-effect" data-testid="kc-effect" data-kind=${one.kind}>
    ${icon(MARKS[/** @type {keyof MARKS} */ (one.kind)], one.kind === 'breaks' ? 'kc-bad' : one.kind === 'heals' ? 'kc-ok' : '')}
    <span><b>${t(`kb.console.effect.${one.kind}`)}</b> «${one.text}»${one.kept ? html` <span class="chip">${t('kb.console.test')}</span>` : nothing}
      <small>${t('kb.console.was', {said: saidText(room, one.before)})}</small><small>${t('kb.console.will', {said: saidText(room, one.after)})}</small></span>
  </li>`;
}

/** @param {Room} room @param {any} found */
function listTemplate(room, found) {
  const {t} = room;
  return html`<p class="kc-sum" data-testid="kc-sum">${t('kb.console.sum', {breaks: found.breaks, changes: found.changes, heals: found.heals, asked: found.kept + found.customers, of: found.kept + found.recorded})}</p>
    <ul class="kc-effects" tabindex="0" aria-label=${t('kb.console.effects')}>${found.items.map((/** @type {any} */ one) => effectTemplate(room, one))}</ul>`;
}

/** @param {any} one @returns {boolean} does a customer lose the answer he gets now */
const loses = (one) => one.kind === 'breaks' || (one.kind === 'changes' && one.before.decision === 'answer');

/** @param {Room} room @param {string} id @returns {Promise<any>} */
const load = (room, id) => room.api('GET', `/articles/${encodeURIComponent(id)}/effects`);

/** @param {Room} room @returns {Promise<boolean>} may what is written be published: nothing gets worse, or so be it */
export async function beforePublishing(room) {
  const {edit} = room.state.articles;
  if (!(await save(room)) || !edit.row) return true;
  const found = await load(room, edit.row.id).catch(() => null);
  if (!found?.items.some(loses)) return true;
  return room.confirm(room.t('kb.console.worse'), {yes: room.t('kb.console.publish_anyway'), more: listTemplate(room, found)});
}

/** @param {Room} room */
async function show(room) {
  const {t} = room;
  const {edit} = room.state.articles;
  if (!(await save(room))) return;
  try {
    const found = await load(room, edit.row.id);
    if (found.items.length) await room.confirm(t('kb.console.effects_title'), {yes: t('kb.console.ok'), no: '', more: listTemplate(room, found)});
    else room.toast(t('kb.console.same', {n: found.kept + found.customers, of: found.kept + found.recorded}));
  } catch (error) {
    room.complain(error);
  }
}

/** @param {Room} room what publishing would do, for who may write the article that is open */
export function effectsButton(room) {
  const {edit} = room.state.articles;
  const draft = edit?.row && (edit.row.next || edit.row.state !== 'published');
  if (!room.rights.edit || !draft) return nothing;
  return html`<button class="btn btn-small" data-testid="kc-effects" @click=${() => show(room)}>${icon('activity')}${room.t('kb.console.effects_title')}</button>`;
}
