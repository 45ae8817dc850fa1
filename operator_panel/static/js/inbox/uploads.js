/** Files on their way to the server: a few at once, so that words still have a line; each may be tried again. */

import {isPicture, sizeText} from 'mostik/core/files.js';
import {known, t} from 'mostik/core/i18n.js';
import {newId} from 'mostik/core/ids.js';
import {problemText} from 'mostik/core/toasts.js';
import {local} from 'mostik/inbox/attachments.js';
import {api, boot, store} from 'mostik/inbox/desk.js';

/**
 * @typedef {import('mostik/core/files.js').Attachment} Attachment
 * @typedef {object} Tile a file somebody attached
 * @property {string} key @property {'waiting'|'uploading'|'ready'|'failed'} state
 * @property {number} progress 0..1 @property {string} reason in words @property {boolean} lasting another try is useless
 * @property {boolean} unfit the channel does not take it; another may
 * @property {File|null} source null: it came back from a draft @property {Attachment} file
 * @property {AbortController} stop @property {Promise<void>} done settles when the way is over, well or not
 */

const AT_ONCE = 3;
/** Pictures sent from here are shown from here; so many are remembered. */
const REMEMBERED = 60;

let running = 0;
/** @type {(() => void)[]} */
const queue = [];

function next() {
  while (running < AT_ONCE && queue.length) {
    running += 1;
    queue.shift()?.();
  }
}

/** @returns {Promise<void>} a turn to upload */
function turn() {
  return new Promise((resolve) => {
    queue.push(resolve);
    next();
  });
}

const redraw = () => store.dispatch({type: 'draft'});

/** @param {string} id @param {string} address */
function remember(id, address) {
  local.set(id, address);
  const [oldest] = local.keys();
  if (local.size <= REMEMBERED) return;
  URL.revokeObjectURL(local.get(oldest) ?? '');
  local.delete(oldest);
}

/** @param {any} error @returns {string} why a file was not taken */
function reasonOf(error) {
  if (error.status === 413) return tooBig();
  const code = error.body?.errors?.[0]?.code ?? '';
  return known(`ui.file_problem.${code}`) ? t(`ui.file_problem.${code}`) : problemText(error);
}

const tooBig = () => t('ui.file_problem.file_too_big', {limit: sizeText(boot.files.limit)});

/** @param {File} source @returns {string} what is known to be wrong with it before a byte is sent */
function wrong(source) {
  if (source.size > boot.files.limit) return tooBig();
  return source.size ? '' : t('ui.file_problem.file_empty');
}

/** @param {any} error @returns {boolean} the network or the server, not the file */
const passing = ({status = 0}) => status === 0 || status === 401 || status === 429 || status >= 500;

/** @param {Tile} tile */
async function carry(tile) {
  const {source, file, key} = tile;
  if (!source) return;
  await turn();
  try {
    tile.stop.signal.throwIfAborted();
    tile.state = 'uploading';
    redraw();
    const told = (/** @type {number} */ share) => {
      tile.progress = share;
      redraw();
    };
    const {id, url, kind, name, mime, size, width, height} = await api.upload(source, file.name, key, told, tile.stop.signal);
    tile.file = {...file, id, url, kind, name, mime, size, width, height};
    tile.state = 'ready';
    if (file.preview) remember(id, file.preview);
  } catch (error) {
    if (tile.unfit) return;
    tile.state = 'failed';
    tile.lasting = !passing(/** @type {any} */ (error));
    tile.reason = reasonOf(error);
  } finally {
    running -= 1;
    next();
  }
}

/** @param {Tile} tile */
function start(tile) {
  tile.state = 'waiting';
  tile.progress = 0;
  tile.reason = '';
  tile.done = carry(tile).then(redraw);
}

/** @param {Tile} tile try it again */
export function again(tile) {
  if (tile.state !== 'failed' || tile.lasting) return;
  tile.stop = new AbortController();
  start(tile);
}

/** @param {Tile} tile it is not wanted any more */
export function drop(tile) {
  tile.stop.abort();
  if (tile.file.preview && !local.has(tile.file.id)) URL.revokeObjectURL(tile.file.preview);
}

/** @param {Tile} tile @param {string} reason why the channel does not take it, empty: it does; what waits for that goes now */
export function fit(tile, reason) {
  if (tile.unfit ? tile.reason === reason : !reason || tile.state === 'failed') return;
  tile.unfit = Boolean(reason);
  if (reason) {
    tile.stop.abort();
    Object.assign(tile, {state: 'failed', lasting: true, reason});
  } else if (tile.file.id) Object.assign(tile, {state: 'ready', lasting: false, reason});
  else {
    Object.assign(tile, {lasting: false, stop: new AbortController()});
    start(tile);
  }
}

/** @param {File} source @param {string} unfit why the channel does not take it @returns {Tile} on its way at once, unless it is known to be refused */
export function upload(source, unfit) {
  const picture = isPicture(source.type);
  const tile = {
    ...bare({
      id: '',
      key: newId(),
      kind: picture ? 'photo' : 'document',
      name: source.name,
      mime: source.type,
      size: source.size,
      width: 0,
      height: 0,
      seconds: 0,
      url: null,
      preview: picture ? URL.createObjectURL(source) : '',
    }),
    source,
  };
  const reason = wrong(source);
  if (!reason && unfit) fit(tile, unfit);
  else if (reason) Object.assign(tile, {state: 'failed', lasting: true, reason});
  else start(tile);
  return tile;
}

/** @param {Attachment} file one that is on the server already @returns {Tile} */
export function bare(file) {
  return {
    key: file.key || file.id,
    state: 'ready',
    progress: 1,
    reason: '',
    lasting: false,
    unfit: false,
    source: null,
    file,
    stop: new AbortController(),
    done: Promise.resolve(),
  };
}
