/** The sample shop's own script: the cart, the colour, and signing in, which the widget hears of. */

const root = document.documentElement;
const account = document.querySelector('.entered');
const leave = document.querySelector('.leave');
const KEY = 'shop.customer';

/** Calls made before the widget's script has come wait for it. */
window.Mostik =
  window.Mostik ||
  function () {
    (window.Mostik.q = window.Mostik.q || []).push(arguments);
  };

/** @param {string} name of who is signed in, empty: nobody */
function show(name) {
  account.textContent = name ? root.dataset.entered.replace('{name}', name) : '';
  leave.hidden = !name;
  document.querySelector('.guest').hidden = Boolean(name);
  for (const one of document.querySelectorAll('.enter')) one.hidden = Boolean(name);
}

/** @param {string} customer which of the sample customers */
async function enter(customer) {
  try {
    const answer = await fetch(`${root.dataset.shop}/account/${customer}`);
    if (!answer.ok) throw new Error(String(answer.status));
    const {name, ...person} = await answer.json();
    window.Mostik('identify', {name, ...person});
    localStorage.setItem(KEY, customer);
    show(name);
  } catch {
    account.textContent = root.dataset.failed;
  }
}

for (const one of document.querySelectorAll('.enter')) one.addEventListener('click', () => enter(one.dataset.customer));
leave.addEventListener('click', () => {
  localStorage.removeItem(KEY);
  window.Mostik('reset');
  show('');
});
document.querySelector('[data-testid="ask"]').addEventListener('click', (event) => {
  window.Mostik('open', event.currentTarget.dataset.text);
});
document.querySelector('.buy').addEventListener('click', (event) => {
  event.currentTarget.textContent = event.currentTarget.dataset.done;
});
for (const one of document.querySelectorAll('[name="color"]')) {
  one.addEventListener('change', () => (document.querySelector('.art').dataset.color = one.value));
}
show('');
// A shop knows its customer on every page.
if (localStorage.getItem(KEY)) enter(localStorage.getItem(KEY));
