/** Files into the base: what they are, what would become of each row, taking them, and taking them back. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {date, time} from 'mostik/core/format.js';
import {columnsOf, readFiles} from 'mostik/kb/importFiles.js';
import {headTemplate} from 'mostik/kb/pieces.js';
import {room as shared} from 'mostik/kb/room.js';
import {codeText, fieldText, flagTemplate, refusalText} from 'mostik/kb/words.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */
/** @typedef {import('mostik/kb/importFiles.js').Given} Given */

const CHANGES = ['new', 'changed', 'unchanged', 'broken'];
const FORMATS = ['jsonl', 'csv', 'markdown'];
/** What a column of a table may be called here. */
const COLUMNS = ['id', 'title', 'questions', 'answer', 'lang', 'team', 'tags', 'state', 'variants', 'buttons', 'valid_from', 'valid_until', 'files'];

shared.state.import = {given: null, columns: {}, report: null, problem: null, busy: false, skip: false, imports: null};

/** @param {Room} room */
export async function open(room) {
  const {items} = room.rights.edit ? await room.api('GET', '/kb/imports') : {items: []};
  room.state.import.imports = items;
}

/** @param {Room} room */
const again = (room) => open(room).then(room.redraw, room.complain);

/** @param {Room} room @param {boolean} dry @returns {Promise<any>} the report, null: refused */
async function send(room, dry) {
  const own = room.state.import;
  const {given, columns, skip} = own;
  const named = Object.fromEntries(Object.entries(columns).filter(([, name]) => name));
  const body = {...given.body, format: given.format, name: given.name, columns: named, dry_run: dry, skip_broken: skip};
  Object.assign(own, {busy: true, problem: null});
  room.redraw();
  try {
    return await room.api('POST', '/kb/import', body);
  } catch (error) {
    own.problem = error;
    return null;
  } finally {
    own.busy = false;
    room.redraw();
  }
}

/** @param {Given} given @returns {Record<string, string>} columns that are called as our fields are in the person's language */
function meant(given) {
  if (given.format !== 'csv' || given.fault) return {};
  const fields = new Map(COLUMNS.flatMap((field) => [[fieldText(field).toLowerCase(), field], [fieldText(`${field}.0`).replace(/ 1$/, '').toLowerCase(), field]]));
  const found = columnsOf(given).map((name) => [name, fields.get(name.toLowerCase()) ?? '']);
  return Object.fromEntries(found.filter(([name, field]) => field && !COLUMNS.includes(name.toLowerCase())));
}

/** @param {Room} room @param {FileList|File[]|null} files */
async function take(room, files) {
  if (!files?.length) return;
  const own = room.state.import;
  const given = await readFiles([...files]);
  Object.assign(own, {report: null, problem: null, columns: meant(given), skip: false, given});
  if (own.given.fault) room.redraw();
  else await tryOut(room);
}

/** @param {Room} room say what would become of them */
async function tryOut(room) {
  room.state.import.report = await send(room, true);
  room.redraw();
}

/** @param {Room} room */
async function bring(room) {
  const own = room.state.import;
  const report = await send(room, false);
  if (!report) return;
  Object.assign(own, {given: null, report: null});
  room.toast(room.t('kb.imported', {n: report.new + report.changed - report.left.length}));
  if (report.left.length) room.toast(room.t('kb.import_left', {ids: report.left.join(', ')}), 'danger');
  room.changed();
  await again(room);
}

/** @param {Room} room @param {any} one an import that was done */
async function undo(room, one) {
  const sure = await room.confirm(room.t('kb.undo_sure', {name: one.source, n: room.t('kb.articles_n', {n: one.articles})}), {yes: room.t('kb.undo'), danger: true});
  if (!sure) return;
  try {
    const done = await room.api('POST', `/kb/imports/${encodeURIComponent(one.id)}/undo`);
    room.toast(room.t('kb.undone_done', {removed: done.removed, restored: done.restored}));
    if (done.left.length) room.toast(room.t('kb.undo_left', {ids: done.left.join(', ')}), 'danger');
    room.changed();
  } catch (error) {
    room.toast(refusalText(error), 'danger');
  }
  await again(room);
}

/** @param {Room} room */
function chooser(room) {
  const {t} = room;
  const {given, busy} = room.state.import;
  const pick = (/** @type {Event} */ event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    take(room, field.files && [...field.files]);
    field.value = '';
  };
  const onDrop = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    take(room, event.dataTransfer ? [...event.dataTransfer.files] : null);
  };
  return html`<div class="kb-drop" @dragover=${(/** @type {Event} */ event) => event.preventDefault()} @drop=${onDrop}>
    ${icon('upload', 'empty-icon')}
    <p>${given ? html`<b>${given.name}</b>` : t('kb.import_hint')}</p>
    <p class="kb-drop-do">
      <label class="btn kb-choose">${t('kb.import_files')}<input type="file" multiple class="listen-only" accept=".jsonl,.json,.csv,.tsv,.md,.zip" ?disabled=${busy} data-testid="kb-import-files" @change=${pick} /></label>
      <label class="btn kb-choose">${t('kb.import_folder')}<input type="file" webkitdirectory class="listen-only" ?disabled=${busy} @change=${pick} /></label>
    </p>
    ${given?.legacy ? html`<p class="kb-hint">${t('kb.import_legacy')}</p>` : nothing}
    ${given?.fault ? html`<p class="kb-fault" role="alert">${t(`kb.import_fault.${given.fault}`)}</p>` : nothing}
  </div>`;
}

/** @param {Room} room columns whose names we do not know */
function columnsTemplate(room) {
  const {t} = room;
  const {given, columns} = room.state.import;
  const strange = given?.format === 'csv' ? columnsOf(given).filter((name) => !COLUMNS.includes(name.toLowerCase())) : [];
  if (!strange.length) return nothing;
  return html`<section class="kb-part"><h2>${t('kb.columns')}</h2>
    <div class="kb-fields">
      ${strange.map(
        (name) => html`<label class="kb-field"><span>${name}</span>
          <select class="field" @change=${(/** @type {Event} */ event) => {
            columns[name] = /** @type {HTMLSelectElement} */ (event.target).value;
            tryOut(room);
          }}>
            <option value="">${t('kb.column_none')}</option>
            ${COLUMNS.map((field) => html`<option value=${field} ?selected=${columns[name] === field}>${fieldText(field)}</option>`)}
          </select></label>`,
      )}
    </div></section>`;
}

/** @param {Room} room @param {string|null} id @returns {string} */
const titleOf = (room, id) => room.state.articles.rows.find((/** @type {any} */ row) => row.id === id)?.title ?? '';

/** @param {any} flag @returns {string} where it is, and the wording it is about; empty where its words say so */
function placeText({field, code, detail}) {
  if (code === 'unknown_field' || code === 'title_alone') return '';
  return code === 'in_another' ? `${fieldText(field)}, «${detail}»` : fieldText(field);
}

/** @param {Room} room @param {any} flag */
function flagLine(room, flag) {
  const beside = room.state.import.report.items.find((/** @type {any} */ row) => row.id === flag.article && row.change === 'new');
  const shown = {...flag, detail: flag.code === 'unknown_field' ? flag.field : flag.detail, article: beside ? null : flag.article};
  return html`<p>${flagTemplate(shown, titleOf(room, flag.article), placeText(flag))}${beside ? html` <span class="kb-place">${beside.title} (${beside.place})</span>` : nothing}</p>`;
}

/** @param {Room} room @param {any} item */
function itemTemplate(room, item) {
  const {t} = room;
  return html`<tr data-testid="kb-import-row" data-change=${item.change}>
    <td><span class="chip kb-change-${item.change}">${t(`kb.change.${item.change}`)}</span></td>
    <td><b>${item.title || item.id || '—'}</b><span class="kb-place">${item.place}</span></td>
    <td>
      ${item.fields.length ? html`<p>${item.fields.map(fieldText).join(', ')}</p>` : nothing}
      ${item.errors.map((/** @type {any} */ one) => html`<p class="kb-fault">${icon('circle-alert')}${fieldText(one.field)}: ${codeText(one.code)}</p>`)}
      ${item.flags.filter((/** @type {any} */ one) => !item.errors.some((/** @type {any} */ fault) => fault.field === one.field)).map((/** @type {any} */ one) => flagLine(room, one))}
    </td>
  </tr>`;
}

/** @param {Room} room */
function reportTemplate(room) {
  const {t, rights} = room;
  const own = room.state.import;
  const {report, busy, skip} = own;
  if (!report) return nothing;
  const n = report.new + report.changed;
  const stopped = report.broken > 0 && !skip;
  return html`<section class="kb-part" aria-labelledby="kb-report-title">
    <header><h2 id="kb-report-title">${t('kb.report')}</h2></header>
    <p class="kb-counts" data-testid="kb-import-counts">${CHANGES.map((name) => html`<span class="chip kb-change-${name}">${t(`kb.change_n.${name}`, {n: report[name]})}</span>`)}</p>
    ${report.items.length
      ? html`<div class="kb-table"><table>
          <thead><tr><th scope="col">${t('kb.col.change')}</th><th scope="col">${t('kb.col.article')}</th><th scope="col">${t('kb.col.what')}</th></tr></thead>
          <tbody>${report.items.map((/** @type {any} */ item) => itemTemplate(room, item))}</tbody></table></div>`
      : nothing}
    ${report.broken
      ? html`<label class="check"><input type="checkbox" .checked=${skip} @change=${(/** @type {Event} */ event) => {
          own.skip = /** @type {HTMLInputElement} */ (event.target).checked;
          room.redraw();
        }} /><span>${t('kb.skip_broken', {n: report.broken})}</span></label>`
      : nothing}
    <p class="kb-restore">
      <button class="btn btn-primary" ?disabled=${busy || stopped || !n || !rights.publish} data-testid="kb-import-take" @click=${() => bring(room)}>${t('kb.import_take', {n})}</button>
      <button class="btn" @click=${() => (Object.assign(own, {given: null, report: null}), room.redraw())}>${t('kb.cancel')}</button>
      ${rights.publish ? nothing : html`<span class="kb-hint">${t('kb.import_needs_publisher')}</span>`}
    </p>
  </section>`;
}

/** @param {Room} room */
function importsTemplate(room) {
  const {t, rights} = room;
  const {imports} = room.state.import;
  if (!imports?.length) return nothing;
  const row = (/** @type {any} */ one) => html`<li class="kb-import" data-testid="kb-import">
    <b>${one.source}</b><span>${t('kb.articles_n', {n: one.articles})}</span>
    <span class="count">${one.signed.name || t('kb.by_files')}, ${date(one.at)}, ${time(one.at)}</span>
    ${one.undone
      ? html`<span class="chip">${t('kb.undone')}</span>`
      : rights.publish
        ? html`<button class="btn btn-small" @click=${() => undo(room, one)}>${icon('undo-2')}${t('kb.undo')}</button>`
        : nothing}
  </li>`;
  return html`<section class="kb-part" aria-labelledby="kb-imports-title"><header><h2 id="kb-imports-title">${t('kb.imports')}</h2></header><ul>${imports.map(row)}</ul></section>`;
}

/** @param {Room} room */
function exportTemplate({t}) {
  return html`<section class="kb-part" aria-labelledby="kb-export-title">
    <header><h2 id="kb-export-title">${t('kb.export')}</h2></header>
    <p class="kb-restore">${FORMATS.map((format) => html`<a class="btn" download href="/api/v1/kb/export?format=${format}">${icon('download')}${t(`kb.format.${format}`)}</a>`)}</p>
  </section>`;
}

/** @param {Room} room */
export function view(room) {
  const {t, rights} = room;
  const {problem, busy} = room.state.import;
  return html`${headTemplate(room, html`<h1>${t('kb.files')}</h1>`)}
    <div class="kb-body" data-testid="kb-import-page" aria-busy=${String(busy)}>
      ${rights.edit ? chooser(room) : nothing}
      ${problem ? html`<div class="kb-banner kb-banner-danger" role="alert">${icon('circle-alert')}<p>${refusalText(problem)}</p></div>` : nothing}
      ${columnsTemplate(room)} ${reportTemplate(room)} ${importsTemplate(room)} ${exportTemplate(room)}
    </div>`;
}
