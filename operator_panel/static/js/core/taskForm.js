/** A new task is written: fetched when somebody begins to, where it is not the page's own matter. */

import {html} from 'lit-html';
import {known, t} from 'mostik/core/i18n.js';
import {complain} from 'mostik/core/toasts.js';

/** @typedef {import('mostik/core/taskList.js').Host} Host */

const READERS = ['observer', 'editor'];

/** Forms whose task is on its way: pressed twice, one task is made. */
const sending = new WeakSet();

/** @param {FormData} form @param {object} about */
function bodyOf(form, about) {
  const due = String(form.get('due') ?? '');
  return {
    text: String(form.get('text') ?? '').trim(),
    ...(form.get('assignee') && {assignee: String(form.get('assignee'))}),
    ...(due && {due: new Date(due).toISOString()}),
    ...about,
  };
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

/** @param {Host} host @param {SubmitEvent} event @param {object} about */
async function add(host, event, about) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  if (sending.has(form)) return undefined;
  const body = bodyOf(new FormData(form), about);
  for (const field of form.elements) field.removeAttribute('aria-invalid');
  if (!body.text) return refuse(form, {body: {errors: [{field: 'text', code: 'empty'}]}});
  sending.add(form);
  try {
    const task = await host.api.post('/tasks', body, crypto.randomUUID());
    form.reset();
    /** @type {HTMLElement} */ (form.querySelector('.task-error')).textContent = '';
    (host.added ?? host.changed)(task);
  } catch (error) {
    refuse(form, error);
  } finally {
    sending.delete(form);
  }
  return undefined;
}

/** @param {Host} host @param {object} about the conversation or customer it will be about @param {string} key of the form's ids */
export function taskForm(host, about, key) {
  const people = host.people.filter((one) => !READERS.includes(one.role ?? ''));
  return html`<form class="task-form" data-testid="task-form" novalidate @submit=${(/** @type {SubmitEvent} */ event) => add(host, event, about)}>
    <label class="listen-only" for="${key}-text">${t('ui.task.text')}</label>
    <input class="field" id="${key}-text" name="text" maxlength="1000" autocomplete="off" placeholder=${t('ui.task.text')} aria-describedby="${key}-error" />
    <label class="listen-only" for="${key}-assignee">${t('ui.task.assignee')}</label>
    <select class="field" id="${key}-assignee" name="assignee">
      ${people.map((one) => html`<option value=${one.id} ?selected=${one.id === host.me.id}>${one.id === host.me.id ? t('ui.task.me') : one.name}</option>`)}
      <option value="">${t('ui.task.anybody')}</option>
    </select>
    <label class="listen-only" for="${key}-due">${t('ui.task.when')}</label>
    <input class="field" id="${key}-due" name="due" type="datetime-local" title=${t('ui.task.when')} />
    <button class="btn">${t('ui.task.add')}</button>
    <p class="task-error" id="${key}-error" role="alert"></p>
  </form>`;
}
