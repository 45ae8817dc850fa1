/** The head of the open conversation: who, where, in whose hands; what can be done with it. */

import {html, nothing} from 'lit-html';
import {avatar, cap, icon, wider} from 'mostik/core/dom.js';
import {wakeTime} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {menu} from 'mostik/core/menu.js';
import {mayWrite, store} from 'mostik/inbox/desk.js';
import {showMore, showPassing} from 'mostik/inbox/late.js';
import {closeThread} from 'mostik/inbox/navigation.js';
import {banMark, channelName, onWall, tagTemplate, wallMark} from 'mostik/inbox/row.js';
import {assign, claim, close, release, reopen} from 'mostik/inbox/verbs.js';
import {viewersTemplate} from 'mostik/inbox/watching.js';

/** @typedef {import('mostik/core/store.js').Row} Row */
/** @typedef {import('mostik/core/store.js').State} State */

const STAGE_LOOK = {bot: 'chip-bot', waiting: 'chip-warn', operator: 'chip-ok', closed: ''};

/** Show or hide the card: a pane when there is place, else a layer. */
export function toggleContext() {
  const wide = wider(1280);
  const page = document.body.dataset;
  const shown = page.context ? page.context === 'open' : wide;
  page.context = shown ? 'closed' : 'open';
  document.querySelector('[data-toggles-context]')?.setAttribute('aria-expanded', String(!shown));
  const target = shown ? '[data-toggles-context]' : '.context-close';
  if (!wide) /** @type {HTMLElement|null} */ (document.querySelector(target))?.focus();
}

/** @param {State} state @param {Row} row */
function ownerItems(state, row) {
  const mine = row.assignee?.id === state.me.id;
  const items = [];
  if (!row.assignee) items.push({label: t('ui.header.claim'), key: 'I', run: () => claim(row.id)});
  else if (!mine) items.push({label: t('ui.header.claim_from'), run: () => assign(row.id, state.me)});
  if (row.stage !== 'waiting') items.push({label: t('ui.header.to_queue'), run: () => release(row.id, 'queue')});
  if (row.stage !== 'bot') items.push({label: t('ui.header.to_bot'), run: () => release(row.id, 'bot')});
  const others = state.operators
    .filter((one) => one.id !== state.me.id && one.id !== row.assignee?.id)
    .filter((one) => !['observer', 'editor'].includes(one.role));
  others.forEach((one, index) =>
    items.push({
      label: one.name,
      mark: avatar(one, 'avatar-20'),
      apart: index === 0,
      run: () => assign(row.id, one),
    }),
  );
  items.push({label: t('ui.header.pass'), key: 'T', apart: true, run: () => showPassing('one', row.id)});
  items.push({label: t('ui.header.share'), run: () => showPassing('share', row.id)});
  return items;
}

/** @param {State} state @param {Row} row */
function ownerMenu(state, row) {
  const name = row.assignee?.name ?? t('ui.header.nobody');
  return html`<button class="btn owner" popovertarget="menu-owner" aria-haspopup="menu">
      <span class="listen-only">${t('ui.header.owner_is')}</span>
      ${row.assignee ? avatar(row.assignee, 'avatar-20') : html`<span class="nobody" aria-hidden="true"></span>`}
      <span class="owner-name">${name}</span>${icon('chevron-down')}
    </button>
    ${menu('menu-owner', t('ui.header.owner'), ownerItems(state, row))}`;
}

/** @param {Row} row @returns {unknown} until when it sleeps, or when it opens again */
const sleepMark = ({snoozed_until: until, snooze_note: note}) =>
  until ? html` · <span class="place-sleep" title=${note} data-testid="sleep-mark">${icon('alarm-clock')}${wakeTime(until)}</span>` : nothing;

/** @param {State} state @param {Row} row */
function actions(state, row) {
  if (!mayWrite) return nothing;
  if (row.stage === 'closed') {
    return html`<button class="btn" @click=${() => reopen(row.id)}>
      ${icon('undo-2')}<span class="btn-text">${t('ui.header.reopen')}</span>${cap('Shift E')}
    </button>`;
  }
  return html`${row.assignee
      ? nothing
      : html`<button class="btn btn-accent" @click=${() => claim(row.id)}>
          ${icon('hand')}<span class="btn-text">${t('ui.header.claim')}</span>${cap('I')}
        </button>`}
    ${ownerMenu(state, row)}
    <button class="btn" aria-keyshortcuts="E" @click=${() => close(row.id)}>
      ${icon('check')}<span class="btn-text">${t('ui.header.close')}</span>${cap('E')}
    </button>`;
}

/** @param {Row} row @param {any} customer */
function address(row, customer) {
  const own = customer?.identities?.find(
    (/** @type {any} */ one) => one.channel === row.channel && one.external_id === row.external_id,
  );
  const place = [channelName(row.channel_kind), `№\u00a0${row.number}`].filter(Boolean).join(' · ');
  return html`${onWall(row) ? wallMark() : nothing}${place}${own?.username ? html`<span class="place-own"> · @${own.username}</span>` : nothing}`;
}

/** Once the menu is there, its button opens it by itself. */
const more = () => document.getElementById('menu-more') || showMore('');

/** @param {State} state @param {Row} row */
export function headerTemplate(state, row) {
  return html`<header class="thread-head">
    <button class="icon-btn back" aria-label=${t('ui.header.back')} @click=${() => closeThread()}>${icon('arrow-left')}</button>
    ${avatar(row.customer, 'avatar-34', row.channel_kind)}
    <div class="who">
      <h2>
        <span class="who-name" title=${row.customer.name}>${row.customer.name}</span>
        <span class="chip ${STAGE_LOOK[/** @type {'bot'} */ (row.stage)]}">${t(`ui.stage.${row.stage}`)}</span>
        ${banMark(row)}${row.team ? html`<span class="chip">${row.team.name}</span>` : nothing}
        ${row.tags.slice(0, 2).map(tagTemplate)}
      </h2>
      <p>${address(row, state.thread?.customer)}${sleepMark(row)}</p>
    </div>
    <div class="thread-actions">
      ${viewersTemplate(state)}${actions(state, row)}
      <button class="icon-btn" popovertarget="menu-more" aria-haspopup="menu" aria-label=${t('ui.header.more')} data-testid="more" @click=${more}>${icon('ellipsis-vertical')}</button>
      <button
        class="icon-btn context-toggle"
        data-toggles-context
        aria-label=${t('ui.header.card')}
        aria-expanded="false"
        aria-controls="context"
        @click=${toggleContext}
      >
        ${icon('panel-right')}
      </button>
    </div>
  </header>`;
}

/** The keys of the head, for the open conversation. @param {'claim'|'close'|'reopen'|'pass'|'snooze'} verb */
export function byKey(verb) {
  const {selected, rows, me} = store.state;
  const row = selected ? rows.get(selected) : undefined;
  if (!row || !mayWrite) return;
  if (verb === 'claim' && row.stage !== 'closed' && row.assignee?.id !== me.id) claim(row.id);
  if (verb === 'close' && row.stage !== 'closed') close(row.id);
  if (verb === 'snooze' && row.stage !== 'closed') showMore('snooze');
  if (verb === 'pass' && row.stage !== 'closed') showPassing('one', row.id);
  if (verb === 'reopen' && row.stage === 'closed') reopen(row.id);
}
