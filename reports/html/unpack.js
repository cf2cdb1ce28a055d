'use strict';

window.asyncbench = {};

// What the page holds compressed: data, and Vega, which would be a half of it otherwise.
(() => {
  const unpack = async (id) => {
    const packed = atob(document.getElementById(id).textContent);
    const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Response(unpacked).text();
  };

  const run = (text) => {
    const script = document.createElement('script');
    script.textContent = text;
    document.head.append(script);
    script.remove();
  };

  asyncbench.unpack = unpack;
  asyncbench.vegaLoaded = unpack('vega').then(run);
})();
