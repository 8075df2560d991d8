// Before the page is drawn, so that it does not flash in the other theme.
document.documentElement.dataset.theme = (() => {
  try {
    return localStorage.theme || 'system';
  } catch {
    return 'system';
  }
})();
