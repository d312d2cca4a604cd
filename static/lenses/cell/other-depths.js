/** The figures of the depths that are not there at once. */
import { unitFigure } from "../unit/figure.js";
import { unrolledFigure } from "../unrolled/figure.js";

export const OTHERS = { sentence: unrolledFigure, unit: unitFigure };
