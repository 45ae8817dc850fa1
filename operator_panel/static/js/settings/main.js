/**
 * The settings: a menu of sections by rights, and the section that the address names, fetched when it is first opened.
 *
 * How a section plugs in: a line in operator_panel/sections.py (its address and the right that opens it), a line in the
 * table below (its glyph and its module), words `settings.section.<name>` and `settings.lead.<name>`, and a module
 * js/settings/<name>.js whose default export is `{open(room, id), view(room, id), leave?(room), dirty?()}`. `open` asks the API
 * for what `view` draws and may throw (the shell shows the refusal with a way to try again); `view` answers a lit
 * template of what stands under the section's heading; `leave` answers false to stay where something is not saved. `id`
 * is what follows the section in the address, null without. State is the module's own; after a change it calls
 * `room.redraw()`. Fields with their errors are in js/settings/form.js, questions, toasts and ways in js/settings/room.js.
 * A section's sheet is css/settings-<name>.css, named in SETTINGS of operator_panel/office.py. What is small and one's
 * own is no section but a card of `me`: see the table in js/settings/me.js.
 */

import {html, nothing, render} from 'lit-html';
import {icon, perFrame} from 'mostik/core/dom.js';
import {tendFrame} from 'mostik/core/frame.js';
import {go} from 'mostik/core/going.js';
import {bindKeys} from 'mostik/core/keys.js';
import {tendMenus} from 'mostik/core/menu.js';
import {tendSession} from 'mostik/core/session.js';
import {problemText, tendToasts, toastsTemplate} from 'mostik/core/toasts.js';
import {tendUnread} from 'mostik/core/unread.js';
import {saveNearest} from 'mostik/settings/form.js';
import {api, boot, room, start, t} from 'mostik/settings/room.js';

/** @type {Record<string, {icon: string, load: () => Promise<{default: import('mostik/settings/room.js').Section}>}>} */
const SECTIONS = {
  me: {icon: 'user-round', load: () => import('mostik/settings/me.js')},
  people: {icon: 'users-round', load: () => import('mostik/settings/people.js')},
  teams: {icon: 'headset', load: () => import('mostik/settings/teams.js')},
  canned: {icon: 'message-square-text', load: () => import('mostik/settings/canned.js')},
  macros: {icon: 'zap', load: () => import('mostik/settings/macros.js')},
};

/** @param {string} id @returns {HTMLElement} a part of the page */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const parts = {menu: part('st-menu'), main: part('st-main'), bars: part('bars'), toasts: part('toasts')};
const keys = /** @type {HTMLDialogElement} */ (part('keys'));

/** @param {string} name */
const item = (name) => html`<a href="/settings/${name}" aria-current=${room.here.name === name ? 'page' : nothing} data-testid="settings-${name}"
    >${icon(SECTIONS[name].icon)}<span>${t(`settings.section.${name}`)}</span></a
  >`;

const waiting = html`<div class="st-wait skeleton" aria-hidden="true"><b></b><b></b><b></b></div>`;

const failed = () => html`<div class="empty" role="alert" data-testid="settings-failed">
  ${icon('triangle-alert', 'empty-icon')}
  <p class="empty-title">${t('settings.failed')}</p>
  <p>${problemText(room.here.error)}</p>
  <button class="btn btn-primary" @click=${() => room.again()}>${t('settings.again')}</button>
</div>`;

function body() {
  const {error, loading, section, id} = room.here;
  if (error) return failed();
  return loading || !section ? waiting : section.view(room, id);
}

let named = '';

function draw() {
  const {name} = room.here;
  render(html`<h2>${t('settings.title')}</h2><div class="st-items">${boot.sections.filter((/** @type {string} */ name) => name in SECTIONS).map(item)}</div>`, parts.menu);
  render(
    html`<header class="st-head"><h1>${t(`settings.section.${name}`)}</h1><p>${t(`settings.lead.${name}`)}</p></header>
      <div class="st-body">${body()}</div>`,
    parts.main,
  );
  // On a telephone the menu is a strip: the section that is open stands in it where it is seen.
  if (name !== named) parts.menu.querySelector('[aria-current]')?.scrollIntoView({block: 'nearest', inline: 'nearest'});
  named = name;
  document.title = `${t(`settings.section.${name}`)} · ${boot.shop}`;
  render(toastsTemplate(), parts.toasts);
  render(room.expired ? html`<p class="bar bar-warn"><span>${t('settings.expired')}</span></p>` : nothing, parts.bars);
}

room.redraw = perFrame(draw);
tendToasts(room.redraw);
tendMenus();
tendFrame(api, boot, {'[data-shows-keys]': () => keys.showModal()});
tendUnread(api);
// What is written on the page stays: only the session is a new one.
tendSession({api, me: boot.me, onDone: () => ((room.expired = false), room.here.error ? room.again() : room.redraw())});
bindKeys([
  {on: 'g', does: 'go', run: go},
  {on: '?', run: () => keys.showModal()},
  {on: 'ctrl+enter', run: saveNearest, typing: true},
], boot.habits);
start(SECTIONS);
