/** Menus that a press of the mouse opens: while the button is down they wait, for letting go of it would close them. */

/** @param {MouseEvent} event that asks for a menu @param {() => void} open */
export function whenLetGo(event, open) {
  if (event.buttons) addEventListener('pointerup', () => setTimeout(open), {once: true, capture: true});
  else open();
}
