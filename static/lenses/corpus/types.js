/**
 * What /api/corpora answers, as docs/corpus.md has it.
 *
 * @typedef {{id: string, title: string, model: {id: string, served_as: string | null},
 *   texts: number, tokens: number, layers: {name: string, units: number, quantities: string[]}[],
 *   match: {quantity: string, threshold: number}}} CorpusRow
 * @typedef {{edges: number[], counts: number[]}} Histogram
 * @typedef {{sentence: number, timestep: number, value: number, first: number, tokens: string[],
 *   values: number[]}} Place
 * @typedef {{token: string, count: number, mean: number, effect: number | null}} Word
 * @typedef {{label: string, weight: number, effect: number}} LabelEffect
 * @typedef {{unit: number, mean: number, saturation: {low: number, high: number},
 *   histogram: Histogram, highest: Place[], opens: Word[], closes: Word[]}} UnitRow
 * @typedef {{unit: number, quantity: string, count: number, mean: number, minimum: number,
 *   maximum: number, saturation: {low: number, high: number}, histogram: Histogram,
 *   highest: Place[], lowest: Place[], similar: {unit: number, correlation: number}[],
 *   tokens: Word[], labels: LabelEffect[]}} UnitPage
 * @typedef {{token: string, count: number, sentences: number, contexts: {sentence: number,
 *   timestep: number, first: number, tokens: string[], values: Record<string, number>}[]}} WordPage
 * @typedef {{on: number[], units: number[], matches: {sentence: number, from: number, to: number,
 *   shared: number, first: number, tokens: string[]}[]}} Matches
 */
export {};
