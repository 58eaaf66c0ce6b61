// What is chosen on the browse page, and which records it leaves. Knows no element of the page.
const SORTS = ["kind", "name", "date", "district"]
const VIEWS = ["list", "table"]
const FIRST_FACET = 5 // name, address, township, date and its stamp come before

export function readData({ facets, records }) {
  const read = (row, n) => ({
    n,
    name: row[0],
    url: row[1],
    township: row[2],
    date: row[3],
    stamp: row[4],
    values: Object.fromEntries(facets.map(({ key }, at) => [key, row[FIRST_FACET + at]])),
  })
  return { facets, records: records.map(read) }
}

// -- the address -----------------------------------------------------------------------------------

export function readState(facets, query) {
  const asked = new URLSearchParams(query)
  const chosen = {}
  for (const { key, values } of facets) {
    const numbers = asked.getAll(key).map((value) => values.indexOf(value))
    chosen[key] = new Set(numbers.filter((number) => number >= 0))
  }
  const oneOf = (allowed, value) => (allowed.includes(value) ? value : allowed[0])
  return { chosen, sort: oneOf(SORTS, asked.get("sort")), view: oneOf(VIEWS, asked.get("view")) }
}

export function writeState(facets, { chosen, sort, view }) {
  const told = new URLSearchParams()
  for (const { key, values } of facets) {
    for (const number of [...chosen[key]].sort((a, b) => a - b)) told.append(key, values[number])
  }
  if (sort !== SORTS[0]) told.set("sort", sort)
  if (view !== VIEWS[0]) told.set("view", view)
  return told.size ? `?${told}` : ""
}

// -- filtering -------------------------------------------------------------------------------------

// Values of one facet widen, facets narrow: the facets that a record fails.
function failed(record, chosen) {
  const keys = []
  for (const key in chosen) {
    if (chosen[key].size && !record.values[key].some((number) => chosen[key].has(number))) keys.push(key)
  }
  return keys
}

// How many records each value of each facet would leave, the other facets as they are.
export function countValues({ facets, records }, chosen) {
  const counts = Object.fromEntries(facets.map(({ key, values }) => [key, new Array(values.length).fill(0)]))
  for (const record of records) {
    const against = failed(record, chosen)
    if (against.length > 1) continue
    for (const { key } of facets) {
      if (against.length && against[0] !== key) continue
      for (const number of record.values[key]) counts[key][number] += 1
    }
  }
  return counts
}

const collator = new Intl.Collator("zh-Hans-CN-u-co-pinyin", { numeric: true })
const ORDERS = {
  kind: (a, b) => a.n - b.n,
  name: (a, b) => collator.compare(a.name, b.name) || a.n - b.n,
  date: (a, b) => (a.stamp < b.stamp) - (a.stamp > b.stamp) || a.n - b.n,
  district: (a, b) => a.values.district[0] - b.values.district[0] || a.n - b.n,
}

export function select({ records }, { chosen, sort }) {
  return records.filter((record) => !failed(record, chosen).length).sort(ORDERS[sort])
}

// For an empty result: each chosen value with how many records there would be without it.
export function relax({ facets, records }, chosen) {
  return facets.flatMap((facet) =>
    [...chosen[facet.key]].map((number) => {
      const rest = new Set([...chosen[facet.key]].filter((other) => other !== number))
      const count = records.filter((record) => !failed(record, { ...chosen, [facet.key]: rest }).length).length
      return { facet, number, count }
    }),
  )
}
