'use strict';

// Saves charts as pictures, with their heading, what was chosen, what is left out, their caption, their source and a
// legend of what they draw: what is cut out of the page must still say what it shows.
(() => {
  const { byValue } = asyncbench.theme;
  const { choices, embed, prepare, strategiesDrawn, words } = asyncbench.chart;
  const { wrapped } = asyncbench.rows;
  const picture = { width: 900, pixelRatio: 2, letters: 145 };

  const specification = (result, name, heading) => {
    const chosen = choices(result, name);
    const inLegend = strategiesDrawn(result, name);
    const spec = prepare(result, name, { colour: byValue, inLegend, chosen, width: picture.width });
    for (const param of spec.params ?? []) delete param.bind;
    const leftOut = result.left_out?.[name] ?? [];
    const said = [words(result, name).join(' · '), ...leftOut, result.captions[name], result.source].filter(Boolean);
    spec.title = { text: heading, subtitle: said.flatMap((text) => wrapped(text, picture.letters)) };
    spec.width = picture.width;
    spec.background = byValue('page');
    spec.padding = 16;
    spec.config.legend.columns = 4;
    return spec;
  };

  const save = async (result, name, heading, format) => {
    const place = document.createElement('div');
    const { view } = await embed(place, specification(result, name, heading), 'none');
    const blob =
      format === 'svg'
        ? new Blob([await view.toSVG()], { type: 'image/svg+xml' })
        : await new Promise((take) => view.toCanvas(picture.pixelRatio).then((canvas) => canvas.toBlob(take)));
    view.finalize();
    asyncbench.offer(blob, `asyncbench-${name}.${format}`);
  };

  // Buttons beside the figure's heading.
  const add = (result, figure, name, heading) => {
    const tools = document.createElement('div');
    tools.className = 'tools';
    for (const format of ['svg', 'png']) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = format.toUpperCase();
      button.setAttribute('aria-label', `Save as ${format.toUpperCase()}: ${heading}`);
      button.addEventListener('click', () => save(result, name, heading, format));
      tools.append(button);
    }
    figure.prepend(tools);
  };

  asyncbench.save = { add };
})();
