/**
 * A picture to take away: figures with a title above, what they were computed from, and a sentence
 * under each, as one SVG that stands by itself. Text in it stays text.
 */
import { escapeText, isolate, readsNumbers, textWidth } from "../draw/text.js";
import { WHOSE_WEIGHTS } from "../words/weights-origin.js";

/** @typedef {import("../core/theme.js").Theme} Theme */
/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {(text: string, size: number) => number} Measure how wide a text is, in pixels */

/**
 * @typedef {object} Panel a figure that has been drawn
 * @property {string} svg
 * @property {number} width
 * @property {number} height
 * @property {string} [title]
 * @property {string} caption
 */

/**
 * @typedef {object} Picture
 * @property {string} title
 * @property {string[]} about what it was computed from, a paragraph each
 * @property {Panel[][]} rows of panels, side by side
 */

const MARGIN = 24;
const GAP = 32; // between panels
const NARROWEST = 320; // for words
const LEADING = 1.4;
const TITLE = 20;
const HEADING = 16;
const TEXT = 13;

const LONGEST = 72; // bytes of a part of a file's name
const BYTES = new TextEncoder();
const LETTERS = /[\p{L}\p{M}\p{N}]+/gu;

const SEGMENTER = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Breaks a text into lines, at blanks where there are any and between what readers take for
 * characters where one word alone is too long. Nothing is left out but the blanks.
 *
 * @param {string} text
 * @param {{width: number, size: number, measure?: Measure}} room in pixels
 * @returns {string[]}
 */
export function wrapText(text, { width, size, measure = textWidth }) {
  const lines = [""];
  const fits = (/** @type {string} */ line) => measure(line, size) <= width;
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines[lines.length - 1];
    const longer = last ? `${last} ${word}` : word;
    if (fits(longer)) {
      lines[lines.length - 1] = longer;
      continue;
    }
    if (last) lines.push("");
    for (const { segment } of SEGMENTER.segment(word)) {
      const line = lines[lines.length - 1] + segment;
      if (line === segment || fits(line)) lines[lines.length - 1] = line;
      else lines.push(segment);
    }
  }
  return lines;
}

/** What was read, in words. @param {Trace} trace */
export function readText(trace) {
  const { asked, tokens, layer } = trace;
  if (asked && "sentence" in asked) return `“${isolate(asked.sentence.trim())}”`;
  if (readsNumbers(trace)) {
    const numbers = layer.features === 1 ? "1 number" : `${layer.features} numbers`;
    return `A series of ${tokens.length} timesteps, ${numbers} each`;
  }
  const own = tokens.filter(({ padded }) => !padded);
  if (asked && "token_ids" in asked) return `Token ids ${own.map(({ id }) => id).join(", ")}`;
  return `“${isolate(own.map(({ text }) => text).join(" "))}”`;
}

/**
 * What a run is: what was read, and whose weights read it.
 *
 * @param {Trace} trace
 * @returns {string[]}
 */
export function aboutRun(trace) {
  const { model, layer, pins = [] } = trace;
  const held =
    pins.length === 0
      ? ""
      : pins.length === 1
        ? ", one held value"
        : `, ${pins.length} held values`;
  const whose = WHOSE_WEIGHTS[model.provenance.kind];
  return [readText(trace), `Model: ${isolate(model.title)} (${whose}), layer ${layer.name}${held}`];
}

/**
 * A name for a file, of parts that people may have written: letters and digits of any script, and
 * short enough for any disk.
 *
 * @param {string[]} parts
 * @param {string} extension
 */
export function fileName(parts, extension) {
  const safe = parts.map((part) => {
    const words = part.normalize("NFC").toLowerCase().match(LETTERS)?.join("-") ?? "";
    let kept = "";
    let room = LONGEST;
    for (const { segment } of SEGMENTER.segment(words.slice(0, LONGEST))) {
      room -= BYTES.encode(segment).length;
      if (room < 0) break;
      kept += segment;
    }
    return kept.replace(/-$/, "");
  });
  return `${safe.filter(Boolean).join("_") || "picture"}.${extension}`;
}

/**
 * @param {Picture} picture
 * @param {{theme: Theme, measure?: Measure}} options
 * @returns {{svg: string, width: number, height: number}}
 */
export function pictureSvg({ title, about, rows }, { theme, measure }) {
  const across = Math.max(NARROWEST, ...rows.map(widthOf));
  const words = wordsIn(theme, measure);
  const parts = [
    words(title, { width: across, size: TITLE, color: theme.ink, bold: true }),
    ...about.map((text) => words(text, { width: across, size: TEXT, color: theme.muted })),
  ];
  let top = MARGIN;
  const body = parts.map(({ height, at }) => {
    const drawn = at(MARGIN, top);
    top += height;
    return drawn;
  });
  for (const row of rows) {
    top += 12;
    let left = MARGIN;
    const panels = row.map((panel) => {
      const drawn = panelAt(panel, { left, top, theme, words, alone: row.length === 1, across });
      left += panel.width + GAP;
      return drawn;
    });
    body.push(...panels.map(({ drawn }) => drawn));
    top += Math.max(...panels.map(({ height }) => height));
  }
  const size = { width: across + 2 * MARGIN, height: Math.ceil(top + MARGIN - 6) };
  return { svg: clean(documentOf(title, body, { ...size, theme })), ...size };
}

/** @param {Panel[]} row */
const widthOf = (row) => row.reduce((sum, { width }) => sum + width, 0) + GAP * (row.length - 1);

/** @param {Theme} theme @param {Measure} [measure] */
const wordsIn =
  (theme, measure) =>
  /**
   * @param {string} text
   * @param {{width: number, size: number, color: string, bold?: boolean}} style
   */
  (text, { width, size, color, bold = false }) => {
    const lines = wrapText(text, { width, size, measure });
    const step = size * LEADING;
    return {
      height: lines.length * step,
      /** @param {number} x @param {number} y */
      at: (x, y) =>
        `<text font-size="${size}" fill="${color}"${bold ? ' font-weight="700"' : ""}>` +
        lines
          .map(
            (line, k) =>
              `<tspan x="${x}" y="${tenth(y + k * step + size)}">${escapeText(line)}</tspan>`,
          )
          .join("") +
        `</text>`,
    };
  };

/**
 * @param {Panel} panel
 * @param {{left: number, top: number, theme: Theme, words: ReturnType<typeof wordsIn>,
 *   alone: boolean, across: number}} place alone: its words may go beyond it
 */
function panelAt({ svg, width, height, title, caption }, place) {
  const { left, top, theme, words, alone, across } = place;
  const room = { width: alone ? across : width };
  const heading = title
    ? words(title, { ...room, size: HEADING, color: theme.ink, bold: true })
    : null;
  const under = words(caption, { ...room, size: TEXT, color: theme.ink });
  const head = heading ? heading.height + 6 : 0;
  const placed = svg.replace(/^[^]*?<svg /, `<svg x="${left}" y="${tenth(top + head)}" `);
  return {
    drawn: (heading?.at(left, top) ?? "") + placed + under.at(left, top + head + height + 8),
    height: head + height + 8 + under.height + 8,
  };
}

/** @param {number} value */
const tenth = (value) => Math.round(value * 10) / 10;

/**
 * @param {string} title
 * @param {string[]} body
 * @param {{width: number, height: number, theme: Theme}} options
 */
const documentOf = (title, body, { width, height, theme }) =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
  `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" ` +
  `font-family="${theme.font.replaceAll('"', "'")}">` +
  `<title>${escapeText(title)}</title>` +
  `<rect width="${width}" height="${height}" fill="${theme.paper}"/>` +
  `${body.join("")}</svg>`;

/** Without the signs that XML does not allow. @param {string} svg */
const clean = (svg) =>
  svg.replace(/[\p{Cs}\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu, "");
