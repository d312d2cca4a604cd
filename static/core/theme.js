/**
 * Colours and type, as data. The CSS variables in ui/page.css hold the same values for the page.
 *
 * @typedef {object} Theme
 * @property {"light" | "dark"} name
 * @property {string} paper what a figure stands on
 * @property {string} panel the body of a cell
 * @property {string} ink text and outlines
 * @property {string} muted secondary text, plain wires
 * @property {string} line hairlines
 * @property {Record<import("./types.js").Quantity | "input", string>} quantity one hue each
 * @property {string[]} bands the timeline's, for answers and words that matter: none is a gate's
 * @property {string} on_band what is written on them
 * @property {string} empty where a gate is shut, or a size is 0
 * @property {[number, string][]} signed scale for x, g, c, h and weights, symmetric about 0: without a
 *   hue, since every hue is a gate's or a word's
 * @property {string} gauge the bar of a signed number, from the middle
 * @property {string} font
 */

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

/** @type {Record<"light" | "dark", Theme>} */
export const THEMES = {
  light: {
    name: "light",
    paper: "#fcfbf7",
    panel: "#eef0ee",
    ink: "#1d232b",
    muted: "#5b6470",
    line: "#cfd4d3",
    quantity: {
      input: "#5b6470",
      forget_gate: "#b54b13",
      input_gate: "#007259",
      candidate: "#8f4a86",
      output_gate: "#065ec8",
      update_gate: "#b54b13", // a GRU has no forget gate, and its update gate does the same
      reset_gate: "#065ec8",
      cell_state: "#2a3340",
      hidden_state: "#5f3b00",
    },
    bands: ["#b88840", "#20a098", "#9078f8", "#f84888"],
    on_band: "#1d232b",
    empty: "#f6f4ef",
    signed: [
      [0, "#1d232b"],
      [0.5, "#aeb3b6"],
      [1, "#ffffff"],
    ],
    gauge: "#b3bac0",
    font: FONT,
  },
  dark: {
    name: "dark",
    paper: "#14181d",
    panel: "#1f262d",
    ink: "#eceae4",
    muted: "#a3adb8",
    line: "#39434d",
    quantity: {
      input: "#a3adb8",
      forget_gate: "#f08a4b",
      input_gate: "#3fc1a0",
      candidate: "#d58fc4",
      output_gate: "#6097ff",
      update_gate: "#f08a4b",
      reset_gate: "#6097ff",
      cell_state: "#c9d3df",
      hidden_state: "#ffc84a",
    },
    bands: ["#b07808", "#389088", "#a070b8", "#f83070"],
    on_band: "#14181d",
    empty: "#262c33",
    signed: [
      [0, "#05070a"],
      [0.5, "#566069"],
      [1, "#f7f5ef"],
    ],
    gauge: "#4f5a65",
    font: FONT,
  },
};

/** The scale of sizes, from nothing on. @param {Theme} theme @returns {[number, string][]} */
export const sizes = (theme) => [
  [0, theme.empty],
  [1, theme.ink],
];

/** What is saved as a picture: on white, in fonts that every program knows. @type {Theme} */
export const PRINT = {
  ...THEMES.light,
  paper: "#ffffff",
  font: 'Arial, Helvetica, "Liberation Sans", "Noto Sans", sans-serif',
};
