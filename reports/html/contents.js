'use strict';

// The folded list of contents lies over the text: it folds again once it has led somewhere, and by Escape.
(() => {
  const details = document.querySelector('.contents.above > details');
  if (!details) return;
  details.addEventListener('click', ({ target }) => {
    if (target.closest('a')) details.open = false;
  });
  details.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || !details.open) return;
    details.open = false;
    details.querySelector('summary').focus();
  });
})();
