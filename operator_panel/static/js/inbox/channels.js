/** The connected channels: how each is and why, what it can do, how the staff group keeps up. Fetched when asked for. */

import {html, nothing, render} from 'lit-html';
import {channelBadge, icon} from 'mostik/core/dom.js';
import {duration, minutesSince} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {boot, store} from 'mostik/inbox/desk.js';
import {channelTitle} from 'mostik/inbox/row.js';

const LOOK = {ok: 'chip-ok', partly: 'chip-warn', broken: 'chip-danger', starting: 'chip-warn'};

/** @returns {HTMLDialogElement} the dialog, made once */
function place() {
  const found = document.getElementById('channels');
  if (found) return /** @type {HTMLDialogElement} */ (found);
  const made = Object.assign(document.createElement('dialog'), {id: 'channels', className: 'dialog channels-dialog'});
  made.setAttribute('aria-labelledby', 'channels-title');
  return document.body.appendChild(made);
}

/** @param {any} desk the staff group of a channel */
function deskTemplate(desk) {
  const minutes = desk.oldest ? minutesSince(desk.oldest) : 0;
  const key = !desk.waiting ? 'ui.desk.level' : minutes ? 'ui.desk.waiting' : 'ui.desk.waiting_now';
  const words = t(key, {n: desk.waiting, time: duration(minutes)});
  return html`<p class="channel-desk ${desk.reason ? 'channel-why' : ''}" data-testid="channel-desk">
    ${icon('headset')}<span>${t('ui.desk.title')}: ${words}${desk.reason_text ? html`. ${desk.reason_text}` : nothing}</span>
  </p>`;
}

/** @param {any} channel */
function channelTemplate(channel) {
  const abilities = channel.can.map((/** @type {string} */ verb) => t(`ui.channels.can_${verb}`));
  const why = channel.reason_text ?? channel.reason;
  const how = channel.state === 'ok' && why ? 'partly' : channel.state;
  return html`<li data-testid="channel" data-channel=${channel.name} data-state=${channel.state}>
    ${channelBadge(channel.kind, 'channel-28')}
    <div>
      <p class="channel-head">
        <b>${channelTitle(channel)}</b>
        <span class="chip ${LOOK[/** @type {'ok'} */ (how)] ?? ''}">${t(`ui.channels.${how}`)}</span>
      </p>
      ${why ? html`<p class="channel-why">${why}</p>` : nothing}
      <p class="channel-can">${abilities.length ? t('ui.channels.can', {what: abilities.join(', ')}) : t('ui.channels.can_nothing')}</p>
      ${channel.desk ? deskTemplate(channel.desk) : nothing}
    </div>
  </li>`;
}

function draw() {
  render(
    html`<header>
        <h2 id="channels-title">${t('ui.channels.title')}</h2>
        <button class="icon-btn" data-closes aria-label=${t('ui.close_hint')}>${icon('x')}</button>
      </header>
      <ul class="channels">
        ${store.state.channels.map(channelTemplate)}
      </ul>
      ${store.state.channels.length ? nothing : html`<p>${t('ui.channels.none')}</p>`}
      ${boot.me.role === 'admin' ? html`<p class="hint" data-testid="channels-where">${t('ui.channels.where')}</p>` : nothing}`,
    place(),
  );
}

store.subscribe((_, before) => {
  if (place().open && store.state.channels !== before.channels) draw();
});

/** Show how the channels are. */
export function openChannels() {
  draw();
  if (!place().open) place().showModal();
}
