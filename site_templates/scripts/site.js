// What every page does: the colour-scheme switch, the phone menu, the print button.
import "./trusted.js"

import "./map.js"

const root = document.documentElement

const SCHEMES = ["auto", "light", "dark"]
const NAMES = { auto: "跟随系统", light: "浅色", dark: "深色" }

function currentScheme() {
  return root.dataset.scheme ?? "auto"
}

function applyScheme(scheme) {
  if (scheme === "auto") delete root.dataset.scheme
  else root.dataset.scheme = scheme
  try {
    localStorage.setItem(`${root.dataset.site}scheme`, scheme)
  } catch {
    // The choice then lasts for this page only.
  }
}

function nameSwitch(button) {
  const text = `外观：${NAMES[currentScheme()]}`
  button.querySelector("[data-scheme-label]").textContent = text
  button.title = text
}

function startSchemeSwitch(button) {
  nameSwitch(button)
  button.hidden = false
  button.addEventListener("click", () => {
    applyScheme(SCHEMES[(SCHEMES.indexOf(currentScheme()) + 1) % SCHEMES.length])
    nameSwitch(button)
  })
}

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

function startPrint(button) {
  button.hidden = false
  button.addEventListener("click", () => window.print())
  const address = document.createElement("p")
  address.className = "address"
  address.textContent = `网址：${decodeURI(location.origin + location.pathname)}`
  button.after(address)
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
document.querySelectorAll("[data-scheme-toggle]").forEach(startSchemeSwitch)
document.querySelectorAll("details.menu").forEach(startMenu)
document.querySelectorAll("[data-print]").forEach(startPrint)
if (document.querySelector("[data-browse]")) import("./browse.js")
