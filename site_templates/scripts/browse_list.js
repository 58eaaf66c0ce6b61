// The records that a choice leaves, as a list or a table, drawn a part at a time as the reader comes to it.
import { buildButton, element } from "./elements.js"

const PART = 60

function linkTo(record, root) {
  const link = element("a", "", record.name)
  link.href = root + record.url
  return link
}

function namesOf(record, facets, key) {
  const facet = facets.find((one) => one.key === key)
  return record.values[key].map((number) => facet.values[number]).join("、")
}

// The district that a record belongs to, the first of those it has to do with, and its township.
function placeOf(record, facets) {
  const [district] = record.values.district
  return facets.find((one) => one.key === "district").values[district] + record.township
}

function buildItem(record, { facets, root }) {
  const item = element("li", "browse__item")
  const place = placeOf(record, facets)
  const about = [namesOf(record, facets, "kind"), place, record.date, namesOf(record, facets, "belt")]
  item.append(linkTo(record, root), element("p", "quiet small", about.filter(Boolean).join(" · ")))
  return item
}

const COLUMNS = [
  ["类型", (record, facets) => namesOf(record, facets, "kind")],
  ["所在", placeOf],
  ["日期", (record) => record.date],
  ["精品带", (record, facets) => namesOf(record, facets, "belt")],
  ["位置精度", (record, facets) => namesOf(record, facets, "precision")],
]

function buildRow(record, { facets, root }) {
  const row = element("tr")
  const head = element("th")
  head.scope = "row"
  head.append(linkTo(record, root))
  const cells = COLUMNS.map(([title, read]) => {
    const cell = element("td", "", read(record, facets))
    cell.dataset.label = title
    return cell
  })
  row.append(head, ...cells)
  return row
}

function buildTable() {
  const box = element("div", "table-box")
  Object.assign(box, { tabIndex: 0, role: "region" })
  box.setAttribute("aria-label", "筛选结果表")
  const [table, head, row, body] = ["table", "thead", "tr", "tbody"].map((name) => element(name))
  table.className = "stacks"
  for (const title of ["名称", ...COLUMNS.map(([column]) => column)]) {
    const cell = element("th", "", title)
    cell.scope = "col"
    row.append(cell)
  }
  head.append(row)
  table.append(head, body)
  box.append(table)
  return { box, holder: body, build: buildRow }
}

function buildList() {
  const list = element("ol", "browse__list")
  return { box: list, holder: list, build: buildItem }
}

// `settings.drawn` says how many to begin with, `settings.keepDrawn` takes how many there are.
export function showRecords(section, records, view, settings) {
  const { box, holder, build } = view === "table" ? buildTable() : buildList()
  let drawn = 0
  const draw = (count = PART) => {
    holder.append(...records.slice(drawn, drawn + count).map((record) => build(record, settings)))
    drawn += count
    settings.keepDrawn(drawn)
    more.hidden = drawn >= records.length
  }
  const more = buildButton("显示更多", () => {
    const before = drawn
    draw()
    holder.children[before]?.querySelector("a").focus()
  })
  draw(settings.drawn)
  section.replaceChildren(box, more)
  // In the place of an earlier list's: a page has one.
  window.onbeforeprint = () => {
    if (more.isConnected && !more.hidden) draw(records.length - drawn)
  }
  const near = new IntersectionObserver((entries) => {
    if (!more.isConnected) near.disconnect()
    else if (!more.hidden && entries.some((entry) => entry.isIntersecting)) {
      draw()
      near.unobserve(more)
      near.observe(more)
    }
  }, { rootMargin: "600px" })
  near.observe(more)
}
