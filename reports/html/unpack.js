'use strict';

window.asyncbench = {};

// What the page holds compressed: data, and Vega, which would be a half of it otherwise.
(() => {
  const unpackText = async (text) => {
    const packed = atob(text);
    const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Response(unpacked).text();
  };

  const unpack = (id) => unpackText(document.getElementById(id).textContent);

  const run = (text) => {
    const script = document.createElement('script');
    script.textContent = text;
    document.head.append(script);
    script.remove();
  };

  asyncbench.unpack = unpack;
  asyncbench.unpackText = unpackText;
  // Beside the page it is loaded already.
  asyncbench.vegaLoaded = document.getElementById('vega') ? unpack('vega').then(run) : Promise.resolve();
})();
