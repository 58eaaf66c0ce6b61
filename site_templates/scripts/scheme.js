// Runs before the first paint: marks that scripts work and applies the colour scheme the reader chose.
// The choice is kept per site, found from this script's own address, so that several may share a host.
(() => {
  const root = document.documentElement
  root.classList.replace("no-js", "js")
  const site = new URL("../..", document.currentScript.src).pathname
  root.dataset.site = site
  try {
    const chosen = localStorage.getItem(`${site}scheme`)
    if (chosen === "light" || chosen === "dark") root.dataset.scheme = chosen
  } catch {
    // Storage is closed to us: follow the system's scheme.
  }
})()
