/** A table of customers comes in: what it is, where its columns go, what would become of it, how far it is, undoing it. */

import {html, nothing} from 'lit-html';
import {announce, icon} from 'mostik/core/dom.js';
import {date, percent, time} from 'mostik/core/format.js';
import {lang} from 'mostik/core/i18n.js';
import {toast} from 'mostik/core/toasts.js';
import {api, ask, boot, codeText, columnText, complain, refusalText, room, sendFile, t} from 'mostik/customers/room.js';

const COLUMNS = ['external_id', 'name', 'company', 'email', 'phone', 'tags', 'note', 'language', 'id'];
const DELIMITERS = [',', ';', 'tab', '|'];
const AT_WORK = ['running', 'undoing'];
const PAUSE = 700;

/**
 * @type {{file: File|null, look: any, map: Record<string, string>, busy: boolean, share: number, problem: any, now: any,
 *   past: any[]|null, timer: number, over: boolean, delimiter: string}}
 */
const own = {file: null, look: null, map: {}, busy: false, share: 0, problem: null, now: null, past: null, timer: 0, over: false, delimiter: ''};

/** @param {number} n @returns {string} 12 480 */
const number = (n) => new Intl.NumberFormat(lang()).format(n);

const targets = () => [...COLUMNS, ...boot.fields.map((/** @type {{key: string}} */ field) => `field.${field.key}`)];

export async function openImport() {
  const {items} = await api.get('/customers/imports');
  own.past = items;
  const atWork = items.find((/** @type {any} */ one) => AT_WORK.includes(one.state));
  if (atWork) follow(atWork);
  room.redraw();
}

export function leaveImport() {
  clearTimeout(own.timer);
}

/** Ask how far it is until it has ended. @param {any} one */
function follow(one) {
  const other = own.now?.id !== one.id;
  own.now = one;
  clearTimeout(own.timer);
  room.redraw();
  if (other) requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector('.cu-now')?.scrollIntoView({block: 'nearest'})));
  if (!AT_WORK.includes(one.state)) {
    announce(t(`customers.state.${one.state}`));
    api.get('/customers/imports').then(({items}) => ((own.past = items), room.redraw()), complain);
    return;
  }
  own.timer = window.setTimeout(() => api.get(`/customers/imports/${one.id}`).then(follow, (error) => (complain(error), follow(one))), PAUSE);
}

function query() {
  const map = Object.fromEntries(Object.entries(own.map));
  return {map: JSON.stringify(map), ...(own.delimiter ? {delimiter: own.delimiter} : {})};
}

/** @template T @param {() => Promise<T>} work @returns {Promise<T|null>} null: refused */
async function doing(work) {
  Object.assign(own, {busy: true, share: 0, problem: null});
  room.redraw();
  try {
    return await work();
  } catch (error) {
    own.problem = error;
    return null;
  } finally {
    own.busy = false;
    room.redraw();
  }
}

/** @param {number} share */
function told(share) {
  own.share = share;
  room.redraw();
}

/** Let the server look into the file. @param {File} file */
async function look(file) {
  const found = await doing(() => sendFile('/customers/imports/look', query(), file, told));
  if (!found) return;
  own.look = found;
  own.map = Object.fromEntries(found.columns.map((/** @type {any} */ one) => [one.heading, one.to ?? '-']));
  room.redraw();
}

/** @param {FileList|File[]|null|undefined} files */
async function take(files) {
  const file = files?.[0];
  if (!file) return;
  Object.assign(own, {file: null, look: null, map: {}, now: null, delimiter: '', over: false});
  if (file.size > boot.largest) {
    own.problem = {body: {errors: [{field: 'file', code: 'too_large'}]}};
    room.redraw();
    return;
  }
  own.file = file;
  await look(file);
}

/** @param {string} delimiter */
async function cutBy(delimiter) {
  own.delimiter = delimiter;
  own.map = {};
  if (own.file) await look(own.file);
}

/** @param {boolean} dry only count */
async function bring(dry) {
  const {file} = own;
  if (!file) return;
  const one = await doing(() => sendFile('/customers/imports', {...query(), dry_run: String(dry)}, file, told));
  if (one) follow(one);
}

/** @param {any} one */
async function stop(one) {
  await api.post(`/customers/imports/${one.id}/stop`).catch(complain);
}

/** @param {any} one */
async function undo(one) {
  const sure = await ask(t('customers.undo_sure', {name: one.name || '—'}), html`<p>${t('customers.undo_what')}</p>`, {yes: t('customers.undo'), danger: true});
  if (!sure) return;
  try {
    const begun = await api.post(`/customers/imports/${one.id}/undo`);
    Object.assign(own, {file: null, look: null});
    follow(begun);
  } catch (error) {
    toast(refusalText(error), {danger: true});
  }
}

function chooser() {
  const drop = (/** @type {DragEvent} */ event) => (event.preventDefault(), take(event.dataTransfer?.files));
  const over = (/** @type {boolean} */ is) => (/** @type {Event} */ event) => (event.preventDefault(), (own.over = is), room.redraw());
  return html`<section class="cu-card cu-drop ${own.over ? 'cu-over' : ''}" @dragover=${over(true)} @dragleave=${over(false)} @drop=${drop}>
    ${icon('upload', 'empty-icon')}
    <p class="empty-title">${t('customers.drop')}</p>
    <p>${t('customers.drop_hint')}</p>
    <label class="btn btn-primary">${t('customers.choose')}<input class="listen-only" type="file" accept=".csv,.tsv,.txt,text/csv" data-testid="customers-file"
      @change=${(/** @type {Event} */ event) => take(/** @type {HTMLInputElement} */ (event.target).files)} /></label>
  </section>`;
}

/** @param {any} column */
function columnTemplate(column) {
  const chosen = own.map[column.heading] ?? '-';
  const taken = new Set(Object.entries(own.map).flatMap(([heading, to]) => (heading === column.heading ? [] : [to])));
  const choose = (/** @type {Event} */ event) => {
    own.map = {...own.map, [column.heading]: /** @type {HTMLSelectElement} */ (event.target).value};
    own.now = null;
    room.redraw();
  };
  return html`<tr data-left-out=${chosen === '-' ? 'true' : nothing}>
    <th scope="row">${column.heading || t('customers.no_heading')}</th>
    <td><select class="field" aria-label=${t('customers.goes_to', {name: column.heading})} .value=${chosen} @change=${choose}>
      <option value="-" ?selected=${chosen === '-'}>${t('customers.left_out')}</option>
      ${targets().map((one) => html`<option value=${one} ?selected=${one === chosen} ?disabled=${taken.has(one)}>${columnText(one)}</option>`)}
    </select></td>
    <td class="cu-values">${column.values.filter(Boolean).map((/** @type {string} */ value) => html`<span class="chip">${value}</span>`)}</td>
  </tr>`;
}

/** @param {string} sign */
const signText = (sign) => (sign === 'tab' || sign === '\t' ? t('customers.tab') : sign);

function tableTemplate() {
  const {file, look: seen, busy} = own;
  if (!file || !seen) return nothing;
  const named = Object.values(own.map).some((to) => to === 'external_id' || to === 'id');
  const cut = seen.delimiter === '\t' ? 'tab' : seen.delimiter;
  const signs = DELIMITERS.includes(cut) ? DELIMITERS : [...DELIMITERS, cut];
  return html`<section class="cu-card" aria-labelledby="cu-table">
    <header class="cu-file">
      ${icon('file-text')}
      <h2 id="cu-table">${file.name}</h2>
      <span class="chip" data-testid="customers-letters">${seen.letters}</span>
      <label class="cu-cut">${t('customers.delimiter')}<select .value=${cut} ?disabled=${busy} @change=${(/** @type {Event} */ event) => cutBy(/** @type {HTMLSelectElement} */ (event.target).value)}>
        ${signs.map((one) => html`<option value=${one} ?selected=${one === cut}>${signText(one)}</option>`)}
      </select></label>
      <button class="icon-btn" aria-label=${t('customers.other_file')} title=${t('customers.other_file')} @click=${() => (Object.assign(own, {file: null, look: null, now: null, problem: null}), room.redraw())}>${icon('x')}</button>
    </header>
    <div class="cu-table" tabindex="0" role="region" aria-labelledby="cu-table"><table>
      <thead><tr><th scope="col">${t('customers.col.heading')}</th><th scope="col">${t('customers.col.to')}</th><th scope="col">${t('customers.col.values')}</th></tr></thead>
      <tbody>${seen.columns.map(columnTemplate)}</tbody>
    </table></div>
    ${named ? nothing : html`<p class="cu-warn" role="alert">${icon('triangle-alert')}${t('customers.needs_id')}</p>`}
    <footer class="cu-do">
      <button class="btn" ?disabled=${busy || !named || working()} data-testid="customers-check" @click=${() => bring(true)}>${t('customers.check')}</button>
      <button class="btn btn-primary" ?disabled=${busy || !named || working()} data-testid="customers-take" @click=${() => bring(false)}>${t('customers.take')}</button>
      <span class="cu-note">${t('customers.take_hint')}</span>
    </footer>
  </section>`;
}

const working = () => own.now !== null && AT_WORK.includes(own.now.state);

/** @param {any} one */
const countsTemplate = (one) =>
  html`<p class="cu-counts" data-testid="customers-counts">
    ${['new', 'changed', 'unchanged', 'bad'].map((name) => html`<span class="chip cu-${name}"><b>${number(one[name])}</b> ${t(`customers.count.${name}`, {n: one[name]})}</span>`)}
  </p>`;

/** @param {any} one */
function badTemplate(one) {
  if (!one.bad) return nothing;
  const codes = Object.entries(one.codes).sort((a, b) => Number(b[1]) - Number(a[1]));
  return html`<div class="cu-bad">
    <ul>${codes.map(([code, n]) => html`<li><b>${number(Number(n))}</b><span>${codeText(code)}</span></li>`)}</ul>
    <a class="btn" download href="/api/v1/customers/imports/${one.id}/report" data-testid="customers-report">${icon('download')}${t('customers.report')}</a>
  </div>`;
}

/** @param {any} one */
function titleOf(one) {
  if (one.dry_run) return t(one.state === 'running' ? 'customers.checking' : one.state === 'done' ? 'customers.checked' : `customers.state.${one.state}`);
  return t(`customers.state.${one.state}`);
}

/** @param {any} one */
function undoneTemplate(one) {
  return html`<p class="cu-counts"><span class="chip"><b>${number(one.removed)}</b> ${t('customers.removed', {n: one.removed})}</span><span class="chip"><b>${number(one.restored)}</b> ${t('customers.restored', {n: one.restored})}</span>
    ${one.kept ? html`<span class="chip chip-warn"><b>${number(one.kept)}</b> ${t('customers.kept', {n: one.kept})}</span>` : nothing}</p>`;
}

function nowTemplate() {
  const one = own.now;
  if (!one) return nothing;
  const atWork = AT_WORK.includes(one.state);
  const undoing = one.state === 'undoing' || one.state === 'undone';
  return html`<section class="cu-card cu-now" aria-labelledby="cu-now" data-state=${one.state} data-testid="customers-now">
    <header class="cu-file"><h2 id="cu-now">${titleOf(one)}</h2><span class="cu-share">${one.state === 'running' ? percent(one.share) : nothing}</span></header>
    ${atWork ? html`<progress class="cu-bar" max="1" .value=${undoing ? nothing : one.share} aria-label=${titleOf(one)}></progress>` : nothing}
    ${undoing ? undoneTemplate(one) : html`${countsTemplate(one)}${badTemplate(one)}`}
    ${one.reason ? html`<p class="cu-warn">${icon('circle-alert')}${one.reason.split(' ').map(codeText).join(' · ')}</p>` : nothing}
    ${one.state === 'interrupted' ? html`<p class="cu-note">${t('customers.interrupted_hint')}</p>` : nothing}
    <footer class="cu-do">
      ${one.state === 'running' ? html`<button class="btn" @click=${() => stop(one)} data-testid="customers-stop">${t('customers.stop')}</button>` : nothing}
      ${one.state === 'done' && one.dry_run && own.file ? html`<button class="btn btn-primary" ?disabled=${own.busy || !(one.new + one.changed)} @click=${() => bring(false)}>${t('customers.take_n', {n: one.new + one.changed})}</button>` : nothing}
      ${!atWork && !one.dry_run && !undoing ? html`<a class="btn btn-primary" href="/customers">${t('customers.to_list')}</a>` : nothing}
      ${canUndo(one) ? html`<button class="btn" @click=${() => undo(one)} data-testid="customers-undo">${icon('undo-2')}${t('customers.undo')}</button>` : nothing}
    </footer>
  </section>`;
}

/** @param {any} one */
const canUndo = (one) => !one.dry_run && !AT_WORK.includes(one.state) && one.state !== 'undone' && one.new + one.changed > 0;

/** @param {any} one */
function pastTemplate(one) {
  return html`<li class="cu-past" data-testid="customers-past" data-state=${one.state}>
    <div><b>${one.name || t('customers.by_command')}</b>
      <span>${one.by_name || t('customers.by_command')}, ${date(one.at)}, ${time(one.at)}</span></div>
    <span class="chip ${{done: 'chip-ok', failed: 'chip-danger', interrupted: 'chip-warn'}[/** @type {string} */ (one.state)] ?? ''}">${titleOf(one)}</span>
    <span class="cu-sum">${['new', 'changed', 'bad'].filter((name) => one[name]).map((name) => `${number(one[name])} ${t(`customers.count.${name}`, {n: one[name]})}`).join(', ')}</span>
    <span class="cu-past-do">
      ${one.bad ? html`<a class="icon-btn" download href="/api/v1/customers/imports/${one.id}/report" aria-label=${t('customers.report')} title=${t('customers.report')}>${icon('download')}</a>` : nothing}
      ${canUndo(one) ? html`<button class="icon-btn" aria-label=${t('customers.undo')} title=${t('customers.undo')} @click=${() => undo(one)}>${icon('undo-2')}</button>` : nothing}
    </span>
  </li>`;
}

export function importView() {
  const {file, look: seen, busy, share, problem, past} = own;
  const earlier = (past ?? []).filter((one) => one.id !== own.now?.id);
  return html`<header class="cu-head">
      <a class="icon-btn" href="/customers" aria-label=${t('customers.back')} title=${t('customers.back')}>${icon('chevron-left')}</a>
      <h1>${t('customers.import_title')}</h1>
    </header>
    <div class="cu-body cu-narrow" data-testid="customers-import-page" aria-busy=${String(busy)}>
      ${file && seen ? nothing : chooser()}
      ${busy ? html`<div class="cu-sending"><span>${t(share < 1 ? 'customers.sending' : 'customers.looking')}</span><progress class="cu-bar" max="1" .value=${share} aria-label=${t('customers.sending')}></progress></div>` : nothing}
      ${problem ? html`<p class="cu-problem" role="alert" data-testid="customers-problem">${icon('circle-alert')}<span>${refusalText(problem)}</span></p>` : nothing}
      ${tableTemplate()} ${nowTemplate()}
      ${earlier.length ? html`<section class="cu-card" aria-labelledby="cu-past"><h2 id="cu-past">${t('customers.past')}</h2><ul>${earlier.map(pastTemplate)}</ul></section>` : nothing}
    </div>`;
}
