/**
 * The one script that runs before there is a page: while the first figure is on its way, what
 * stands far below it is not laid out (reading.css). Where no script runs, all of it is.
 */
document.documentElement.dataset.drawing = "";
