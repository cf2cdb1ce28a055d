'use strict';

// On paper nothing can be opened or chosen, and a chart as wide as the screen would be shrunk until nobody can read it:
// for the printer all is opened and drawn as wide as a sheet of A4, and afterwards it is as it was.
(() => {
  const paperPixels = 660; // of A4 and Letter with their margins, less those of a figure
  let closed = [];

  // A view that fits its place sets its width to what axes leave of it, and takes what it has already for no change.
  const widen = async (view, width) => {
    if (view.width() === width) await view.width(width + 1).runAsync();
    await view.width(width).runAsync();
  };
  const views = () => asyncbench.results.flatMap((result) => Object.values(result.views));

  addEventListener('beforeprint', () => {
    closed = [...document.querySelectorAll('details:is(.how, .fold, .on-paper):not([open])')];
    for (const details of closed) details.open = true;
    // Rendered before the printer looks: nothing in a view waits for more than the end of this listener.
    for (const view of views()) widen(view, paperPixels);
  });

  addEventListener('afterprint', () => {
    for (const details of closed.splice(0)) details.open = false;
    for (const view of views()) widen(view, view.container().clientWidth);
  });
})();
