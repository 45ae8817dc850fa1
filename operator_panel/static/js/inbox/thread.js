/** The open conversation: its window of messages, what is new in it, where one stands in it. */

import {html, nothing} from 'lit-html';
import {guard} from 'lit-html/directives/guard.js';
import {repeat} from 'lit-html/directives/repeat.js';
import {cap, icon} from 'mostik/core/dom.js';
import {dayLabel} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {sections} from 'mostik/core/rows.js';
import {lines} from 'mostik/core/thread.js';
import {store} from 'mostik/inbox/desk.js';
import {heldPlace, slots} from 'mostik/inbox/late.js';
import {eventsTemplate, messageTemplate, sendTemplate} from 'mostik/inbox/message.js';
import {loadThread, openConversation} from 'mostik/inbox/navigation.js';
import {onContextMenu, onThreadKey} from 'mostik/inbox/reach.js';
import {drawnLines, onScroll, toEnd} from 'mostik/inbox/scroll.js';
import {writesTemplate} from 'mostik/inbox/watching.js';

/** @typedef {import('mostik/core/store.js').Thread} Thread */
/** @typedef {import('mostik/core/store.js').State} State */
/** @typedef {import('mostik/core/thread.js').Line} Line */

/** @param {Thread} thread @param {Line} line @param {Map<string, import('mostik/core/store.js').Message>} byId */
function lineTemplate(thread, line, byId) {
  const {type, key, messages, first, last} = line;
  const me = store.state.me.id;
  if (type === 'day') return html`<p class="day"><span>${dayLabel(messages[0].at)}</span></p>`;
  if (type === 'divider') return html`<p class="new-line" role="separator"><span>${t('ui.thread.new')}</span></p>`;
  if (type === 'events') {
    const opened = thread.opened.has(key);
    const toggle = () => store.dispatch({type: 'thread.toggle', id: thread.id, key});
    return guard([opened, ...messages], () => eventsTemplate(line, opened, toggle));
  }
  const quoted = messages[0].reply_to ? byId.get(messages[0].reply_to) : undefined;
  const playing = slots.player?.playingOf(messages[0].attachments) ?? slots.player;
  // The other channel of a reply that failed is often known after the reply.
  const beyond = messages[0].delivery?.state === 'failed' ? [slots.elsewhere, thread.customer] : [];
  return guard([messages[0], first, last, quoted, playing, slots.doing(messages[0].id), ...beyond], () => messageTemplate(line, quoted, me));
}

/** @param {Thread} thread */
function beginning(thread) {
  if (thread.busy) return html`<p class="thread-top" aria-hidden="true"><span class="spinner"></span></p>`;
  if ((thread.messages[0]?.seq ?? 1) > 1) return html`<p class="thread-top"></p>`;
  return html`<p class="thread-top">${t('ui.thread.beginning')}</p>`;
}

/** @param {State} state @param {Thread} thread */
function log(state, thread) {
  const byId = new Map(thread.messages.map((message) => [message.id, message]));
  const sends = thread.cut ? [] : state.sends.filter((send) => send.conversation === thread.id);
  const all = lines(thread.messages, thread.newFrom);
  const drawn = drawnLines(thread, all);
  return html`${drawn === all ? beginning(thread) : nothing}
  ${repeat(
    drawn,
    (line) => line.key,
    (line) => lineTemplate(thread, line, byId),
  )}
  ${repeat(sends, (send) => send.client_id, sendTemplate)}${heldPlace(state.rows.get(thread.id))}`;
}

function skeleton() {
  return html`<div class="skeleton skeleton-thread" aria-hidden="true"><i></i><b></b><i></i><b></b><b></b><i></i></div>`;
}

/** @param {Thread} thread */
function failed(thread) {
  if (thread.state === 'missing') {
    return html`<div class="empty">
      ${icon('message-square-dashed', 'empty-icon')}
      <p class="empty-title">${t(thread.gone ? 'ui.thread.gone' : 'ui.thread.missing')}</p>
      <p>${t(thread.gone ? 'ui.thread.gone_hint' : 'ui.thread.missing_hint')}</p>
    </div>`;
  }
  return html`<div class="empty" role="alert">
    ${icon('circle-alert', 'empty-icon')}
    <p class="empty-title">${t('ui.thread.failed')}</p>
    <button class="btn" @click=${() => loadThread(thread.id)}>${t('ui.retry')}</button>
  </div>`;
}

/** Nothing is open: what to do next. @param {State} state */
export function nothingOpen(state) {
  const due = sections(state).find((section) => section.name === 'due')?.rows[0];
  const waiting = (state.counts.due ?? 0) > 0;
  return html`<div class="empty empty-thread">
    ${icon('inbox', 'empty-icon')}
    <p class="empty-title">${t(waiting ? 'ui.thread.choose' : 'ui.thread.all_done')}</p>
    <p>${t(waiting ? 'ui.thread.choose_hint' : 'ui.thread.all_done_hint')}</p>
    ${due ? html`<button class="btn" @click=${() => openConversation(due.id)}>${t('ui.thread.open_oldest')}</button>` : nothing}
    <p class="hint">${cap('J')} ${cap('K')} ${t('ui.thread.keys_hint')} ${cap('?')}</p>
  </div>`;
}

/** @param {State} state @param {Thread} thread */
export function threadTemplate(state, thread) {
  const ready = thread.state === 'ready';
  const more = thread.fresh ? t('ui.thread.fresh', {n: thread.fresh}) : t('ui.thread.to_end');
  return html`<div class="thread-place">
    <div
      class="thread-scroll"
      id="thread-scroll"
      data-testid="thread"
      tabindex="0"
      @scroll=${{handleEvent: onScroll, passive: true}}
      @contextmenu=${onContextMenu}
      @keydown=${onThreadKey}
    >
      <div class="thread-log" id="thread-log" role="log" aria-live="off" aria-relevant="additions" aria-label=${t('ui.thread.label')}>
        ${ready ? log(state, thread) : thread.state === 'loading' ? skeleton() : failed(thread)}
      </div>
      ${ready ? writesTemplate(thread, state.rows.get(thread.id)?.customer.name ?? '') : nothing}
    </div>
    ${ready && (!thread.atEnd || thread.cut)
      ? html`<button class="to-end ${thread.fresh ? 'to-end-fresh' : ''}" aria-label=${more} @click=${toEnd}>
          ${thread.fresh ? more : nothing}${icon('arrow-down')}
        </button>`
      : nothing}
  </div>`;
}
