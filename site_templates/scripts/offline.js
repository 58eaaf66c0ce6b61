// Starts the service worker once the page is at rest, and lets it keep the page that was loaded before it ran.
const site = new URL(document.documentElement.dataset.site ?? "./", location.href)

async function startWorker() {
  const wasControlled = Boolean(navigator.serviceWorker.controller)
  await navigator.serviceWorker.register(new URL("worker.js", site))
  if (wasControlled) return
  const { active } = await navigator.serviceWorker.ready
  active.postMessage({ ask: "seen", url: location.href })
}

function giveUp(error) {
  console.info(`no service worker: ${error}`)
  if (!navigator.serviceWorker.controller) document.documentElement.classList.add("no-worker")
}

if (!document.documentElement.classList.contains("no-worker")) {
  const start = () => startWorker().catch(giveUp)
  const whenIdle = window.requestIdleCallback ?? ((run) => setTimeout(run, 1000))
  if (document.readyState === "complete") whenIdle(start)
  else addEventListener("load", () => whenIdle(start))
}
