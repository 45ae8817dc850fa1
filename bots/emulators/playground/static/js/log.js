/** A list of messages: days, groups of one author, the end kept in sight, arrow keys from message to message. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { bubble } from './bubble.js';
import { icon } from './icons.js';
import { isService } from './story.js';
import { clock, day, t, tOr } from './words.js';

/** @typedef {import('./messenger.js').Item} Item */

/** How many messages are drawn; pixels from the end that still count as the end; pause that begins a new group (ms). */
const SHOWN = 200;
const NEAR = 80;
const PAUSE = 3 * 60_000;

export class Log {
  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    /** @type {HTMLElement|null} */
    this.box = null;
    this.key = '';
    this.atEnd = true;
    this.seen = 0;
    this.last = 0;
    this.active = 0;
    this.settled = '';
  }

  /**
   * @param {string} key whose messages these are: another key begins at the end
   * @param {Item[]} items
   * @param {{label: string, testid: string, look: import('./bubble.js').Look}} shape
   */
  view(key, items, { label, testid, look }) {
    if (key !== this.key) Object.assign(this, { key, atEnd: true, seen: 0, active: 0 });
    const shown = items.slice(-SHOWN);
    this.last = shown[shown.length - 1]?.message_id ?? 0;
    if (this.atEnd) this.seen = this.last;
    const fresh = shown.filter((item) => item.message_id > this.seen).length;
    const byId = new Map(items.map((item) => [item.message_id, item]));
    const rows = lines(shown);
    return html`
      <div class="log" role="log" aria-label=${label} tabindex="0" data-testid=${testid}
        @scroll=${this.#scrolled} @keydown=${(/** @type {KeyboardEvent} */ e) => this.#walk(e, shown)}>
        <div class="log-fill"></div>
        ${repeat(rows, (row) => row.key, (row) => row.draw({ ...look, byId, active: this.active }))}
      </div>
      ${fresh
        ? html`<button class="fresh" @click=${this.toEnd}>${fresh} ${t('new_messages')} ${icon('chevron-down')}</button>`
        : nothing}`;
  }

  /** After a render: find the box again and keep its end in sight. @param {ParentNode} root */
  settle(root) {
    this.box = root.querySelector('.log');
    if (!this.box) return;
    // Only what changed moves the list: a person a little above the end is left there.
    const now = `${this.key} ${this.last} ${this.box.scrollHeight} ${this.box.clientHeight}`;
    if (this.atEnd && now !== this.settled) this.box.scrollTop = this.box.scrollHeight;
    this.settled = now;
  }

  toEnd = () => {
    this.atEnd = true;
    this.settled = '';
    this.changed();
  };

  #scrolled = () => {
    if (!this.box) return;
    const atEnd = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR;
    if (atEnd === this.atEnd) return;
    this.atEnd = atEnd;
    this.changed();
  };

  /** @param {KeyboardEvent} event @param {Item[]} items */
  #walk(event, items) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const ids = items.filter((item) => !isService(item)).map((item) => item.message_id);
    if (!step || !ids.length) return;
    event.preventDefault();
    const at = ids.indexOf(this.active);
    this.active = ids[at < 0 ? ids.length - 1 : Math.max(0, Math.min(ids.length - 1, at + step))];
    this.changed();
    this.box?.querySelector(`[data-id="${this.active}"]`)?.scrollIntoView({ block: 'nearest' });
  }
}

/** Service lines of no interest here: the icon they tell of stands in the head. */
const QUIET = ['forum_topic_edited'];

/**
 * Rows of the list: day pills, service lines and bubbles.
 * @param {Item[]} items
 * @returns {{key: string, draw: (look: any) => unknown}[]}
 */
function lines(items) {
  const rows = [];
  let before = /** @type {Item|null} */ (null);
  for (const item of items) {
    const date = day(item.at);
    const newDay = !before || day(before.at) !== date;
    if (newDay) rows.push({ key: `day ${date}`, draw: () => html`<div class="day">${date}</div>` });
    if (isService(item)) {
      const words = tOr(`service_${item.kind}`, 'service_other');
      if (!QUIET.includes(item.kind)) {
        rows.push({ key: `m${item.message_id}`, draw: () => html`<div class="service">${words} · ${clock(item.at)}</div>` });
      }
    } else {
      const pause = before ? Date.parse(item.at) - Date.parse(before.at) : 0;
      const first = newDay || !before || before.from.id !== item.from.id || pause > PAUSE;
      rows.push({ key: `m${item.message_id}`, draw: (/** @type {any} */ look) => bubble(item, { ...look, first }) });
    }
    if (!QUIET.includes(item.kind)) before = item;
  }
  return rows;
}
