// What every page does: display settings, the phone menu, search, the print button.
import "./trusted.js"
import "./display_panel.js"
import { element } from "./elements.js"
import "./map.js"
import "./offline.js"
import "./stamp.js"

function startMenu(menu) {
  const close = () => menu.removeAttribute("open")
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) close()
  })
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return
    close()
    menu.querySelector("summary").focus()
  })
}

// The sheet ends with the page's address, and its QR code once the site has a public one.
function startPrint(button) {
  const canonical = document.querySelector("link[rel=canonical]")?.href
  const url = decodeURI(canonical ?? location.origin + location.pathname)
  const address = element("p", "address", `网址：${url}`)
  button.closest(".colophon").append(address)
  let drawn
  const drawCode = () => {
    drawn ??= import("./qr_code.js").then(async ({ drawCode }) => address.before(await drawCode(canonical)))
    return drawn.catch(console.error)
  }
  button.hidden = false
  button.addEventListener("click", async () => {
    if (canonical) await drawCode()
    window.print()
  })
  // A sheet may be printed without the button, and printing waits for nothing: the code is there before.
  if (canonical) (window.requestIdleCallback ?? setTimeout)(drawCode)
}

function startSearchButton(button) {
  const settings = { bundle: new URL(button.dataset.search, location.href), style: button.dataset.style }
  const open = async () => (await import("./search.js")).openSearch(settings)
  for (const opener of [button, ...document.querySelectorAll("[data-search-open]")]) {
    opener.addEventListener("click", open)
  }
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]")
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    open()
  })
}

document.querySelectorAll("[data-search]").forEach(startSearchButton)
document.querySelectorAll("details.menu, details.display").forEach(startMenu)
document.querySelectorAll("[data-print]").forEach(startPrint)
if (document.querySelector("[data-browse]")) import("./browse.js")
if (document.querySelector("[data-compare]")) import("./compare.js")
if (document.querySelector("[data-keep], [data-kept]")) import("./keep.js")
