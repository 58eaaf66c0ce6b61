// The search dialog: results while typing, filters on demand, everything by keyboard.
import { buildButton, element } from "./elements.js"

const PAGE = 8
const WAIT = 150 // milliseconds after a key

function addStyle(address) {
  const link = element("link")
  link.rel = "stylesheet"
  link.href = address
  return new Promise((resolve) => {
    link.addEventListener("load", resolve)
    link.addEventListener("error", resolve)
    document.head.append(link)
  })
}

// -- parts -----------------------------------------------------------------------------------------

function buildInput() {
  const input = element("input", "search__input")
  Object.assign(input, { type: "search", autocomplete: "off", spellcheck: false, enterKeyHint: "search" })
  input.placeholder = "名称、拼音、村、乡镇"
  input.setAttribute("aria-label", "搜索")
  return input
}

function buildFilter({ title, values }) {
  const box = element("label", "search__filter", title)
  const select = element("select")
  select.append(new Option("全部", ""), ...values.map(([name, word]) => new Option(name, word)))
  box.append(select)
  return { box, select }
}

function buildDialog() {
  const dialog = element("dialog", "search")
  dialog.setAttribute("aria-label", "搜索本站")
  const form = element("form", "search__form")
  form.setAttribute("role", "search")
  const input = buildInput()
  const close = buildButton("关闭", () => dialog.close(), "search__close")
  form.append(input, close)
  const narrow = element("details", "search__narrow")
  const row = element("div", "search__filters")
  narrow.append(element("summary", "", "按类型、区（县、市）、精品带筛选"), row)
  const status = element("p", "search__status")
  status.setAttribute("role", "status")
  const list = element("ol", "search__results")
  const more = element("button", "search__more", "更多结果")
  Object.assign(more, { type: "button", hidden: true })
  dialog.append(form, narrow, status, list, more)
  return { dialog, form, input, narrow, row, selects: [], status, list, more }
}

function buildResult(found) {
  const item = element("li", "search__result")
  const link = element("a", "", found.title)
  link.href = found.address
  const about = [found.kind, found.district, found.belts].filter(Boolean).join(" · ")
  item.append(link, element("p", "search__about", about), element("p", "search__summary", found.summary))
  return item
}

// -- behaviour -------------------------------------------------------------------------------------

function chosen(selects) {
  return selects.map((select) => select.value).filter(Boolean)
}

// Beside each value how many results it would leave, the other filters as they are; nothing without a query.
async function showCounts(parts, index, text, isLatest) {
  for (const select of parts.selects) {
    const others = chosen(parts.selects.filter((other) => other !== select))
    for (const option of [...select.options].slice(1)) {
      option.dataset.name ??= option.text
      const count = text && `（${await index.count(text, [...others, option.value])}）`
      if (!isLatest()) return
      option.text = `${option.dataset.name}${count}`
    }
  }
}

async function fillFilters(parts, index, changed) {
  if (parts.selects.length) return
  const built = (await index.filters()).map(buildFilter)
  parts.row.replaceChildren(...built.map(({ box }) => box))
  parts.selects = built.map(({ select }) => select)
  for (const select of parts.selects) select.addEventListener("change", changed)
}

function describeFound(count, { isPartial, isAlike }, text) {
  if (count && isAlike) return `没有找到“${text}”。下面${count}条有读音相同的名称。`
  if (count && isPartial) return `没有完全符合“${text}”的内容。下面${count}条只含其中一部分。`
  if (count) return `${count}条结果`
  return `没有找到“${text}”。可以少写几个字，换成拼音或首字母（如 tengtou、tt），或去掉筛选。`
}

function makeSearch(parts, index) {
  let latest = 0
  let waiting = []
  const showMore = async (turn) => {
    const found = await Promise.all(waiting.splice(0, PAGE).map((load) => load()))
    if (turn !== latest) return
    const first = parts.list.children.length
    parts.list.append(...found.map(buildResult))
    parts.more.hidden = waiting.length === 0
    if (first) parts.list.children[first]?.querySelector("a").focus()
  }
  const search = async () => {
    const turn = ++latest
    const text = parts.input.value.trim()
    const { results, ...how } = await index.find(text, chosen(parts.selects))
    if (turn !== latest) return
    waiting = results
    parts.list.replaceChildren()
    parts.more.hidden = true
    parts.status.textContent = text ? describeFound(results.length, how, text) : ""
    await showMore(turn)
    const isLatest = () => turn === latest
    if (parts.narrow.open && isLatest()) await showCounts(parts, index, text, isLatest)
  }
  return { search, more: () => showMore(latest) }
}

function moveAmong(parts, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!step || event.target instanceof HTMLSelectElement) return
  const stops = [parts.input, ...parts.list.querySelectorAll("a")]
  const target = stops[stops.indexOf(document.activeElement) + step]
  if (!target) return
  event.preventDefault()
  target.focus()
}

function showFailure(parts, error) {
  console.error(error)
  if (!navigator.onLine) parts.status.textContent = "搜索要用网络，现在没有连上。"
  else parts.status.textContent = "搜索没有加载成功。可以重试，或从网站地图、浏览页查找。"
}

// Connects the parts; the promise is that of a first search for what has been typed already.
function startSearch(parts, index) {
  const { search, more } = makeSearch(parts, index)
  // Files of the index that are gone since it was opened: another one has been published.
  const searchAnew = async (error) => {
    if (error.status !== 404) throw error
    await index.renew()
    await search()
  }
  const guarded = (run) => () => run().catch(searchAnew).catch((error) => showFailure(parts, error))
  let timer = 0
  parts.input.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(guarded(search), WAIT)
  })
  parts.more.addEventListener("click", guarded(more))
  parts.narrow.addEventListener("toggle", guarded(async () => {
    if (!parts.narrow.open) return
    await fillFilters(parts, index, guarded(search))
    if (parts.input.value.trim()) await search()
  }))
  if (parts.input.value.trim()) return guarded(search)()
}

async function makeDialog({ bundle, style }) {
  const parts = buildDialog()
  await addStyle(style)
  document.body.append(parts.dialog)
  // From the beginning: a form that is sent would leave the page.
  parts.form.addEventListener("submit", (event) => {
    event.preventDefault()
    parts.list.querySelector("a")?.click()
  })
  parts.dialog.addEventListener("keydown", (event) => moveAmong(parts, event))
  parts.dialog.addEventListener("click", (event) => {
    if (event.target === parts.dialog) parts.dialog.close()
  })
  return parts
}

let made = null
let started = null

// Fetches the index; where that fails, the next letter that is typed tries again.
async function loadSearch(parts, settings) {
  started ??= import("./search_index.js").then(({ openIndex }) => openIndex(settings.bundle))
  try {
    const index = await started
    if (parts.isReady) return
    parts.isReady = true
    await startSearch(parts, index)
  } catch (error) {
    started = null
    showFailure(parts, error)
    parts.retry ??= () => loadSearch(parts, settings)
    parts.input.addEventListener("input", parts.retry, { once: true })
  }
}

// Opens the dialog; the index is fetched while the reader begins to type.
export async function openSearch(settings) {
  made ??= makeDialog(settings)
  const parts = await made
  if (!parts.dialog.open) parts.dialog.showModal()
  parts.input.focus()
  parts.input.select()
  await loadSearch(parts, settings)
}
