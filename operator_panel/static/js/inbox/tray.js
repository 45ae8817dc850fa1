/** Files attached to what is being written, by conversation and mode; they wait there while one looks elsewhere. */

import {announce} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {toast} from 'mostik/core/toasts.js';
import {drafts, mayWrite, store} from 'mostik/inbox/desk.js';
import {misfit, mostFiles} from 'mostik/inbox/fits.js';
import {again, bare, drop, fit, upload} from 'mostik/inbox/uploads.js';

/** @typedef {import('mostik/core/files.js').Attachment} Attachment */
/** @typedef {import('mostik/inbox/uploads.js').Tile} Tile */
/** @typedef {import('mostik/core/drafts.js').Mode} Mode */

/** @type {Map<string, Tile[]>} */
const trays = new Map();
/** @type {Map<string, string>} why the server did not take what was sent with these files */
const refusals = new Map();
/** @type {Map<string, Tile>} those that left a tray before they had arrived */
const leaving = new Map();

/** @param {string} conversation @param {Mode} mode @returns {Tile[]} */
export function tray(conversation, mode) {
  const key = `${conversation}.${mode}`;
  const found = trays.get(key) ?? drafts.get(conversation, mode).files.map(bare);
  trays.set(key, found);
  // Asked with each drawing: a draft may be older than the channel's limits, and what came in for a note is no reply.
  for (const tile of found) fit(tile, misfit(conversation, mode, tile.file));
  return found;
}

/** @param {string} conversation @param {Mode} mode @returns {string} */
export const refusal = (conversation, mode) => refusals.get(`${conversation}.${mode}`) ?? '';

/** @param {Attachment} file @returns {Attachment} without what lives in this page alone */
const kept = ({preview, ...file}) => file;

/** @param {string} conversation @param {Mode} mode @param {Tile[]} tiles @param {number} [seq] as of a draft */
function put(conversation, mode, tiles, seq) {
  const key = `${conversation}.${mode}`;
  trays.set(key, tiles);
  refusals.delete(key);
  keep(conversation, mode, seq);
}

/** What has arrived goes into the draft. @param {string} conversation @param {Mode} mode @param {number} [seq] */
function keep(conversation, mode, seq) {
  const files = tray(conversation, mode).filter((tile) => tile.state === 'ready').map((tile) => kept(tile.file));
  const {thread} = store.state;
  const newest = thread?.id === conversation ? thread.messages.at(-1)?.seq ?? 0 : 0;
  drafts.put(conversation, mode, {files}, seq ?? newest);
  store.dispatch({type: 'draft'});
}

/** Tell what became of an upload. @param {string} conversation @param {Mode} mode @param {Tile} tile */
async function follow(conversation, mode, tile) {
  await tile.done;
  const tiles = tray(conversation, mode);
  if (!tiles.includes(tile)) return;
  keep(conversation, mode);
  if (tile.state === 'failed') announce(`${tile.file.name}: ${tile.reason}`);
  else if (tiles.every((one) => one.state === 'ready')) announce(t('ui.tray.ready', {n: tiles.length}));
}

/** @param {Iterable<File>} sources what was chosen, dropped or pasted */
export function attach(sources) {
  const {thread, mode} = store.state;
  if (!thread || thread.state !== 'ready' || !mayWrite) return;
  const all = [...sources];
  const before = tray(thread.id, mode);
  const most = mostFiles(thread.id, mode);
  const place = Math.max(0, most - before.length);
  const added = all.slice(0, place).map((file) => upload(file, misfit(thread.id, mode, file)));
  if (all.length > place) toast(t('ui.tray.too_many', {n: most}), {danger: true});
  if (!added.length) return;
  put(thread.id, mode, [...before, ...added]);
  for (const tile of added) follow(thread.id, mode, tile);
}

/** @param {string} conversation @param {Mode} mode @param {Tile} tile */
export function remove(conversation, mode, tile) {
  drop(tile);
  put(conversation, mode, tray(conversation, mode).filter((one) => one !== tile));
}

/** @param {string} conversation @param {Mode} mode @param {Tile} tile @param {number} to its new place from 0 */
export function move(conversation, mode, tile, to) {
  const others = tray(conversation, mode).filter((one) => one !== tile);
  const at = Math.max(0, Math.min(others.length, to));
  put(conversation, mode, others.toSpliced(at, 0, tile));
  announce(t('ui.tray.moved', {name: tile.file.name, place: at + 1, n: others.length + 1}));
}

/** @param {string} conversation @param {Mode} mode @param {Tile} tile */
export function tryAgain(conversation, mode, tile) {
  again(tile);
  follow(conversation, mode, tile);
  store.dispatch({type: 'draft'});
}

/** The line is up again: what the network had dropped goes once more. */
export function retryLost() {
  for (const [key, tiles] of trays) {
    const at = key.lastIndexOf('.');
    for (const tile of tiles) {
      if (tile.state === 'failed' && !tile.lasting) tryAgain(key.slice(0, at), /** @type {Mode} */ (key.slice(at + 1)), tile);
    }
  }
}

/** Empty a tray into what is sent. @param {string} conversation @param {Mode} mode @returns {Attachment[]} */
export function take(conversation, mode) {
  const tiles = tray(conversation, mode);
  for (const tile of tiles) if (tile.source) leaving.set(tile.key, tile);
  put(conversation, mode, []);
  return tiles.map((tile) => ({...tile.file, key: tile.key}));
}

/**
 * Put what was sent back before what was attached meanwhile.
 * @param {string} conversation @param {Mode} mode @param {Attachment[]} files
 * @param {number} seq as of a draft @param {string} reason why they come back, if it is about them
 */
export function giveBack(conversation, mode, files, seq, reason) {
  const back = files.flatMap((file) => leaving.get(file.key ?? '') ?? (file.id ? bare(file) : []));
  for (const tile of back) leaving.delete(tile.key);
  put(conversation, mode, [...back, ...tray(conversation, mode)], seq);
  for (const tile of back) if (tile.state !== 'ready') follow(conversation, mode, tile);
  if (reason) refusals.set(`${conversation}.${mode}`, reason);
}

/**
 * Wait until files have arrived.
 * @param {Attachment[]} files
 * @returns {Promise<{files: Attachment[], verdict: 'ready'|'later'|'refused'}>} `later`: the network dropped some
 */
export async function arrived(files) {
  const tiles = files.map((file) => leaving.get(file.key ?? '') ?? bare(file));
  await Promise.all(tiles.map((tile) => tile.done));
  const failed = tiles.filter((tile) => tile.state === 'failed' || !tile.file.id);
  const verdict = !failed.length ? 'ready' : failed.every((tile) => tile.source && !tile.lasting) ? 'later' : 'refused';
  if (verdict === 'later') failed.forEach(again);
  return {files: tiles.map((tile) => ({...tile.file, key: tile.key})), verdict};
}

/** They are part of a message now. @param {Attachment[]} files */
export function settle(files) {
  for (const file of files) leaving.delete(file.key ?? '');
}

addEventListener('beforeunload', (event) => {
  const all = [...[...trays.values()].flat(), ...leaving.values()];
  if (all.some((tile) => tile.state === 'waiting' || tile.state === 'uploading')) event.preventDefault();
});
