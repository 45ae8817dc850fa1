/** One's own work: tasks by when they are due, what one starred, what one is told of. */

import {html, nothing, render} from 'lit-html';
import {createApi} from 'mostik/core/api.js';
import {avatar, icon, linkify, perFrame} from 'mostik/core/dom.js';
import {dayKey, now, setClock, shortTime} from 'mostik/core/format.js';
import {showBadge, showUnread, tendFrame} from 'mostik/core/frame.js';
import {setWords, t} from 'mostik/core/i18n.js';
import {go} from 'mostik/core/going.js';
import {bindKeys} from 'mostik/core/keys.js';
import {tendMenus} from 'mostik/core/menu.js';
import {noticesTemplate} from 'mostik/core/notices.js';
import {askToLogIn, tendSession} from 'mostik/core/session.js';
import {taskChange, taskForm} from 'mostik/core/taskForm.js';
import {taskTemplate, withTask} from 'mostik/core/taskList.js';
import {complain, problemText, tendToasts, toast, toastsTemplate} from 'mostik/core/toasts.js';

const boot = JSON.parse(document.getElementById('boot')?.textContent ?? '{}');

setWords(boot.strings, boot.lang);
setClock(boot.now);

const PAGES = /** @type {const} */ ({tasks: 'circle-check', starred: 'star', notifications: 'bell'});
const LOOK_PAUSE = 60_000;

/** @param {string} id @returns {HTMLElement} a part of the page */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const keys = /** @type {HTMLDialogElement} */ (part('keys'));

let expired = false;
const api = createApi(boot.csrf, () => {
  expired = true;
  askToLogIn();
  redraw();
});

/** What the page shows: `next` asks for more of it. */
const shown = {
  name: /** @type {keyof typeof PAGES} */ ('tasks'),
  tab: 'open',
  /** @type {any[]} */ items: [],
  /** @type {string|null} */ next: null,
  loading: true,
  /** @type {unknown} */ error: null,
};
let asked = 0;

/** @returns {Promise<{items: any[], next: string|null, unread?: number}>} */
function fetched() {
  const cursor = shown.next ?? '';
  if (shown.name === 'tasks') return api.get('/tasks', {state: shown.tab, cursor});
  return api.get(`/${shown.name}`, {cursor});
}

/** @param {boolean} [more] what follows, too */
async function load(more = false) {
  const mine = ++asked;
  if (!more) Object.assign(shown, {next: null, error: null, loading: !shown.items.length});
  redraw();
  try {
    const page = await fetched();
    if (mine !== asked) return;
    Object.assign(shown, {items: more ? [...shown.items, ...page.items] : page.items, next: page.next});
    if (page.unread !== undefined) showUnread(page.unread);
  } catch (error) {
    if (mine === asked) shown.error = error;
  }
  shown.loading = false;
  document.documentElement.dataset.ready = 'true';
  redraw();
}

/** @type {import('mostik/core/taskList.js').Host} */
const host = {
  api,
  me: boot.me,
  people: boot.operators,
  writes: boot.rights.task,
  changed(task, gone) {
    const mine = task && task.assignee?.id === boot.me.id;
    shown.items = withTask(shown.items, mine ? task : null, gone ?? task?.id);
    if (task && !mine) toast(t('work.tasks.given', {name: task.assignee?.name ?? t('ui.task.anybody')}));
    redraw();
  },
  redraw: () => redraw(),
  edited: '',
  form: taskChange,
  edit(id) {
    const before = host.edited;
    host.edited = id;
    redraw();
    setTimeout(() => document.getElementById(id ? `task-${id}-text` : `task-${before}`)?.focus(), 50);
  },
};

/** @param {import('mostik/core/taskList.js').Task} task @returns {string} the heading it stands under */
function section(task) {
  if (task.done_at) return 'done';
  if (!task.due) return 'someday';
  if (Date.parse(task.due) <= now()) return 'overdue';
  return dayKey(task.due) === dayKey(new Date(now()).toISOString()) ? 'today' : 'later';
}

function tasksView() {
  const groups = ['overdue', 'today', 'later', 'someday', 'done'];
  const tab = (/** @type {string} */ name) => html`<button class="btn" aria-pressed=${shown.tab === name ? 'true' : 'false'} data-testid="tasks-${name}"
    @click=${() => ((shown.tab = name), (shown.items = []), load())}>${t(`work.tasks.${name}`)}</button>`;
  return html`${boot.rights.task ? taskForm(host, {}, 'work') : nothing}
    <div class="wk-tabs" role="group" aria-label=${t('work.tasks.title')}>${tab('open')}${tab('done')}</div>
    ${shown.items.length || shown.loading ? nothing : shown.tab === 'done' ? empty('work.tasks.none_done') : empty('work.tasks.none', 'work.tasks.none_hint')}
    ${groups.map((name) => {
      const tasks = shown.items.filter((one) => section(one) === name);
      if (!tasks.length) return nothing;
      return html`<section aria-labelledby="wk-${name}" data-testid="tasks-group-${name}">
        <h2 id="wk-${name}" class="wk-${name}">${t(`work.tasks.${name}`)} <span class="count">${tasks.length}</span></h2>
        <ul class="tasks wk-card">${tasks.map((one) => taskTemplate(host, one, {links: true}))}</ul>
      </section>`;
    })}`;
}

/** @param {any} one a starred message with its conversation */
function starTemplate({message, conversation}) {
  const take = async () => {
    try {
      await api.remove(`/messages/${encodeURIComponent(message.id)}/star`);
      shown.items = shown.items.filter((other) => other.message.id !== message.id);
      redraw();
    } catch (error) {
      complain(error);
    }
  };
  return html`<li class="wk-star" data-testid="starred">
    ${avatar(conversation.customer, 'avatar-28')}
    <div>
      <p class="wk-who"><a href="/inbox/all/${conversation.id}">${conversation.customer.name} · ${conversation.number}</a>
        <span>${message.author.kind === 'system' ? nothing : t(`ui.author.says_${message.author.kind}`, {name: message.author.name})}</span><time datetime=${message.at}>${shortTime(message.at)}</time></p>
      <p class="wk-words ${message.author.kind === 'note' ? 'wk-note' : ''}">${message.text ? linkify(message.text) : t('work.starred.no_words')}</p>
    </div>
    <button class="icon-btn" aria-label=${t('work.starred.take')} @click=${take}>${icon('x')}</button>
  </li>`;
}

const starredView = () =>
  shown.items.length || shown.loading ? html`<ul class="wk-card">${shown.items.map(starTemplate)}</ul>` : empty('work.starred.none', 'work.starred.none_hint');

/** @param {any} one it was chosen */
const read = (one) => api.post('/notifications/read', {ids: [one.id]}).catch(() => {});

async function readAll() {
  try {
    showUnread((await api.post('/notifications/read', {all: true})).unread);
    await load();
  } catch (error) {
    complain(error);
  }
}

const notificationsView = () => html`<div class="wk-tabs"><button class="btn" @click=${readAll}>${t('ui.notice.read_all')}</button><a class="btn" href="/settings/me">${t('ui.notice.settings')}</a></div>
  ${shown.items.length || shown.loading ? html`<div class="wk-card">${noticesTemplate(shown.items, read)}</div>` : empty('ui.notice.none')}`;

/** @param {string} key @param {string} [hint] */
const empty = (key, hint = '') => html`<div class="empty">${icon(PAGES[shown.name], 'empty-icon')}<p class="empty-title">${t(key)}</p>
  ${hint ? html`<p>${t(hint)}</p>` : nothing}</div>`;

const failed = () => html`<div class="empty" role="alert">${icon('triangle-alert', 'empty-icon')}<p class="empty-title">${problemText(shown.error)}</p>
  <button class="btn btn-primary" @click=${() => load()}>${t('work.again')}</button></div>`;

const VIEWS = {tasks: tasksView, starred: starredView, notifications: notificationsView};

function draw() {
  const link = (/** @type {keyof typeof PAGES} */ name) => html`<a href="/${name}" aria-current=${name === shown.name ? 'page' : nothing} data-testid="work-${name}">${icon(PAGES[name])}<span>${t(`work.${name}.title`)}</span></a>`;
  render(
    html`<header class="wk-head"><h1>${t(`work.${shown.name}.title`)}</h1><nav aria-label=${t('work.pages')}>${link('tasks')}${link('starred')}${link('notifications')}</nav></header>
      <div class="wk-body" aria-busy=${shown.loading ? 'true' : 'false'}>${shown.error ? failed() : VIEWS[shown.name]()}
        ${shown.next ? html`<button class="btn" @click=${() => load(true)}>${t('work.more')}</button>` : nothing}</div>`,
    part('wk-main'),
  );
  document.title = `${t(`work.${shown.name}.title`)} · ${boot.shop}`;
  render(toastsTemplate(), part('toasts'));
  render(expired ? html`<p class="bar bar-warn"><span>${t('work.expired')}</span></p>` : nothing, part('bars'));
}

const redraw = perFrame(draw);

function open() {
  const name = location.pathname.slice(1);
  Object.assign(shown, {name: name in PAGES ? name : 'tasks', items: []});
  return load();
}

/** @param {MouseEvent} event a plain click on an address of these pages stays in them */
function onClick(event) {
  const link = /** @type {HTMLAnchorElement|null} */ (/** @type {Element} */ (event.target).closest?.('a[href]'));
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const {origin, pathname} = new URL(link.href);
  if (origin !== location.origin || !(pathname.slice(1) in PAGES)) return;
  event.preventDefault();
  if (pathname !== location.pathname) history.pushState(null, '', pathname);
  open().then(() => part('wk-main').focus({preventScroll: true}));
}

async function look() {
  if (document.hidden || expired) return;
  const [counts, told] = await Promise.all([api.get('/conversations/counts'), api.get('/notifications', {limit: 1})]).catch(() => [null, null]);
  if (counts) showBadge(counts.due ?? 0);
  if (told) showUnread(told.unread);
}

tendToasts(redraw);
tendMenus();
tendFrame(api, boot, {'[data-shows-keys]': () => keys.showModal()});
tendSession({api, me: boot.me, onDone: () => ((expired = false), load())});
bindKeys([
  {on: 'g', does: 'go', run: go},
  {on: 'n', run: () => part('work-text')?.focus()},
  {on: '?', run: () => keys.showModal()},
], boot.habits);
document.addEventListener('click', onClick);
addEventListener('popstate', open);
document.addEventListener('visibilitychange', look);
setInterval(look, LOOK_PAUSE);
showBadge(boot.counts.due ?? 0);
look();
open();
