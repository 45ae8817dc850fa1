/** The theme chosen by hand, set before the first paint; without a choice the system decides. A classic script. */

(() => {
  const chosen = localStorage.getItem('playground.theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
})();
