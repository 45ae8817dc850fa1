/** The login page: shows the password on wish, and says goodbye to a second click. */

const reveal = document.getElementById('reveal');
const password = /** @type {HTMLInputElement|null} */ (document.getElementById('password'));

reveal?.addEventListener('click', () => {
  if (!password) return;
  const shown = password.type === 'password';
  password.type = shown ? 'text' : 'password';
  reveal.setAttribute('aria-pressed', String(shown));
  password.focus();
});

document.querySelector('form')?.addEventListener('submit', (event) => {
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = 'true';
});

addEventListener('pageshow', () => delete document.querySelector('form')?.dataset.sent);
