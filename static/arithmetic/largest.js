/** Where the largest of several numbers is. */

/** Where the value furthest from 0 stands. @param {number[]} values */
export function indexOfLargest(values) {
  const sizes = values.map(Math.abs);
  return sizes.indexOf(Math.max(...sizes));
}
