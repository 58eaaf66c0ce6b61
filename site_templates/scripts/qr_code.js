// The QR code of an address, drawn in the reader's browser: a code for each of thousands of pages would cost
// the build more than the pages do. Shown on paper alone.
const SVG = "http://www.w3.org/2000/svg"
const QUIET = 4 // modules of empty margin that a scanner needs

export async function drawCode(address) {
  const { correction, generate } = await import("./lean-qr.js")
  const code = generate(address, { minCorrectionLevel: correction.M })
  const modules = []
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) if (code.get(x, y)) modules.push(`M${x} ${y}h1v1h-1z`)
  }
  const side = code.size + 2 * QUIET
  const svg = document.createElementNS(SVG, "svg")
  svg.setAttribute("class", "qr")
  svg.setAttribute("role", "img")
  svg.setAttribute("aria-label", "本页网址的二维码")
  svg.setAttribute("viewBox", `${-QUIET} ${-QUIET} ${side} ${side}`)
  svg.setAttribute("shape-rendering", "crispEdges")
  const path = document.createElementNS(SVG, "path")
  path.setAttribute("d", modules.join(""))
  svg.append(path)
  return svg
}
