/** Parts of the frame that are fetched when they are first needed, and the sheet that lies over the thread. */

import {nothing} from '../vendor/lit-html/lit-html.js';

/** @type {Map<string, any>} modules by name, null while one is on its way */
const parts = new Map();
/** @type {{name: string, value: any, opener: Element|null, entered: boolean}|null} */
let sheet = null;
let draw = () => {};
let drawNow = () => {};

/** @param {() => void} call draws soon @param {() => void} now draws before it returns */
export function onLater(call, now) {
  draw = call;
  drawNow = now;
}

/** @param {string} name of a module in later/ @returns {any} null: it comes, and is drawn then */
export function part(name) {
  if (!parts.has(name)) {
    parts.set(name, null);
    const came = (/** @type {any} */ module) => (parts.set(name, module), draw());
    import(`./later/${name}.js`).then(came, () => parts.delete(name));
  }
  return parts.get(name) ?? null;
}

/** What a part has changed is drawn. */
export const redraw = () => draw();

/** @param {string} name of its part @param {any} [value] what it shows */
export function openSheet(name, value) {
  sheet = {name, value, opener: document.activeElement, entered: false};
  drawNow();
}

/** @returns {boolean} was there a sheet to close */
export function closeSheet() {
  if (!sheet) return false;
  const {opener} = sheet;
  sheet = null;
  drawNow();
  const back = opener?.isConnected ? opener : document.getElementById('title');
  /** @type {HTMLElement|null} */ (back)?.focus();
  return true;
}

/** @param {import('./store.js').State} state @param {any} config */
export const sheetView = (state, config) => (sheet && part(sheet.name)?.view(sheet.value, state, config)) ?? nothing;

/** A sheet that was just drawn takes the focus, and what lies below it is out of reach. @param {Element} app */
export function enterSheet(app) {
  const drawn = /** @type {HTMLElement|null} */ (sheet && app.querySelector('.sheet'));
  for (const one of app.children) /** @type {HTMLElement} */ (one).inert = Boolean(drawn) && one !== drawn;
  if (!drawn || !sheet || sheet.entered) return;
  sheet.entered = true;
  /** @type {HTMLElement|null} */ (drawn.querySelector('input') ?? drawn.querySelector('h2'))?.focus();
}
