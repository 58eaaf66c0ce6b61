// On a belt's page: keep it with its stops and maps for reading without a network. On the page about that: what is kept.
import { askWorker } from "./ask_worker.js"
import { buildButton, element } from "./elements.js"

const site = new URL(document.documentElement.dataset.site ?? "./", location.href)

function describe({ pages, bytes, date }) {
  const size = bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1e6).toFixed(1)} MB`
  return `${date}存在本机，共${pages}页，约${size}`
}

function today() {
  const now = new Date()
  const two = (number) => String(number).padStart(2, "0")
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

// -- a belt's page ---------------------------------------------------------------------------------

function pageAddress() {
  return location.origin + location.pathname
}

function stopAddresses() {
  const links = [...document.querySelectorAll(".stops h3 > a[href]")]
  return links.map(({ href }) => href).filter((href) => href.startsWith(site.href))
}

function startKeep(box) {
  const [tools, status] = box.children
  const label = tools.textContent
  const show = (about) => {
    status.textContent = about ? `${describe(about)}，没有网络也能看。` : ""
    const keep = buildButton(about ? "重新保存" : label, run)
    tools.replaceChildren(keep, ...(about ? [buildButton("从本机移除", drop)] : []))
  }
  const run = async (button) => {
    button.disabled = true
    status.textContent = "正在保存……"
    navigator.storage?.persist?.().catch(() => {})
    const pages = [...new Set([pageAddress(), ...stopAddresses()])]
    const what = { url: pageAddress(), title: document.querySelector("h1").innerText, pages, date: today() }
    try {
      show(await askWorker("keep", what, ({ done, of }) => { status.textContent = `正在保存：${done}/${of}页` }))
      tools.querySelector("button").focus()
    } catch (error) {
      console.error(error)
      button.disabled = false
      status.textContent = "没有存成：网络不通，或本机空间不足。可以再试。"
    }
  }
  const drop = async () => {
    await askWorker("drop", { url: pageAddress() })
    show(null)
    tools.querySelector("button").focus()
  }
  askWorker("list").then((list) => show(list.find(({ url }) => url === pageAddress())))
}

// -- the page about reading offline ----------------------------------------------------------------

function buildKept(about, refresh) {
  const item = element("li", "kept")
  const link = element("a", "", about.title)
  link.href = about.url
  const remove = buildButton("移除", async () => {
    await askWorker("drop", { url: about.url })
    refresh()
  })
  remove.setAttribute("aria-label", `从本机移除${about.title}`)
  item.append(link, element("p", "quiet small", describe(about)), remove)
  return item
}

function startKept(box) {
  const refresh = async () => {
    const list = await askWorker("list")
    const items = list.map((about) => buildKept(about, refresh))
    box.replaceChildren(...(items.length ? items : [element("li", "quiet", "还没有存过。在精品带的页面上可以保存。")]))
  }
  refresh()
}

// This page stands in for one that was never stored: say so, and offer to try again.
function startStandIn(box) {
  if (pageAddress() === new URL("offline/", site).href) return
  document.title = "没有网络"
  document.querySelector("h1").textContent = "没有网络"
  box.append(element("p", "", "现在连不上网络，这一页没有在本机存过。"), buildButton("再试一次", () => location.reload()))
  box.hidden = false
}

if (navigator.serviceWorker) {
  document.querySelectorAll("[data-keep]").forEach(startKeep)
  document.querySelectorAll("[data-kept]").forEach(startKept)
  document.querySelectorAll("[data-stand-in]").forEach(startStandIn)
}
