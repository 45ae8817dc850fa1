/** The staff group: its topics and the one that is open, written to as one of the operators. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { summary } from './bubble.js';
import { Column } from './column.js';
import { icon } from './icons.js';
import { menu } from './menu.js';
import { isNote, isService } from './story.js';
import { clock, t } from './words.js';

/** @typedef {import('./world.js').Topic} Topic @typedef {import('./world.js').Item} Item */

const OPERATOR = 'playground.operator';
const TOPICS_SHOWN = 100;
const GENERAL = 1;

export class Staff extends Column {
  /** @param {import('./world.js').World} world @param {() => void} changed */
  constructor(world, changed) {
    super(world, changed, 'staff');
    const ids = world.options.operators.map((/** @type {any} */ one) => one.id);
    const kept = Number(localStorage.getItem(OPERATOR));
    this.operator = ids.includes(kept) ? kept : ids[0];
    /** @type {Map<number, number>} topic -> last message seen */
    this.seen = new Map();
    this.opened = false;
  }

  get root() {
    return document.getElementById('staff');
  }

  actor() {
    const topic = this.world.openTopic;
    return { verb: 'operator', who: { operator: this.operator, group: this.world.options.group, topic } };
  }

  /** Topics, the one spoken in last first; General only when something stands in it. @returns {{topic: Topic, last?: Item}[]} */
  topics() {
    const rows = this.world.topics.map((topic) => ({ topic, last: this.#last(topic.topic) }));
    const general = this.#last(GENERAL);
    if (general && !isService(general)) {
      rows.push({ topic: { topic: GENERAL, name: t('general'), icon: '#️⃣', closed: false }, last: general });
    }
    return rows.sort((a, b) => (b.last?.message_id ?? 0) - (a.last?.message_id ?? 0));
  }

  /** @param {number} topic */
  #last(topic) {
    const items = this.world.thread(topic);
    return items.findLast((item) => !isService(item) && !item.deleted) ?? items[items.length - 1];
  }

  /** Take what is there at the start as seen, show the newest topic, and note what is read. @param {boolean} shown */
  follow(shown) {
    if (!this.world.ready) return;
    const rows = this.topics();
    if (!this.opened) {
      for (const { topic, last } of rows) this.seen.set(topic.topic, last?.message_id ?? 0);
      this.opened = true;
    }
    const wide = matchMedia('(min-width: 1140px)').matches;
    if (wide && !this.world.openTopic && rows[0]) void this.world.open(rows[0].topic.topic);
    const open = rows.find((row) => row.topic.topic === this.world.openTopic);
    if (open && (wide || shown)) this.seen.set(open.topic.topic, open.last?.message_id ?? 0);
  }

  unread() {
    return this.topics().filter((row) => this.#isUnread(row)).length;
  }

  /** @param {{topic: Topic, last?: Item}} row */
  #isUnread({ topic, last }) {
    return !!last && last.message_id > (this.seen.get(topic.topic) ?? 0) && last.from.id !== this.operator;
  }

  /** @param {boolean} shown */
  view(shown) {
    this.follow(shown);
    const rows = this.topics();
    const open = rows.find((row) => row.topic.topic === this.world.openTopic)?.topic;
    return html`
      <section class="column staff" id="staff" ?data-shown=${shown} ?data-open=${!!open} aria-label=${t('staff')}>
        <div class="owner"><span class="avatar small brand" aria-hidden="true">${icon('users-round')}</span>
          <h2>${this.world.groupTitle || t('staff')}</h2><small>${t('staff_lead')}</small></div>
        ${rows.length
          ? html`<div class="desk"><nav class="topics" aria-label=${t('topics')}>${this.#list(rows)}</nav>
              ${open ? this.#thread(open) : html`<div class="thread idle">${icon('message-circle')}<p>${t('pick_topic')}</p></div>`}</div>`
          : html`<div class="desk bare">${this.#none()}</div>`}
      </section>`;
  }

  #none() {
    if (this.world.groupMissing) return html`<div class="empty"><p>${t('group_missing')}</p></div>`;
    return html`<div class="empty"><span class="avatar brand big" aria-hidden="true">${icon('users-round')}</span><b>${t('no_topics')}</b><p>${t('no_topics_hint')}</p></div>`;
  }

  /** @param {{topic: Topic, last?: Item}[]} rows */
  #list(rows) {
    return html`<ul>${repeat(rows.slice(0, TOPICS_SHOWN), (row) => row.topic.topic, (row) => {
      const { topic, last } = row;
      const unread = this.#isUnread(row);
      return html`<li><button class="topic" data-testid="staff-topic" data-topic=${topic.topic} data-icon=${topic.icon ?? ''}
          aria-current=${topic.topic === this.world.openTopic ? 'true' : 'false'} @click=${() => this.#open(topic.topic)}>
        <span class="topic-icon" aria-hidden="true">${topic.icon ?? '💬'}</span>
        <span class="topic-words"><b>${topic.name}</b><span><small>${last ? preview(last) : ''}</small><time>${last ? clock(last.at) : ''}</time></span></span>
        <span class="topic-side">${unread
          ? html`<i class="dot" role="img" aria-label=${t('unread')}></i>`
          : topic.closed ? html`<span title=${t('topic_closed')}>${icon('lock')}</span>` : nothing}</span>
      </button></li>`;
    })}</ul>`;
  }

  /** @param {number} topic */
  async #open(topic) {
    this.turnTo(`${this.world.openTopic}`, `${topic}`);
    await this.world.open(topic);
  }

  /** @param {Topic} topic */
  #thread(topic) {
    const note = isNote(this.text);
    const operators = this.world.options.operators;
    const as = html`<div class="as">${note ? html`<span class="as-note">${icon('lock')} ${t('note')}</span>` : nothing}
      <label>${t('as_operator')} <select @change=${this.#changedOperator}>${operators.map((/** @type {any} */ one) => html`
        <option value=${one.id} .selected=${one.id === this.operator}>${one.name}</option>`)}</select></label></div>`;
    return html`
      <div class="thread" data-testid="staff-thread" data-topic=${topic.topic}>
        <header class="chat-head">
          <button class="ghost back" aria-label=${t('back')} @click=${() => this.#open(0)}>${icon('arrow-left')}</button>
          <span class="topic-icon" aria-hidden="true">${topic.icon ?? '💬'}</span>
          <div><h2>${topic.name}</h2><small>${topic.closed ? t('topic_closed') : t('topic')}</small></div>
          ${topic.topic === GENERAL ? nothing : menu(t('more'), this.#choices(topic))}
        </header>
        <div class="chat">
          ${this.log.view(`${topic.topic}`, this.world.thread(topic.topic), { label: topic.name, testid: 'staff-log', look: this.look(this.operator) })}
          ${this.toast()}
        </div>
        ${this.composer({ label: t('answer_customer'), tone: note ? 'note' : '', before: as })}
      </div>`;
  }

  #changedOperator = (/** @type {any} */ event) => {
    this.operator = Number(event.target.value);
    localStorage.setItem(OPERATOR, String(this.operator));
    this.changed();
  };

  /** @param {Topic} topic */
  #choices(topic) {
    const act = (/** @type {string} */ verb) => () => this.attempt(`operator/${verb}`, this.actor().who);
    return [
      topic.closed
        ? { glyph: 'rotate-ccw', words: t('reopen_topic'), run: act('reopen_topic') }
        : { glyph: 'lock', words: t('close_topic'), run: act('close_topic') },
      { glyph: 'trash-2', words: t('delete_topic'), bad: true, run: act('delete_topic') },
    ];
  }
}

/** @param {Item} item */
function preview(item) {
  const words = summary(item);
  return item.from.is_bot ? words : `${item.from.name.split(' ')[0]}: ${words}`;
}
