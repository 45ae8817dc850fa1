/** What the page knows of the emulated Telegram: customers' chats, and the staff group with its topics. */

import { Refused, telegram } from './ctl.js';
import { Messenger } from './messenger.js';

/**
 * @typedef {import('./messenger.js').Item} Item
 * @typedef {import('./messenger.js').User} User
 * @typedef {{topic: number, name: string, icon: string|null, closed: boolean}} Topic
 */

export class World extends Messenger {
  /** @param {any} options @param {() => void} changed */
  constructor(options, changed) {
    super('telegram', telegram, options.customers, options.shop, changed);
    this.options = options;
    /** @type {Topic[]} */
    this.topics = [];
    /** @type {Map<number, Map<number, Item>>} topic -> messages by id; 1 is General */
    this.threads = new Map();
    this.groupTitle = '';
    this.openTopic = 0;
    this.groupMissing = false;
    this.lastPost = 0;
  }

  get account() {
    return this.options.bot ? { bot: this.options.bot } : {};
  }

  get others() {
    return new Set(this.options.operators.map((/** @type {any} */ one) => one.id));
  }

  async readRest() {
    const bots = (await this.api.get('bots')).items;
    this.bot = bots.find((/** @type {any} */ one) => one.id === this.options.bot) ?? bots[0] ?? this.bot;
    const groups = (await this.api.get('groups')).items;
    this.groupTitle = groups.find((/** @type {any} */ one) => one.id === this.options.group)?.title ?? '';
    this.threads.clear();
    this.lastPost = 0;
    await this.#group();
  }

  /** @param {number[]} chats */
  async refreshRest(chats) {
    if (chats.some((id) => id < 0)) await this.#group();
  }

  async #group() {
    const group = this.options.group;
    const path = `chat/${group}/messages`;
    try {
      this.topics = (await this.api.get('topics', { group })).items;
      const fresh = (await this.api.get(path, { since: this.lastPost })).items;
      this.#keep(fresh);
      if (this.openTopic) this.#keep((await this.api.get(path, { topic: this.openTopic })).items, this.openTopic);
      this.groupMissing = false;
    } catch (fault) {
      if (!(fault instanceof Refused) || fault.status === 502) throw fault;
      this.groupMissing = true;
    }
    const there = new Set([1, ...this.topics.map((topic) => topic.topic)]);
    for (const topic of this.threads.keys()) if (!there.has(topic)) this.threads.delete(topic);
    if (!there.has(this.openTopic)) this.openTopic = 0;
  }

  /** @param {Item[]} items @param {number} [whole] the topic these are all messages of */
  #keep(items, whole) {
    if (whole) this.threads.set(whole, new Map());
    for (const item of items) {
      const topic = item.topic ?? 1;
      if (!this.threads.has(topic)) this.threads.set(topic, new Map());
      this.threads.get(topic)?.set(item.message_id, item);
      this.lastPost = Math.max(this.lastPost, item.message_id);
    }
  }

  /** @param {number} topic 0 shows the list again on a narrow screen */
  async open(topic) {
    this.openTopic = topic;
    this.changed();
    if (topic) await this.soon(() => this.#group());
  }

  /** @param {number} topic @returns {Item[]} */
  thread(topic) {
    return [...(this.threads.get(topic)?.values() ?? [])].sort((a, b) => a.message_id - b.message_id);
  }
}
