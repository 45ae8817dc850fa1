/** What customers asked and this article answered: wordings it may take up or refuse. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {again, pathOf, save} from 'mostik/kb/editor.js';
import {keepFocus} from 'mostik/kb/pieces.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */
/** @typedef {import('mostik/kb/editor.js').Edit} Edit */

/** @param {Room} room @param {Edit} edit @param {any} one @param {'accept'|'refuse'} verb */
async function answer(room, edit, one, verb) {
  if (verb === 'accept' && !(await save(room))) return;
  const back = keepFocus('[data-testid="kb-proposal"]');
  const path = `${pathOf(edit.row)}/proposals/${verb}`;
  try {
    const done = await room.api('POST', path, {ids: one.ids});
    edit.proposals = edit.proposals.filter((other) => other !== one);
    if (verb === 'accept') again(room, edit, done);
  } catch (error) {
    room.complain(error);
  }
  room.redraw();
  back();
}

/** @param {Room} room @param {Edit} edit */
export function proposalsTemplate(room, edit) {
  const {t, rights} = room;
  if (!edit.proposals.length) return nothing;
  const row = (/** @type {any} */ one) => html`<li class="kb-proposal" data-testid="kb-proposal">
    ${icon('sparkles')}
    <span>${one.text}${one.conflict
        ? html` <span class="kb-flag">${icon('triangle-alert')}<span>${t(`kb.proposal.${one.conflict}`, {title: one.other_title || one.other})}</span></span>`
        : nothing}</span>
    <span class="chip kb-from">${t('kb.proposal.count', {n: one.count})}</span>
    ${rights.edit
      ? html`<button class="btn btn-small" @click=${() => answer(room, edit, one, 'accept')}>${t('kb.proposal.accept')}</button>
          <button class="btn btn-small kb-quiet" @click=${() => answer(room, edit, one, 'refuse')}>${t('kb.proposal.refuse')}</button>`
      : nothing}
  </li>`;
  return html`<ul class="kb-proposals" aria-label=${t('kb.proposals')}>${edit.proposals.map(row)}</ul>`;
}
