// How far apart two colours of the style sheet look, to eyes with and without a colour vision deficiency.

const toLinear = (share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);

// `#rrggbb` as linear RGB, IEC 61966-2-1.
export const linearOf = (hex) => [1, 3, 5].map((at) => toLinear(parseInt(hex.slice(at, at + 2), 16) / 255));

const times = (matrix, vector) => matrix.map((row) => row.reduce((sum, factor, i) => sum + factor * vector[i], 0));

// Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG
// 15(6), 2009: the matrices of severity 1.0, on linear RGB.
const deficiencies = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

export const visions = ['normal', ...Object.keys(deficiencies)];

const seenBy = (vision, linear) =>
  vision === 'normal' ? linear : times(deficiencies[vision], linear).map((each) => Math.min(1, Math.max(0, each)));

// CIELAB under D65, from linear RGB by way of the XYZ of IEC 61966-2-1.
const labOf = (linear) => {
  const xyz = times(
    [
      [0.4124, 0.3576, 0.1805],
      [0.2126, 0.7152, 0.0722],
      [0.0193, 0.1192, 0.9505],
    ],
    linear,
  );
  const [x, y, z] = [xyz[0] / 0.9505, xyz[1], xyz[2] / 1.089].map((t) =>
    t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116,
  );
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
};

export const labSeenBy = (vision, hex) => labOf(seenBy(vision, linearOf(hex)));

// CIEDE2000 of two CIELAB colours, named as in Sharma, Wu and Dalal, "The CIEDE2000 Color-Difference Formula", Color
// Research and Application 30(1), 2005, with kL = kC = kH = 1.
export const ciede2000 = ([L1, a1, b1], [L2, a2, b2]) => {
  const degrees = (radians) => (radians * 180) / Math.PI;
  const radians = (angle) => (angle * Math.PI) / 180;
  const weight = (chroma) => Math.sqrt(chroma ** 7 / (chroma ** 7 + 25 ** 7));
  const G = 0.5 * (1 - weight((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2));
  const polar = (a, b) => {
    const stretched = (1 + G) * a;
    return [Math.hypot(stretched, b), (degrees(Math.atan2(b, stretched)) + 360) % 360];
  };
  const [C1, h1] = polar(a1, b1);
  const [C2, h2] = polar(a2, b2);
  const isGrey = C1 * C2 === 0;
  let turn = isGrey ? 0 : h2 - h1;
  if (turn > 180) turn -= 360;
  if (turn < -180) turn += 360;
  const dL = L2 - L1;
  const dC = C2 - C1;
  const dH = 2 * Math.sqrt(C1 * C2) * Math.sin(radians(turn) / 2);
  const L = (L1 + L2) / 2;
  const C = (C1 + C2) / 2;
  let h = (h1 + h2) / 2;
  if (isGrey) h = h1 + h2;
  else if (Math.abs(h1 - h2) > 180) h += h1 + h2 < 360 ? 180 : -180;
  const T =
    1 -
    0.17 * Math.cos(radians(h - 30)) +
    0.24 * Math.cos(radians(2 * h)) +
    0.32 * Math.cos(radians(3 * h + 6)) -
    0.2 * Math.cos(radians(4 * h - 63));
  const SL = 1 + (0.015 * (L - 50) ** 2) / Math.sqrt(20 + (L - 50) ** 2);
  const SC = 1 + 0.045 * C;
  const SH = 1 + 0.015 * C * T;
  const RT = -Math.sin(radians(60 * Math.exp(-(((h - 275) / 25) ** 2)))) * 2 * weight(C);
  return Math.sqrt((dL / SL) ** 2 + (dC / SC) ** 2 + (dH / SH) ** 2 + RT * (dC / SC) * (dH / SH));
};

// The two of the colours that are hardest to tell apart, by the vision that finds it hardest.
export const closest = (colours) => {
  let found = { difference: Infinity };
  for (const vision of visions) {
    const labs = colours.map((hex) => labSeenBy(vision, hex));
    for (let i = 0; i < labs.length; ++i) {
      for (let j = 0; j < i; ++j) {
        const difference = ciede2000(labs[i], labs[j]);
        if (difference < found.difference) found = { difference, vision, colours: [colours[j], colours[i]] };
      }
    }
  }
  return found;
};

// WCAG 2.2, "contrast ratio".
export const contrast = (one, other) => {
  const luminance = (hex) => linearOf(hex).reduce((sum, each, i) => sum + each * [0.2126, 0.7152, 0.0722][i], 0);
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};
