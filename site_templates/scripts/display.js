// Runs before the first paint: marks that scripts work, and where nothing can be kept offline, and applies how the reader chose to see the site.
// Choices are kept per site, found from this script's own address, so that several may share a host.
(() => {
  const root = document.documentElement
  root.classList.replace("no-js", "js")
  root.classList.toggle("no-worker", !navigator.serviceWorker || window !== window.top) // in a frame is a preview
  const site = new URL("../..", document.currentScript.src).pathname
  root.dataset.site = site
  const choices = { scheme: ["light", "dark"], size: ["large", "largest"], elder: ["on"] }
  try {
    for (const name in choices) {
      const chosen = localStorage.getItem(site + name)
      if (choices[name].includes(chosen)) root.dataset[name] = chosen
    }
  } catch {
    // Storage is closed to us: the site looks as it does to everyone.
  }
})()
