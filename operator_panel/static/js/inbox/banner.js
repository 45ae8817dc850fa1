/** Bars above everything: the line to the server, channels that do not work. */

import {html, nothing} from 'lit-html';
import {repeat} from 'lit-html/directives/repeat.js';
import {icon} from 'mostik/core/dom.js';
import {duration, minutesSince} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {showChannels} from 'mostik/inbox/late.js';
import {channelTitle} from 'mostik/inbox/row.js';

/** @typedef {import('mostik/core/store.js').State} State */

/** @param {State} state @param {() => void} retryNow */
function connection(state, retryNow) {
  const {state: line, retryAt, missed} = state.connection;
  if (line === 'back') {
    return html`<div class="bar bar-ok" data-testid="conn-banner" data-state="back" role="status">
      ${icon('circle-check')}<span>${missed ? t('ui.line.back_missed', {n: missed}) : t('ui.line.back')}</span>
    </div>`;
  }
  if (line !== 'offline') return nothing;
  const seconds = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
  return html`<div class="bar bar-warn" data-testid="conn-banner" data-state="offline">
    ${icon('wifi-off')}<span
      ><span role="status">${t('ui.line.lost')}</span> ${seconds ? t('ui.line.retry_in', {n: seconds}) : t('ui.line.retrying')}</span
    >
    <button class="link" @click=${retryNow}>${t('ui.line.now')}</button>
  </div>`;
}

/** @param {any} channel */
function fault(channel) {
  const reason = channel.reason_text ?? channel.reason;
  const values = {name: channelTitle(channel), reason};
  return html`<div class="bar bar-danger" data-testid="channel-fault" data-channel=${channel.name} role="status">
    ${icon('triangle-alert')}<span>${t(reason ? 'ui.channel_fault_why' : 'ui.channel_fault', values)}</span>
  </div>`;
}

/** @param {any} channel whose staff group shows words late, or not at all */
function lateDesk({desk}) {
  const values = {n: desk.waiting, time: desk.oldest ? duration(minutesSince(desk.oldest)) : '', reason: desk.reason_text};
  return html`<div class="bar bar-warn" data-testid="desk-late" role="status">
    ${icon('headset')}<span>${t(desk.waiting ? 'ui.desk.late' : 'ui.desk.broken', values)}</span>
    <button class="link" @click=${showChannels}>${t('ui.desk.more')}</button>
  </div>`;
}

/** @param {State} state @param {() => void} retryNow */
export function barsTemplate(state, retryNow) {
  const broken = state.channels.filter((channel) => channel.state === 'broken');
  const late = state.channels.filter((channel) => channel.desk?.reason);
  return html`${connection(state, retryNow)}${repeat(broken, (channel) => channel.name, fault)}${repeat(late, (channel) => channel.name, lateDesk)}`;
}
