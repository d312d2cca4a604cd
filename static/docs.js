// @ts-check
// The API's documentation: Swagger UI on this server's own description of itself.

/**
 * What of Swagger UI is used here; its bundle is a classic script and makes one global function.
 *
 * @typedef {(options: Record<string, unknown>) => unknown} SwaggerUI
 */

const { SwaggerUIBundle } = /** @type {{ SwaggerUIBundle: SwaggerUI }} */ (
  /** @type {unknown} */ (window)
);
const root = /** @type {HTMLElement} */ (document.getElementById("docs"));

SwaggerUIBundle({
  url: root.dataset.openapi,
  domNode: root,
  validatorUrl: null, // the public validator would be told what this server offers
  deepLinking: true,
  tryItOutEnabled: true,
  defaultModelsExpandDepth: 0,
});
