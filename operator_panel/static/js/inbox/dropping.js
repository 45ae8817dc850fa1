/** Files dragged over the conversation or pasted into it. */

import {takesText} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {toast} from 'mostik/core/toasts.js';
import {mayWrite, store} from 'mostik/inbox/desk.js';
import {attach, FIELD} from 'mostik/inbox/intake.js';

/** @param {DataTransfer|null} data @returns {boolean} are they files from outside */
const bringsFiles = (data) => data?.types.includes('Files') ?? false;

/** @returns {HTMLElement} */
const zone = () => /** @type {HTMLElement} */ (document.getElementById('thread'));

/** @param {EventTarget|null} target @returns {boolean} would files let go here be attached */
function takes(target) {
  return mayWrite && store.state.thread?.state === 'ready' && target instanceof Node && zone().contains(target);
}

/** @param {boolean} shown */
function showZone(shown) {
  const note = store.state.mode === 'note';
  zone().classList.toggle('drop-note', shown && note);
  if (shown) zone().dataset.drop = t(note ? 'ui.tray.drop_note' : 'ui.tray.drop');
  else delete zone().dataset.drop;
}

/** @param {DragEvent} event a file let go beside the conversation must not open in place of the page */
function onDrag(event) {
  if (!bringsFiles(event.dataTransfer)) return;
  event.preventDefault();
  const here = takes(event.target);
  if (event.dataTransfer) event.dataTransfer.dropEffect = here ? 'copy' : 'none';
  showZone(here);
}

/** @param {DragEvent} event */
function onDrop(event) {
  if (!bringsFiles(event.dataTransfer)) return;
  event.preventDefault();
  showZone(false);
  if (!takes(event.target)) return;
  const items = [...(event.dataTransfer?.items ?? [])].filter((item) => item.kind === 'file');
  const folders = items.filter((item) => item.webkitGetAsEntry?.()?.isDirectory);
  const files = items.filter((item) => !folders.includes(item)).flatMap((item) => item.getAsFile() ?? []);
  if (folders.length) toast(t('ui.tray.folder'), {danger: true});
  attach(files);
  document.getElementById(FIELD)?.focus();
}

/** @param {ClipboardEvent} event pictures; a piece of a document brings its picture along, and its text is meant */
function onPaste(event) {
  const {target, clipboardData} = event;
  if (takesText(target) && /** @type {HTMLElement} */ (target).id !== FIELD) return;
  if (!clipboardData?.files.length || clipboardData.types.includes('text/plain')) return;
  if (document.querySelector('dialog[open]') || !takes(zone())) return;
  event.preventDefault();
  attach(clipboardData.files);
  document.getElementById(FIELD)?.focus();
}

/** Listen for files dragged and pasted. @param {Event[]} before that came before this part had */
export function begin(before) {
  document.addEventListener('dragenter', onDrag);
  document.addEventListener('dragover', onDrag);
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) showZone(false);
  });
  document.addEventListener('drop', onDrop);
  document.addEventListener('paste', onPaste);
  for (const event of before) if (event.type === 'dragenter') onDrag(/** @type {DragEvent} */ (event));
}
