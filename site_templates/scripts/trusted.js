// The page's only Trusted Types policy: the browser asks it before any text becomes markup or a script's address.
// Leaflet writes the marks of its buttons as markup; those pass, and everything else is shown as typed.
const DRAWN = [
  /^<svg\/>$/,
  /^<span aria-hidden="true">(?:\+|&#x2212;|&#215;)<\/span>$/,
  /^<input type="radio" class="leaflet-control-layers-selector" name="leaflet-base-layers_\d+"(?: checked="checked")?\/>$/,
]

export function asMarkup(text) {
  if (DRAWN.some((known) => known.test(text))) return text
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
}

export function asScriptAddress(address) {
  if (new URL(address, document.baseURI).href.startsWith(`${location.origin}/`)) return address
  throw new TypeError(`not a script of this site: ${address}`)
}

window.trustedTypes?.createPolicy("default", { createHTML: asMarkup, createScriptURL: asScriptAddress })
