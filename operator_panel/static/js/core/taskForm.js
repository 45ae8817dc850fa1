/** A task is written, or written otherwise: fetched when somebody begins to, where it is not the page's own matter. */

import {html} from 'lit-html';
import {known, t} from 'mostik/core/i18n.js';
import {complain, toast} from 'mostik/core/toasts.js';

/**
 * @typedef {import('mostik/core/taskList.js').Host} Host
 * @typedef {import('mostik/core/taskList.js').Task} Task
 */

const READERS = ['observer', 'editor'];

/** Forms whose task is on its way: pressed twice, one task is made. */
const sending = new WeakSet();

/** @param {string|null} due @returns {string} as the browser's field for a local time wants it */
function local(due) {
  const at = new Date(due ?? NaN);
  return due ? new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16) : '';
}

/** @param {FormData} form */
function fieldsOf(form) {
  const due = String(form.get('due') ?? '');
  return {text: String(form.get('text') ?? '').trim(), assignee: String(form.get('assignee') ?? '') || null, due: due && new Date(due).toISOString()};
}

/** @param {HTMLFormElement} form @param {any} error what a refusal says of the fields stands beside them */
function refuse(form, error) {
  const told = error?.body?.errors ?? [];
  const place = /** @type {HTMLElement} */ (form.querySelector('.task-error'));
  if (!told.length) complain(error);
  place.textContent = told.map((/** @type {{field: string, code: string}} */ one) => (known(`ui.task.error.${one.code}`) ? t(`ui.task.error.${one.code}`) : one.code)).join('; ');
  const field = /** @type {HTMLElement|null} */ (form.elements.namedItem(told[0]?.field ?? ''));
  field?.setAttribute('aria-invalid', 'true');
  field?.focus();
}

/** @param {HTMLFormElement} form @param {(body: ReturnType<typeof fieldsOf>) => Promise<void>} send */
async function submitted(form, send) {
  if (sending.has(form)) return undefined;
  const body = fieldsOf(new FormData(form));
  for (const field of form.elements) field.removeAttribute('aria-invalid');
  if (!body.text) return refuse(form, {body: {errors: [{field: 'text', code: 'empty'}]}});
  sending.add(form);
  try {
    await send(body);
    /** @type {HTMLElement} */ (form.querySelector('.task-error')).textContent = '';
  } catch (error) {
    refuse(form, error);
  } finally {
    sending.delete(form);
  }
  return undefined;
}

/** @param {Host} host @param {SubmitEvent} event @param {object} about */
function add(host, event, about) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  return submitted(form, async ({text, assignee, due}) => {
    const task = await host.api.post('/tasks', {text, ...(assignee && {assignee}), ...(due && {due}), ...about}, crypto.randomUUID());
    form.reset();
    (host.added ?? host.changed)(task);
  });
}

/** @param {Host} host @param {SubmitEvent} event @param {Task} task */
function change(host, event, task) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  return submitted(form, async ({text, assignee, due}) => {
    // The field knows no seconds: a date nobody touched stays as it was.
    const moved = String(new FormData(form).get('due') ?? '') !== local(task.due);
    try {
      const changed = await host.api.send('PATCH', `/tasks/${task.id}`, {text, assignee, ...(moved && {due: due || null})}, task.version);
      host.edit('');
      host.changed(changed);
    } catch (error) {
      // Changed by somebody else meanwhile: his version is fetched, one's own words stay in the fields.
      if (/** @type {any} */ (error).code === 'version') host.changed(await host.api.get(`/tasks/${task.id}`));
      throw error;
    }
  });
}

/** @param {Host} host @param {Task} task what is deleted can be brought back for a while */
async function remove(host, task) {
  const {text, assignee, due, conversation, customer_id: customer} = task;
  const about = conversation ? {conversation: conversation.id} : customer ? {customer} : {};
  const again = () => host.api.post('/tasks', {text, ...(assignee && {assignee: assignee.id}), ...(due && {due}), ...about}, crypto.randomUUID()).then(host.changed, complain);
  try {
    await host.api.remove(`/tasks/${task.id}`);
    host.edit('');
    host.changed(null, task.id);
    toast(t('ui.task.removed'), {action: {label: t('ui.undo'), run: again}});
  } catch (error) {
    complain(error);
  }
}

/** @param {Host} host @param {string} key of the form's ids @param {Task|null} task what stands in the fields */
function fields(host, key, task) {
  const people = host.people.filter((one) => !READERS.includes(one.role ?? '') && one.id !== task?.assignee?.id);
  const chosen = task ? task.assignee?.id : host.me.id;
  return html`<label class="listen-only" for="${key}-text">${t('ui.task.text')}</label>
    <input class="field" id="${key}-text" name="text" maxlength="1000" autocomplete="off" placeholder=${t('ui.task.text')} value=${task?.text ?? ''} aria-describedby="${key}-error" />
    <label class="listen-only" for="${key}-assignee">${t('ui.task.assignee')}</label>
    <select class="field" id="${key}-assignee" name="assignee">
      ${[...(task?.assignee ? [task.assignee] : []), ...people].map((one) => html`<option value=${one.id} ?selected=${one.id === chosen}>${one.id === host.me.id ? t('ui.task.me') : one.name}</option>`)}
      <option value="" ?selected=${!chosen}>${t('ui.task.anybody')}</option>
    </select>
    <label class="listen-only" for="${key}-due">${t('ui.task.when')}</label>
    <input class="field" id="${key}-due" name="due" type="datetime-local" title=${t('ui.task.when')} value=${local(task?.due ?? null)} />`;
}

/** @param {Host} host @param {object} about the conversation or customer it will be about @param {string} key of the form's ids */
export function taskForm(host, about, key) {
  return html`<form class="task-form" data-testid="task-form" novalidate @submit=${(/** @type {SubmitEvent} */ event) => add(host, event, about)}>
    ${fields(host, key, null)}
    <button class="btn">${t('ui.task.add')}</button>
    <p class="task-error" id="${key}-error" role="alert"></p>
  </form>`;
}

/** @param {Host} host @param {Task} task written otherwise, given to somebody else, put off, or deleted */
export function taskChange(host, task) {
  const key = `task-${task.id}`;
  const close = () => host.edit('');
  const onKey = (/** @type {KeyboardEvent} */ event) => event.key === 'Escape' && (event.stopPropagation(), close());
  return html`<form class="task-form task-change" data-testid="task-change" novalidate @keydown=${onKey} @submit=${(/** @type {SubmitEvent} */ event) => change(host, event, task)}>
    ${fields(host, key, task)}
    <p class="task-buttons"><button class="btn">${t('ui.task.keep')}</button><button type="button" class="btn" @click=${close}>${t('ui.task.cancel')}</button><button type="button" class="btn task-remove" @click=${() => remove(host, task)}>${t('ui.task.remove')}</button></p>
    <p class="task-error" id="${key}-error" role="alert"></p>
  </form>`;
}
