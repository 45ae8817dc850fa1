/** Tasks as they are shown and written wherever they stand: beside a thread, on the page of one's own. */

import {html, nothing} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import {icon} from 'mostik/core/dom.js';
import {wakeTime} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {complain} from 'mostik/core/toasts.js';

/**
 * @typedef {{id: string, text: string, author: {id: string, name: string}, assignee: {id: string, name: string}|null,
 *   conversation: {id: string, number: number, customer: string}|null, customer_id: string|null, due: string|null,
 *   overdue: boolean, done_at: string|null, done_by: string|null, version: number}} Task
 * @typedef {{api: import('mostik/core/api.js').Api, me: {id: string}, people: {id: string, name: string, role?: string}[],
 *   writes: boolean, changed: (task: Task|null, gone?: string) => void, added?: (task: Task) => void, redraw: () => void, edited: string,
 *   edit: (id: string) => void, form: typeof import('mostik/core/taskForm.js').taskChange|null}} Host what shows them; `added`: a new
 *   one, where that is more than a change; `edited`: the id of the one being written otherwise, '' none, `form` draws it
 */

/** @param {Host} host @param {Promise<Task>} call */
async function put(host, call) {
  try {
    host.changed(await call);
  } catch (error) {
    complain(error);
    host.redraw();
  }
}

/** @param {Host} host @param {Task} task */
const toggle = (host, task) => put(host, host.api.patch(`/tasks/${task.id}`, {done: !task.done_at}));

/** @param {Task} task when it is to be done, or was */
function moment(task) {
  if (task.done_at) return html`<span>${t('ui.task.done_by', {name: task.done_by ?? '', when: wakeTime(task.done_at)})}</span>`;
  if (!task.due) return nothing;
  return html`<time class=${task.overdue ? 'task-late' : ''} datetime=${task.due}>${icon('clock')}${t(task.overdue ? 'ui.task.overdue' : 'ui.task.due', {when: wakeTime(task.due)})}</time>`;
}

/** @param {Host} host @param {Task} task @param {{links?: boolean}} [options] `links`: name the conversation it is about */
export function taskTemplate(host, task, {links = false} = {}) {
  const id = `task-${task.id}`;
  return html`<li class="task ${task.done_at ? 'task-done' : ''}" data-testid="task" data-id=${task.id}>
    <input type="checkbox" id=${id} .checked=${live(Boolean(task.done_at))} ?disabled=${!host.writes} @change=${() => toggle(host, task)} />
    <div>
      <label for=${id}>${task.text}</label>
      <p class="task-about">
        ${moment(task)}${task.assignee && (task.assignee.id !== host.me.id || !links) ? html`<span>${task.assignee.name}</span>` : nothing}${task.assignee ? nothing : html`<span>${t('ui.task.anybody')}</span>`}${links && task.conversation
          ? html`<a href="/inbox/all/${task.conversation.id}">${task.conversation.customer} · ${task.conversation.number}</a>`
          : nothing}${task.author.id === host.me.id || !links ? nothing : html`<span>${t('ui.task.from', {name: task.author.name})}</span>`}
      </p>
    </div>
    ${host.writes ? html`<button class="icon-btn" aria-label=${t('ui.task.change', {text: task.text})} @click=${() => host.edit(host.edited === task.id ? '' : task.id)}>${icon('pencil')}</button>` : nothing}
    ${host.edited === task.id ? host.form?.(host, task) : nothing}
  </li>`;
}

/** @param {Task[]} tasks @param {Task|null} changed @param {string} [gone] @returns {Task[]} open ones as they are due, then those done */
export function withTask(tasks, changed, gone = '') {
  const rest = tasks.filter((one) => one.id !== (changed?.id ?? gone));
  const all = changed ? [...rest, changed] : rest;
  const rank = (/** @type {Task} */ one) => (one.done_at ? `2${9e15 - Date.parse(one.done_at)}` : one.due ? `0${Date.parse(one.due)}` : '1');
  return all.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}
