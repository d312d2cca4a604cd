/**
 * The colours of the gates and of the timeline's bands as people see them who lack a kind of cone: simulated by the matrices of
 * Machado, Oliveira and Fernandes (2009) for full severity, compared by CIEDE2000 (Sharma, Wu and
 * Dalal 2005).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { colorAt, contrast } from "../../../static/draw/color.js";
import { gaugeOf, scaleOf } from "../../../static/cells/quantities.js";
import { THEMES, sizes } from "../../../static/core/theme.js";

/** In linear RGB, a row for each channel that comes out. @type {Record<string, number[][]>} */
const SIGHT = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** @param {string} hex @returns {number[]} linear red, green, blue in 0..1 */
const linear = (hex) =>
  [1, 3, 5].map((at) => {
    const s = parseInt(hex.slice(at, at + 2), 16) / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });

/** @param {number[][]} matrix @param {number[]} vector */
const times = (matrix, vector) =>
  matrix.map((row) => row.reduce((sum, weight, k) => sum + weight * vector[k], 0));

/** CIELAB under D65. @param {number[]} rgb linear @returns {number[]} */
function lab(rgb) {
  const xyz = times(
    [
      [0.4124564, 0.3575761, 0.1804375],
      [0.2126729, 0.7151522, 0.072175],
      [0.0193339, 0.119192, 0.9503041],
    ],
    rgb.map((c) => Math.min(1, Math.max(0, c))),
  );
  const [x, y, z] = [xyz[0] / 0.95047, xyz[1], xyz[2] / 1.08883].map((t) =>
    t > 216 / 24389 ? Math.cbrt(t) : (841 / 108) * t + 4 / 29,
  );
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const RAD = Math.PI / 180;

/** CIEDE2000. @param {number[]} one @param {number[]} other both CIELAB */
function difference([l1, a1, b1], [l2, a2, b2]) {
  const meanC = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const stretch = 1 + 0.5 * (1 - Math.sqrt(meanC ** 7 / (meanC ** 7 + 25 ** 7)));
  const [p1, p2] = [a1 * stretch, a2 * stretch];
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)];
  const hue = (/** @type {number} */ a, /** @type {number} */ b) =>
    a === 0 && b === 0 ? 0 : (Math.atan2(b, a) / RAD + 360) % 360;
  const [h1, h2] = [hue(p1, b1), hue(p2, b2)];
  const grey = c1 * c2 === 0;
  let turn = grey ? 0 : h2 - h1;
  if (turn > 180) turn -= 360;
  if (turn < -180) turn += 360;
  const [dL, dC] = [l2 - l1, c2 - c1];
  const dH = 2 * Math.sqrt(c1 * c2) * Math.sin((turn / 2) * RAD);
  const [L, C] = [(l1 + l2) / 2, (c1 + c2) / 2];
  let H = h1 + h2;
  if (!grey) {
    if (Math.abs(h1 - h2) <= 180) H /= 2;
    else H = H < 360 ? (H + 360) / 2 : (H - 360) / 2;
  }
  const T =
    1 -
    0.17 * Math.cos((H - 30) * RAD) +
    0.24 * Math.cos(2 * H * RAD) +
    0.32 * Math.cos((3 * H + 6) * RAD) -
    0.2 * Math.cos((4 * H - 63) * RAD);
  const sL = 1 + (0.015 * (L - 50) ** 2) / Math.sqrt(20 + (L - 50) ** 2);
  const sC = 1 + 0.045 * C;
  const sH = 1 + 0.015 * C * T;
  const twist =
    -Math.sin(60 * RAD * Math.exp(-(((H - 275) / 25) ** 2))) *
    2 *
    Math.sqrt(C ** 7 / (C ** 7 + 25 ** 7));
  return Math.sqrt(
    (dL / sL) ** 2 + (dC / sC) ** 2 + (dH / sH) ** 2 + twist * (dC / sC) * (dH / sH),
  );
}

test("the colour difference is that of the published pairs", () => {
  /** @type {[number[], number[], number][]} */
  const published = [
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
  ];
  for (const [one, other, wanted] of published) {
    assert.ok(Math.abs(difference(one, other) - wanted) < 1e-4);
  }
});

const GATES = /** @type {const} */ (["forget_gate", "input_gate", "candidate", "output_gate"]);
const STATES = /** @type {const} */ (["cell_state", "hidden_state"]);
const APART = 10; // CIEDE2000: plainly another colour at a glance, side by side or not

for (const theme of Object.values(THEMES)) {
  for (const [sight, matrix] of Object.entries(SIGHT)) {
    test(`in the ${theme.name} theme gates and states are told apart with ${sight} sight`, () => {
      const names = [...GATES, ...STATES];
      const seen = names.map((name) => lab(times(matrix, linear(theme.quantity[name]))));
      names.forEach((name, i) =>
        names.slice(0, i).forEach((other, j) => {
          const apart = difference(seen[i], seen[j]);
          assert.ok(apart >= APART, `${name} and ${other}: ${apart.toFixed(1)}`);
        }),
      );
    });
  }
}

for (const theme of Object.values(THEMES)) {
  for (const [sight, matrix] of Object.entries(SIGHT)) {
    test(`in the ${theme.name} theme bands are told apart, and from gates, with ${sight} sight`, () => {
      const others = [...GATES, ...STATES].map((name) => theme.quantity[name]);
      const seen = (/** @type {string} */ color) => lab(times(matrix, linear(color)));
      theme.bands.forEach((band, k) =>
        [...theme.bands.slice(0, k), ...others].forEach((other) => {
          const apart = difference(seen(band), seen(other));
          assert.ok(apart >= APART, `${band} and ${other}: ${apart.toFixed(1)}`);
        }),
      );
    });
  }
  test(`in the ${theme.name} theme a band stands out from the paper and can be written on`, () => {
    for (const band of theme.bands) {
      assert.ok(contrast(band, theme.paper) >= 3, band);
      assert.ok(contrast(band, theme.on_band) >= 4.5, band);
    }
  });
}

/** How far a colour is from grey. @param {string} hex */
const chroma = (hex) => Math.hypot(...lab(linear(hex)).slice(1));

/** @param {string} hex @returns {number} degrees */
const hueOf = (hex) => {
  const [, a, b] = lab(linear(hex));
  return (Math.atan2(b, a) / RAD + 360) % 360;
};

for (const theme of Object.values(THEMES)) {
  test(`in the ${theme.name} theme a hue says one thing: signs, sizes and words beside have none`, () => {
    const plain = [theme.paper, theme.panel, theme.ink, theme.muted, theme.line, theme.gauge];
    const scales = [...theme.signed, ...sizes(theme)].map(([, color]) => color);
    for (const color of [...plain, ...scales]) assert.ok(chroma(color) < 12, color);
    const hued = [...GATES.map((name) => theme.quantity[name]), ...theme.bands];
    for (const color of hued) assert.ok(chroma(color) > 25, color);
    for (const gate of GATES.filter((name) => name !== "candidate")) {
      const hue = theme.quantity[gate];
      for (const color of [colorAt(scaleOf(gate, theme), 1), gaugeOf(gate, 1, 1, theme).color]) {
        assert.ok(Math.abs(hueOf(color) - hueOf(hue)) < 25, `${gate}: ${color}`);
      }
    }
  });
}
