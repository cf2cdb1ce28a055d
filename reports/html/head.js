// Runs before anything is shown, in any browser: what only readers without script need is hidden by the class. It goes
// again where the page's own script does not run, as in a browser that is too old to parse it.
document.documentElement.className += ' scripted';
addEventListener('DOMContentLoaded', function () {
  if (!window.asyncbench) document.documentElement.className = '';
});
