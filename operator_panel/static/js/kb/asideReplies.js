/** Beside the article: the newest of what the desk answers again and again. */

import {html, nothing} from 'lit-html';
import {replyTemplate} from 'mostik/kb/replies.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */

/** @param {Room} room */
export function aside(room) {
  const {t, state} = room;
  const {rows, loaded} = state.replies;
  if (!loaded || !rows.length || state.here.section.name === 'replies') return nothing;
  return html`<div class="kb-beside-piece" data-testid="kb-aside-replies">
    <header><h2>${t('kb.section.replies')}</h2><span class="count">${rows.length}</span><a class="link" href="/kb/replies">${t('kb.board.see_all')}</a></header>
    <div class="kb-card">${replyTemplate(room, rows[0])}</div>
  </div>`;
}
