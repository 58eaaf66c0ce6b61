// The browse page: facets, list and map that filter together, with the choice in the address.
import { showRecords } from "./browse_list.js"
import { countValues, readData, readState, relax, select, writeState } from "./browse_state.js"
import { buildButton, element } from "./elements.js"

const SORT_NAMES = { kind: "按类型", name: "按名称", date: "新的在前", district: "按区（县、市）" }
const VIEW_NAMES = { list: "列表", table: "表格" }
const SCROLL_REST = 100 // milliseconds after which scrolling has come to rest
const OPEN_FACETS = 2 // the first facets are unfolded where there is room

// -- parts -----------------------------------------------------------------------------------------

function buildValue(facet, number) {
  const label = element("label", "browse__value")
  const box = element("input")
  Object.assign(box, { type: "checkbox", name: facet.key, value: String(number) })
  const count = element("span", "browse__count")
  label.append(box, element("span", "", facet.values[number]), count)
  return label
}

function buildFacet(facet, at, note) {
  const group = element("details", "browse__facet")
  group.open = at < OPEN_FACETS && matchMedia("(min-width: 56em)").matches
  const fields = element("fieldset")
  fields.append(element("legend", "hidden-text", facet.title))
  fields.append(...facet.values.map((_, number) => buildValue(facet, number)))
  group.append(element("summary", "", facet.title), fields)
  if (facet.key === "precision" && note) {
    note.hidden = false
    group.append(note) // what the values mean, where they are chosen
  }
  return group
}

function buildSelect(label, names, name) {
  const box = element("label", "browse__select", label)
  const select = element("select")
  select.name = name
  select.append(...Object.entries(names).map(([value, text]) => new Option(text, value)))
  box.append(select)
  return { box, select }
}

function findParts(page) {
  const find = (name) => document.querySelector(`[data-browse-${name}]`)
  return {
    facets: find("facets"),
    tools: find("tools"),
    results: find("results"),
    still: find("static"),
    map: find("map"),
    note: find("map-note"),
    precision: find("precision"),
    figure: page.querySelector("figure[data-map]"),
  }
}

function buildTools(parts) {
  const sort = buildSelect("排序", SORT_NAMES, "sort")
  const view = buildSelect("显示为", VIEW_NAMES, "view")
  const count = element("p", "browse__total")
  count.setAttribute("role", "status")
  const chosen = element("ul", "browse__chosen")
  parts.tools.replaceChildren(count, sort.box, view.box, chosen)
  return { count, chosen, sort: sort.select, view: view.select }
}

// -- the reader's place ------------------------------------------------------------------------------

// In the browser's history: how many records are drawn, and how far the page is scrolled. Left to itself, a browser
// that opens the page anew scrolls it before the list is there.
function keepPlace(place) {
  history.replaceState({ ...history.state, ...place }, "")
}

function keepScroll() {
  let timer = 0
  addEventListener("scroll", () => {
    clearTimeout(timer)
    timer = setTimeout(() => keepPlace({ top: scrollY }), SCROLL_REST)
  }, { passive: true })
}

// -- showing ---------------------------------------------------------------------------------------

function showFacets(form, state, counts) {
  for (const box of form.querySelectorAll("input")) {
    const number = Number(box.value)
    const count = counts[box.name][number]
    box.checked = state.chosen[box.name].has(number)
    box.disabled = !count && !box.checked
    box.parentElement.querySelector(".browse__count").textContent = count
  }
}

function showChosen(list, data, state, change) {
  const items = data.facets.flatMap(({ key, title, values }) =>
    [...state.chosen[key]].map((number) => {
      const item = element("li")
      const letGo = () => change((next) => next.chosen[key].delete(number))
      const button = buildButton(values[number], letGo, "tool browse__let-go")
      button.setAttribute("aria-label", `去掉条件：${title} ${values[number]}`)
      item.append(button)
      return item
    }),
  )
  if (items.length) {
    const item = element("li")
    item.append(buildButton("全部清除", () => change(clear)))
    items.push(item)
  }
  list.replaceChildren(...items)
}

function clear(state) {
  for (const numbers of Object.values(state.chosen)) numbers.clear()
}

function showEmpty(section, data, state, change) {
  const list = element("ul")
  for (const { facet, number, count } of relax(data, state.chosen)) {
    const item = element("li")
    const text = `去掉“${facet.values[number]}”（${count}条）`
    item.append(buildButton(text, () => change((next) => next.chosen[facet.key].delete(number))))
    list.append(item)
  }
  const last = element("li")
  last.append(buildButton("清除全部条件", () => change(clear)))
  list.append(last)
  section.replaceChildren(element("p", "", "没有记录同时符合这些条件。可以："), list)
}

// The map's script asks the figure which places to leave; the list is drawn first. Another order changes no map.
// Where nothing matches, a map would only stand before the help.
function showOnMap(parts, records, isAll, chosen) {
  const asked = JSON.stringify(Object.values(chosen).map((numbers) => [...numbers].sort()))
  if (!parts.figure || asked === parts.asked) return
  parts.asked = asked
  parts.figure.shownPlaces = isAll ? null : new Set(records.map((record) => record.url))
  clearTimeout(parts.timer)
  parts.timer = setTimeout(() => parts.figure.dispatchEvent(new CustomEvent("shownplaces")), 60)
  parts.map.hidden = !records.length
  parts.note.hidden = isAll
}

function show(page, data, parts, tools, state, change) {
  const records = select(data, state)
  showFacets(parts.facets, state, countValues(data, state.chosen))
  showChosen(tools.chosen, data, state, change)
  tools.sort.value = state.sort
  tools.view.value = state.view
  const all = `共${data.records.length}条`
  tools.count.textContent = records.length < data.records.length ? `${records.length}条，${all}` : all
  const keepDrawn = (drawn) => keepPlace({ drawn })
  const settings = { facets: data.facets, root: page.dataset.root, drawn: history.state?.drawn, keepDrawn }
  if (records.length) showRecords(parts.results, records, state.view, settings)
  else showEmpty(parts.results, data, state, change)
  showOnMap(parts, records, records.length === data.records.length, state.chosen)
}

// What a reader pressed may be gone when all is shown anew: then the next thing to let go has the focus, or the order.
function keepFocus(tools, redraw) {
  const pressed = document.activeElement
  const at = [...tools.chosen.children].findIndex((item) => item.contains(pressed))
  redraw()
  if (pressed.isConnected) return
  const left = tools.chosen.querySelectorAll(".browse__let-go")
  const next = left[Math.max(0, Math.min(at, left.length - 1))] ?? tools.sort
  next.focus()
}

// -- starting --------------------------------------------------------------------------------------

function startControls(parts, tools, change) {
  parts.facets.addEventListener("submit", (event) => event.preventDefault())
  parts.facets.addEventListener("change", ({ target }) => {
    const number = Number(target.value)
    change(({ chosen }) => (target.checked ? chosen[target.name].add(number) : chosen[target.name].delete(number)))
  })
  for (const select of [tools.sort, tools.view]) {
    select.addEventListener("change", () => change((state) => Object.assign(state, { [select.name]: select.value })))
  }
}

async function startBrowse(page) {
  const response = await fetch(page.dataset.browse)
  if (!response.ok) throw new Error(`${page.dataset.browse}: ${response.status}`)
  const data = readData(await response.json())
  const parts = findParts(page)
  const tools = buildTools(parts)
  parts.facets.replaceChildren(...data.facets.filter(({ values }) => values.length).map((facet, at) => buildFacet(facet, at, parts.precision)))
  let state = readState(data.facets, location.search)
  const refresh = () => keepFocus(tools, () => show(page, data, parts, tools, state, change))
  const change = (edit) => {
    edit(state)
    history.pushState({ top: scrollY }, "", location.pathname + writeState(data.facets, state))
    refresh()
  }
  addEventListener("popstate", () => {
    state = readState(data.facets, location.search)
    refresh()
  })
  startControls(parts, tools, change)
  refresh()
  parts.still.hidden = true
  for (const part of [parts.facets, parts.tools, parts.results]) part.hidden = false
  page.classList.add("browse--live")
  if (history.state?.top) scrollTo({ top: history.state.top, behavior: "instant" })
  keepScroll()
}

// Should the data not come, the static list stays.
const browse = document.querySelector("[data-browse]")
startBrowse(browse).catch((error) => {
  browse.classList.add("browse--failed")
  console.error(error)
})
