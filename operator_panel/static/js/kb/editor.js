/** The article that is open: what is written into it, kept at once in this browser and soon as the API's draft. */

import {load as loadKept, save as keep} from 'mostik/core/drafts.js';
import {blank, bodyOf, contentOf, differing, merge, placeOf} from 'mostik/kb/content.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */
/** @typedef {import('mostik/kb/content.js').Content} Content */
/**
 * @typedef {object} Edit
 * @property {any} row the article as the server has it, null: not there yet @property {Content} content
 * @property {Content} base what stood when writing began @property {boolean} saving
 * @property {Map<string, string[]>} errors place -> codes @property {any} problem the last refusal
 * @property {{errors: any[], flags: any[]}|null} check @property {{row: any, crossed: string[]}|null} conflict
 * @property {{channel: string, lang: string}} cell the variant that is shown @property {any} reply what customers see
 * @property {string} team @property {boolean} restored it came back from this browser
 * @property {any} editions @property {boolean} [acting] @property {any[]} uploads @property {any[]} proposals wordings from conversations
 * @property {any} [use] @property {any[]} [twins] articles like it
 */

const PAUSE = 900;
let timer = 0;
/** @type {Promise<unknown>} */
let turn = Promise.resolve();

/** @param {Room} room @param {string|null} id */
const keyOf = (room, id) => `mostik.article.${room.me.id}.${id ?? 'new'}`;

/** @param {any} row @returns {string} */
export const pathOf = (row) => `/articles/${encodeURIComponent(row.id)}`;

/** @param {Edit} edit @returns {boolean} is something written that the server has not */
export const dirty = (edit) => differing(edit.base, edit.content).length > 0;

/** @param {Room} room @param {any} row @returns {Edit} */
function fresh(room, row) {
  const content = row ? contentOf(row.next ?? row) : blank(room.lang);
  return {
    ...{row, content, base: structuredClone(content), saving: false, errors: new Map(), problem: null, check: null},
    ...{conflict: null, cell: {channel: '', lang: ''}, reply: null, team: '', restored: false, editions: null, uploads: [], proposals: []},
  };
}

/** @param {Room} room @param {Edit} edit what this browser kept of it, unless the server has it by now */
function restore(room, edit) {
  const kept = loadKept(keyOf(room, edit.row?.id ?? null));
  if (!kept?.content || !room.rights.edit) return;
  if (differing(kept.content, edit.content).length === 0) {
    keep(keyOf(room, edit.row?.id ?? null), null);
    return;
  }
  if (kept.version === (edit.row?.version ?? 0)) Object.assign(edit, {content: kept.content, restored: true});
  else settle(edit, kept.base, kept.content);
}

/** Put together what two people wrote. @param {Edit} edit @param {Content} base @param {Content} mine */
function settle(edit, base, mine) {
  const theirs = contentOf(edit.row.next ?? edit.row);
  const {merged, crossed} = merge(base, mine, theirs);
  Object.assign(edit, {base: theirs, content: merged, restored: true});
  edit.conflict = crossed.length ? {row: edit.row, crossed} : null;
}

/** @param {Room} room @param {string|null} id null: a new one */
export async function openArticle(room, id) {
  const row = id ? await room.api('GET', `/articles/${encodeURIComponent(id)}`) : null;
  const edit = fresh(room, row);
  restore(room, edit);
  room.state.articles.edit = edit;
  if (row) {
    look(room, edit);
    propose(room, edit);
  }
  if (edit.restored && !edit.conflict) later(room);
}

/** What should be looked at, and what customers see. @param {Room} room @param {Edit} edit */
export async function look(room, edit) {
  const {row, cell} = edit;
  if (!row) return;
  const language = cell.lang || edit.content.lang || '';
  const ask = {channel: cell.channel, language, draft: true};
  const [check, reply] = await Promise.all([
    room.api('GET', `${pathOf(row)}/check`).catch(() => null),
    room.api('GET', `${pathOf(row)}/reply`, ask).catch(() => null),
  ]);
  if (room.state.articles.edit !== edit) return;
  Object.assign(edit, {check, reply});
  room.redraw();
}

/** @param {Room} room @param {Edit} edit */
async function propose(room, edit) {
  const found = await room.api('GET', `${pathOf(edit.row)}/proposals`).catch(() => ({items: []}));
  edit.proposals = found.items;
  room.redraw();
}

/** Something was written. @param {Room} room @param {Partial<Content>} change */
export function write(room, change) {
  const edit = /** @type {Edit} */ (room.state.articles.edit);
  Object.assign(edit.content, change);
  const {row, base, content} = edit;
  keep(keyOf(room, row?.id ?? null), dirty(edit) ? {content, base, version: row?.version ?? 0, at: Date.now()} : null);
  room.redraw();
  if (!edit.conflict) later(room);
}

/** @param {Room} room */
function later(room) {
  clearTimeout(timer);
  timer = setTimeout(() => save(room), PAUSE);
}

/** @param {Edit} edit @param {any} error */
function refused(edit, error) {
  edit.problem = error;
  edit.errors = new Map();
  for (const {field, code} of error.body?.errors ?? []) {
    const place = placeOf(edit.content, field);
    edit.errors.set(place, [...(edit.errors.get(place) ?? []), code]);
  }
}

/** @param {Room} room @param {Edit} edit another version stands: put both together, or ask */
async function crossed(room, edit) {
  const mine = edit.content;
  edit.row = await room.api('GET', pathOf(edit.row));
  settle(edit, edit.base, mine);
  if (!edit.conflict) {
    const {name = ''} = (edit.row.next ?? edit.row).signed ?? {};
    room.toast(room.t('kb.merged', {name}));
    if (dirty(edit)) later(room);
  }
}

/** @param {Room} room @param {Edit} edit @returns {Promise<any>} the article as it stands after it */
function sent(room, edit) {
  const body = bodyOf(edit.content);
  if (edit.row) return room.api('PUT', `${pathOf(edit.row)}/draft`, body, {version: edit.row.version});
  return room.api('POST', '/articles', {...body, state: 'draft'});
}

/** @param {Room} room @param {Edit} edit @param {any} row what an answer of the server says of the article */
export function took(room, edit, row) {
  const isNew = !edit.row;
  edit.row = row;
  Object.assign(edit, {problem: null, errors: new Map(), restored: false});
  if (isNew) {
    keep(keyOf(room, null), null);
    if (room.state.articles.edit === edit) room.renamed(`/kb/articles/${encodeURIComponent(row.id)}`);
  }
  const {base, content} = edit;
  keep(keyOf(room, row.id), dirty(edit) ? {content, base, version: row.version, at: Date.now()} : null);
  room.changed({article: row.id, row});
  if (room.state.articles.edit === edit) look(room, edit);
}

/** @param {Room} room @param {Edit} edit */
async function saveOnce(room, edit) {
  if (!dirty(edit) || edit.conflict) return;
  const {title, questions} = bodyOf(edit.content);
  if (!edit.row && !title && !questions.length) return;
  const copy = structuredClone(edit.content);
  edit.saving = true;
  room.redraw();
  try {
    const row = await sent(room, edit);
    edit.base = copy;
    took(room, edit, row);
  } catch (error) {
    if (/** @type {any} */ (error).code === 'version') await crossed(room, edit).catch((why) => refused(edit, why));
    else refused(edit, error);
  } finally {
    edit.saving = false;
    room.redraw();
  }
}

/** Bring what is written to the server, one after the other. @param {Room} room @returns {Promise<boolean>} is it there */
export function save(room) {
  clearTimeout(timer);
  const edit = /** @type {Edit|null} */ (room.state.articles.edit);
  if (!edit) return Promise.resolve(true);
  turn = turn.then(() => saveOnce(room, edit));
  return turn.then(() => !dirty(edit) && !edit.conflict);
}

/** @param {Room} room @returns {Promise<boolean>} may the article be left: it is saved, or the person says so */
export async function leaveArticle(room) {
  const {edit} = room.state.articles;
  if (!edit || !room.rights.edit || (await save(room))) return true;
  const empty = !edit.row && !edit.content.title.trim() && !edit.content.questions.length && !edit.content.answer.trim();
  return empty || room.confirm(room.t('kb.leave_unsaved'), {yes: room.t('kb.leave_yes')});
}

/**
 * What is done to the whole article, after what is written is saved.
 * @param {Room} room @param {string} verb publish, archive, review, send_back, restore @param {object} [body]
 * @returns {Promise<boolean>} is it done
 */
export async function act(room, verb, body = {}) {
  const edit = /** @type {Edit} */ (room.state.articles.edit);
  if (!(await save(room))) {
    if (!edit.conflict) room.toast(room.t('kb.not_saved_yet'), 'danger');
    return false;
  }
  try {
    const row = await room.api('POST', `${pathOf(edit.row)}/${verb}`, body, {version: edit.row.version});
    again(room, edit, row);
    return true;
  } catch (error) {
    if (/** @type {any} */ (error).code === 'version') await crossed(room, edit).catch(room.complain);
    refused(edit, error);
    room.complain(error);
    room.redraw();
    return false;
  }
}

/** Show an article as the server has it. @param {Room} room @param {Edit} edit @param {any} row */
export function again(room, edit, row) {
  const content = contentOf(row.next ?? row);
  Object.assign(edit, {content, base: structuredClone(content), conflict: null, editions: null});
  took(room, edit, row);
  room.redraw();
}

/** @param {Room} room forget what is not published */
export async function dropDraft(room) {
  const {edit} = room.state.articles;
  clearTimeout(timer);
  try {
    again(room, edit, await room.api('DELETE', `${pathOf(edit.row)}/draft`));
  } catch (error) {
    room.complain(error);
  }
}

/** @param {Room} room @param {'mine'|'theirs'} whose words stand where both wrote */
export function choose(room, whose) {
  const {edit} = room.state.articles;
  Object.assign(edit, {conflict: null, restored: false}); // the person knows what stands there: nothing moves once it is saved
  if (whose === 'theirs') again(room, edit, edit.row);
  else save(room);
}

/** Ask before the page goes with words the server has not. @param {Room} room */
export function guard(room) {
  addEventListener('beforeunload', (event) => {
    const {edit} = room.state.articles;
    if (!edit || !room.rights.edit || !dirty(edit)) return;
    save(room);
    event.preventDefault();
  });
}
