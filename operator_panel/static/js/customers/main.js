/** The page of customers: who writes to the shop, and their tables in and out. */

import {html, nothing, render} from 'lit-html';
import {perFrame} from 'mostik/core/dom.js';
import {tendFrame} from 'mostik/core/frame.js';
import {go} from 'mostik/core/going.js';
import {bindKeys} from 'mostik/core/keys.js';
import {tendMenus} from 'mostik/core/menu.js';
import {tendSession} from 'mostik/core/session.js';
import {tendToasts, toastsTemplate} from 'mostik/core/toasts.js';
import {tendUnread} from 'mostik/core/unread.js';
import {leaveImport, openImport, importView} from 'mostik/customers/import.js';
import {listView, openList, walk} from 'mostik/customers/list.js';
import {api, boot, complain, room, t, tendPage} from 'mostik/customers/room.js';

/** @param {string} id @returns {HTMLElement} a part of the page, freed of what the server drew there meanwhile */
function part(id) {
  const place = /** @type {HTMLElement} */ (document.getElementById(id));
  place.replaceChildren();
  return place;
}

const parts = {main: part('cu-main'), bars: part('bars'), toasts: part('toasts')};
const keys = /** @type {HTMLDialogElement} */ (document.getElementById('keys'));
const importing = () => room.rights.tables && location.pathname === '/customers/import';

function draw() {
  render(importing() ? importView() : listView(), parts.main);
  render(toastsTemplate(), parts.toasts);
  render(room.state.expired ? html`<p class="bar bar-warn"><span>${t('customers.expired')}</span></p>` : nothing, parts.bars);
}

async function opened() {
  leaveImport();
  room.redraw();
  try {
    await (importing() ? openImport() : openList());
  } catch (error) {
    complain(error);
  }
  document.documentElement.dataset.ready = 'true';
  room.redraw();
}

room.redraw = perFrame(draw);
room.opened = opened;
tendToasts(room.redraw);
tendMenus();
tendFrame(api, boot, {'[data-shows-keys]': () => keys.showModal()});
tendUnread(api);
tendSession({
  api,
  me: boot.me,
  onDone: () => {
    room.state.expired = false;
    opened();
  },
});
const search = () => document.getElementById('cu-search')?.focus();
bindKeys([
  {on: 'g', does: 'go', run: go},
  {on: 'ctrl+k', does: 'palette', run: search, typing: true},
  {on: '/', does: 'search', run: search},
  {on: 'arrowdown', run: () => walk(1), typing: true},
  {on: 'arrowup', run: () => walk(-1), typing: true},
  {on: '?', run: () => keys.showModal()},
], boot.habits);
tendPage();
opened();
