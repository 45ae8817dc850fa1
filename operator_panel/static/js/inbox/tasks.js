/** Beside the thread: how urgent it is, whether one follows it, and what is to be done for its customer. */

import {html, nothing} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import {icon} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {taskTemplate, withTask} from 'mostik/core/taskList.js';
import {complain} from 'mostik/core/toasts.js';
import {api, boot, drawing, mayWrite, store} from 'mostik/inbox/desk.js';
import {late} from 'mostik/inbox/late.js';

/** @typedef {import('mostik/core/store.js').Row} Row */
/** @typedef {import('mostik/core/taskList.js').Task} Task */

const PRIORITIES = ['urgent', 'high', '', 'low'];
const DONE_SHOWN = 3;

let customer = '';
let opened = false;
/** @type {typeof import('mostik/core/taskForm.js').taskForm|null} */
let form = null;
/** @type {Task[]} */
let tasks = [];
const draw = () => store.dispatch({type: 'part'});

/** @type {import('mostik/core/taskList.js').Host} */
const host = {
  api,
  me: boot.me,
  get people() {
    return store.state.operators;
  },
  writes: mayWrite,
  changed(task, gone) {
    tasks = withTask(tasks, task, gone);
    draw();
  },
  added(task) {
    opened = false;
    host.changed(task);
    drawing.now();
    /** @type {HTMLElement|null} */ (document.querySelector('[data-testid="task-new"]'))?.focus();
  },
  redraw: draw,
  edited: '',
  form: null,
  edit(id) {
    const before = host.edited;
    withForm(() => {
      host.edited = id;
      draw();
      setTimeout(() => focusOn(id ? `task-${id}-text` : `task-${before}`), 50);
    });
  },
};

/** @param {string} id of an element */
const focusOn = (id) => document.getElementById(id)?.focus();

/** @param {() => void} use what writes tasks is there */
const withForm = (use) =>
  late(() => import('mostik/core/taskForm.js'), (part) => {
    form = part.taskForm;
    host.form = part.taskChange;
    use();
  });

/** @param {string} id */
async function load(id) {
  const page = await api.get('/tasks', {customer: id}).catch(() => null);
  if (page && id === customer) {
    tasks = page.items;
    draw();
  }
}

store.subscribe((event) => {
  // A line of the thread tells of a task that somebody else wrote or did.
  const {message} = /** @type {any} */ (event);
  if (message?.event?.code?.startsWith('task_') && message.conversation_id === store.state.thread?.id) load(customer);
});

/** @param {Row} row @param {string} method @param {string} path @param {object} [body] */
async function mark(row, method, path, body = {}) {
  try {
    store.dispatch({type: 'row.loaded', row: await api.send(method, `/conversations/${encodeURIComponent(row.id)}${path}`, body)});
  } catch (error) {
    complain(error);
    draw();
  }
}

/** @param {any} row */
function marks(row) {
  const following = row.followers.includes(boot.me.id); // live events tell of all followers, not of one's own mark
  return html`<div class="marks-line">
    <label class="listen-only" for="priority">${t('ui.priority.title')}</label>
    <select class="field" id="priority" data-testid="priority" ?disabled=${!mayWrite} .value=${live(row.priority)}
      @change=${(/** @type {any} */ event) => mark(row, 'PATCH', '', {priority: event.target.value})}
    >${PRIORITIES.map((one) => html`<option value=${one} ?selected=${one === row.priority}>${t(`ui.priority.${one || 'normal'}`)}</option>`)}</select>
    <button class="btn" data-testid="follow" aria-pressed=${following ? 'true' : 'false'}
      @click=${() => mark(row, 'POST', following ? '/unfollow' : '/follow')}
    >${icon(following ? 'eye-off' : 'eye')}${t(following ? 'ui.follow.off' : 'ui.follow.on')}</button>
  </div>`;
}

/** @param {Row} row */
export function tasksTemplate(row) {
  if (row.customer.id !== customer) {
    [customer, tasks, opened, host.edited] = [row.customer.id, [], false, ''];
    load(customer);
  }
  const done = tasks.filter((one) => one.done_at);
  const waiting = tasks.filter((one) => !one.done_at);
  const toggle = () =>
    withForm(() => {
      opened = !opened;
      draw();
      if (opened) setTimeout(() => focusOn('task-text'), 50);
    });
  return html`<section class="card" aria-labelledby="tasks-title" data-testid="tasks">
    ${marks(row)}
    <header>
      <h2 id="tasks-title">${t('ui.task.title')} ${waiting.length ? html`<span class="count">${waiting.length}</span>` : nothing}</h2>
      ${mayWrite ? html`<button class="link" aria-expanded=${opened ? 'true' : 'false'} data-testid="task-new" @click=${toggle}>${t(opened ? 'ui.task.fold' : 'ui.task.new')}</button>` : nothing}
    </header>
    ${opened && form ? form(host, {conversation: row.id}, 'task') : nothing}
    ${tasks.length
      ? html`<ul class="tasks">${[...waiting, ...done.slice(0, DONE_SHOWN)].map((one) => taskTemplate(host, one))}</ul>`
      : nothing}
  </section>`;
}
