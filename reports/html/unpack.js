'use strict';

window.asyncbench = {};
document.documentElement.classList.add('scripted');

// What the page holds compressed: data, and what draws it, which would be a half of the page otherwise. packing.hpp and
// packed_run.hpp say how.
(() => {
  const letters = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).filter((c) => !'<>&'.includes(c));
  const valueOf = new Uint8Array(128);
  letters.forEach((letter, value) => (valueOf[letter.charCodeAt(0)] = value));

  // Two characters are 13 bits; a single one at the end has 6.
  const bytesOf = (text) => {
    const bytes = new Uint8Array(Math.floor(((text.length >> 1) * 13 + (text.length % 2) * 6) / 8));
    let waiting = 0;
    let bits = 0;
    let next = 0;
    for (let i = 0; i < text.length; i += 2) {
      const pair = i + 1 < text.length;
      const low = valueOf[text.charCodeAt(i)];
      waiting |= (pair ? low + valueOf[text.charCodeAt(i + 1)] * letters.length : low) << bits;
      for (bits += pair ? 13 : 6; bits >= 8; bits -= 8) {
        bytes[next++] = waiting;
        waiting >>>= 8;
      }
    }
    return bytes;
  };

  const through = (bytes, stream) => new Response(new Blob([bytes]).stream().pipeThrough(stream));

  const unpackBytes = async (text) => {
    const unpacked = through(bytesOf(text.trim()), new DecompressionStream('gzip'));
    return new Uint8Array(await unpacked.arrayBuffer());
  };
  const unpackText = async (text) => new TextDecoder().decode(await unpackBytes(text));
  const textOf = (id) => document.getElementById(id)?.textContent;
  const unpack = (id) => unpackText(textOf(id));

  // HdrHistogram's V2 compressed encoding in base64, of V2 that is not compressed.
  const hdrOf = async (plain) => {
    const deflated = await through(plain, new CompressionStream('deflate')).arrayBuffer();
    const bytes = new Uint8Array(8 + deflated.byteLength);
    const header = new DataView(bytes.buffer);
    header.setUint32(0, 0x1c849314);
    header.setUint32(4, deflated.byteLength);
    bytes.set(new Uint8Array(deflated), 8);
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  };

  const timelineOf = ([ids, waits, gaps, times]) => {
    let before = 0;
    const sent = gaps.map((gap) => (before += gap));
    return {
      id: ids,
      intended_ns: sent.map((time, i) => time - waits[i]),
      sent_ns: sent,
      done_ns: sent.map((time, i) => time + times[i]),
    };
  };

  // What the page holds of a result: what is shown besides, in the first line, and the JSON.
  const holdOf = async (text) => {
    const data = await unpackText(text);
    const end = data.indexOf('\n');
    return { shown: JSON.parse(data.slice(0, end)), json: data.slice(end + 1) };
  };

  const withTimes = (trial) =>
    trial.timeline?.deltas ? { ...trial, timeline: timelineOf(trial.timeline.deltas) } : trial;
  const unpackData = async (text) => {
    const { shown, json } = await holdOf(text);
    const result = JSON.parse(json);
    return { shown, result: result.trials ? { ...result, trials: result.trials.map(withTimes) } : result };
  };

  // The text of a result as it was before it was packed. It stays text: numbers of 64 bits would not survive a parser's
  // doubles. What stands in a string of it is no match, as its quotes have backslashes.
  const unpackResult = async (id) => {
    const { json } = await holdOf(textOf(`${id}-json`));
    const plainTimes = (_, deltas) => `"timeline":${JSON.stringify(timelineOf(JSON.parse(deltas)))}`;
    const text = json.replace(/"timeline":\{"deltas":(\[[^}]*\])\}/g, plainTimes);
    const packed = textOf(`${id}-histograms`);
    if (packed === undefined) return text;
    const bytes = await unpackBytes(packed);
    const [first, ...rest] = text.split(/"hdr":\{"bytes":(?=\d+\})/);
    let next = 0;
    const filled = rest.map(async (part) => {
      const size = parseInt(part, 10);
      next += size;
      return `"hdr":"${await hdrOf(bytes.subarray(next - size, next))}"${part.slice(part.indexOf('}') + 1)}`;
    });
    return first + (await Promise.all(filled)).join('');
  };

  const run = (text) => {
    const script = document.createElement('script');
    script.textContent = text;
    document.head.append(script);
    script.remove();
    if (!asyncbench.chart) throw new Error('this page may not run its script here');
  };

  asyncbench.canUnpack = 'DecompressionStream' in window && 'CompressionStream' in window;
  asyncbench.unpackData = unpackData;
  asyncbench.unpackResult = unpackResult;
  // Once it is done, charts can be drawn. Beside the page what draws them is loaded at once.
  asyncbench.canDraw = textOf('drawing') === undefined ? Promise.resolve() : unpack('drawing').then(run);
  asyncbench.canDraw.catch(() => {}); // whoever draws hears of it
})();
