/**
 * The one script of a saved page that is written out. The others are compressed and spelled in
 * base64: it unpacks each and puts it in its place, in their order.
 */
(async () => {
  for (const packed of document.querySelectorAll("script[data-type]")) {
    if (!(packed instanceof HTMLScriptElement)) continue;
    const letters = atob(packed.text);
    const bytes = Uint8Array.from({ length: letters.length }, (_, k) => letters.charCodeAt(k));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.type = packed.dataset.type ?? "";
    script.id = packed.id;
    script.text = await new Response(stream).text();
    packed.replaceWith(script);
  }
})().catch((error) => {
  const line = document.querySelector("#saved");
  if (line) line.textContent = `This page could not be unpacked: ${error}. Browsers do since 2023.`;
});
