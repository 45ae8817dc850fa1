/** What the widget knows at this moment: one state, changed by events alone, and who is told of it. */

import {apply, initial} from './store.js';

/** @typedef {import('./store.js').State} State */

let state = initial();
let watch = () => {};
let after = () => {};
/** @type {import('./line.js').Line|null} */
let line = null;

/** @returns {State} */
export const current = () => state;

/** @returns {import('./line.js').Line|null} */
export const lineNow = () => line;

/** @param {import('./line.js').Line|null} made */
export function holdLine(made) {
  line = made;
}

/** @param {() => void} call after every change */
export function onChange(call) {
  watch = call;
}

/** @param {() => void} call after every event, before it is drawn */
export function onEvent(call) {
  after = call;
}

/** @param {Partial<State>} values what changes without a drawing */
export function put(values) {
  state = {...state, ...values};
}

/** @param {Partial<State>} [kept] begin anew with these */
export function renew(kept = {}) {
  state = {...initial(), ...kept};
  watch();
}

/** @param {any} event */
export function dispatch(event) {
  const before = state;
  state = apply(state, event);
  if (state === before) return;
  after();
  watch();
}

/** @param {Partial<State>} values */
export const set = (values) => dispatch({type: 'set', values});
