// Asks the search index. Nothing of it is fetched before the first question.
import { fetchBytes, fetchFile, startEngine } from "./search_engine.js"
import { encodeQuery } from "./search_query.js"

// Names come first: their words weigh more. A word as long as what was typed outranks one that goes on.
const RANKING = { term_similarity: 5, term_frequency: 0.4, term_saturation: 1.2, page_length: 0 }
const decoder = new TextDecoder()
const SIGNATURE = 12 // bytes before a chunk that say whose it is
const GOING_ON = 2 // chunks fetched at most for the words that begin as a word does

const isWritten = (word) => !/^v[0-4]/.test(word) // and not spelt from Chinese or for a filter, which does not go on

// The numbers of the chunks that hold a word, or words that begin so. A border is what a chunk's words do not come
// before: its first word, cut to what tells it from the last one of the chunk before.
export function chunksFor(word, borders) {
  let low = 0
  for (let high = borders.length; low < high; ) {
    const middle = (low + high) >> 1
    if (borders[middle] <= word) low = middle + 1
    else high = middle
  }
  const numbers = low ? [low - 1] : []
  while (isWritten(word) && numbers.length < GOING_ON && borders[low]?.startsWith(word)) numbers.push(low++)
  return numbers
}

// What `get` promises for each number, asked for once unless it fails.
function once(get) {
  const known = new Map()
  return (number) => {
    if (!known.has(number)) {
      known.set(number, get(number).catch((error) => {
        known.delete(number)
        throw error
      }))
    }
    return known.get(number)
  }
}

export async function openIndex(bundle) {
  const at = (name) => new URL(name, bundle).href
  const [index, wasm] = await Promise.all([
    fetchFile(at("index.json")).then((response) => response.json()),
    fetchBytes(at("engine.wasm.gz")),
  ])
  const { documents, files, words, chunks, together, results } = index
  const engine = await startEngine(wasm, documents, RANKING)
  // Files stand in folders of so many, which are named by their content.
  const addressOf = (name, folders, number) => at(`${name}/${folders[Math.floor(number / files)]}/${number % files}.gz`)
  const need = once(async (number) => engine.add((await fetchBytes(addressOf("words", words, number))).subarray(SIGNATURE)))
  const ask = async (text, narrow) => {
    const encoded = encodeQuery(text)
    if (!encoded) return []
    const asked = [...encoded.split(" "), ...narrow]
    await Promise.all(asked.flatMap((word) => chunksFor(word, chunks)).map(need))
    return engine.search(asked.join(" "))
  }
  const loadFile = once(async (number) => {
    return JSON.parse(decoder.decode(await fetchBytes(addressOf("results", results, number))))
  })
  const load = once(async (number) => {
    const [url, title, summary, kind, district, belts] = (await loadFile(Math.floor(number / together)))[number % together]
    return { address: new URL(url, new URL("..", bundle)).href, title, summary, kind, district, belts }
  })
  return {
    // The results in order, each a function that fetches it; `narrow` are words of filters.
    async find(text, narrow = []) {
      return (await ask(text, narrow)).map((number) => () => load(number))
    },
    // How many results there would be.
    async count(text, narrow) {
      return (await ask(text, narrow)).length
    },
    // Each filter with its title and its values, a value being what is shown and its word.
    async filters() {
      return (await fetchFile(at("filters.json"))).json()
    },
  }
}
