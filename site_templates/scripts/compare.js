// The districts side by side: two to four columns of the reader's choice, kept in the address.
const KEY = "district"
const FEWEST = 2
const MOST = 4

export function readChoice(query, known) {
  const asked = new URLSearchParams(query).getAll(KEY)
  return known.filter((id) => asked.includes(id)).slice(0, MOST)
}

export function writeChoice(chosen) {
  const told = new URLSearchParams(chosen.map((id) => [KEY, id]))
  return told.size ? `?${told}` : ""
}

function describe(chosen, total) {
  if (!chosen.length) return `现在列出全部${total}个。`
  if (chosen.length < FEWEST) return "已选1个，再选一个就并排显示。"
  return chosen.length < MOST ? `并排显示${chosen.length}个。` : `并排显示${MOST}个，最多${MOST}个。`
}

function boxesOf(form) {
  return [...form.querySelectorAll(`[name=${KEY}]`)]
}

function show(form, table, chosen) {
  const boxes = boxesOf(form)
  const isNarrowed = chosen.length >= FEWEST
  for (const box of boxes) {
    box.checked = chosen.includes(box.value)
    box.disabled = chosen.length >= MOST && !box.checked
  }
  for (const cell of table.querySelectorAll("[data-district]")) {
    cell.hidden = isNarrowed && !chosen.includes(cell.dataset.district)
  }
  const width = 1 + (isNarrowed ? chosen.length : boxes.length)
  for (const cell of table.querySelectorAll("[colspan]")) cell.colSpan = width
  table.classList.toggle("compare--narrowed", isNarrowed)
  table.classList.toggle("compare--scrolled", chosen.length > 2) // on a phone; `:has` is not told of `hidden`
  form.querySelector("[type=reset]").hidden = !chosen.length
  form.querySelector("[data-compare-status]").textContent = describe(chosen, boxes.length)
}

function startCompare(form) {
  const table = document.querySelector("[data-compare-table]")
  const known = boxesOf(form).map((box) => box.value)
  const refresh = () => show(form, table, readChoice(location.search, known))
  const choose = (chosen) => {
    history.pushState(null, "", location.pathname + writeChoice(chosen))
    refresh()
  }
  form.addEventListener("submit", (event) => event.preventDefault())
  form.addEventListener("change", () => choose(boxesOf(form).filter((box) => box.checked).map((box) => box.value)))
  form.addEventListener("reset", (event) => {
    event.preventDefault()
    choose([])
    boxesOf(form)[0].focus()
  })
  addEventListener("popstate", refresh)
  form.hidden = false
  refresh()
}

document.querySelectorAll("[data-compare]").forEach(startCompare)
