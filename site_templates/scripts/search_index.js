// Asks the search index. Nothing of it is fetched before the first question.
import { fetchBytes, fetchFile, startEngine } from "./search_engine.js"
import { encodeQuery, hasChinese, joinSyllables, readAloud } from "./search_query.js"

// Names come first: their words weigh more. A word as long as what was typed outranks one that goes on.
const RANKING = { term_similarity: 5, term_frequency: 0.4, term_saturation: 1.2, page_length: 0 }
const decoder = new TextDecoder()
const SIGNATURE = 12 // bytes before a chunk that say whose it is
const GOING_ON = 2 // chunks fetched at most for the words that begin as a word does
const LONG = 6 // letters of a written word by which it is still told when it goes on otherwise than any in the index

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

// The numbers of the chunks that hold what a written word may begin with; it need not be the chunk of the word.
export function chunksBefore(word, borders) {
  const lengths = isWritten(word) ? Array.from({ length: Math.max(0, word.length - LONG) }, (_, n) => LONG + n) : []
  return [...new Set(lengths.flatMap((length) => chunksFor(word.slice(0, length), borders).slice(0, 1)))]
}

// The words to ask the engine for, of which it knows `known`. Of a word that it does not know it takes what it has for a
// beginning, were it one digit of a number, or leaves the word out and finds what holds the others.
export function resolve(asked, known) {
  const meant = (word) => {
    if (known.has(word) || (isWritten(word) && [...known].some((other) => other.startsWith(word)))) return word
    if (!isWritten(word)) return null
    const begun = [...known].filter((other) => other.length >= LONG && word.startsWith(other))
    return begun.reduce((longest, other) => (other.length > longest.length ? other : longest), "") || null
  }
  return asked.map(meant)
}

// The documents that hold the most of some words, by the documents of each word; those of the first word come first.
export function holdMost(lists) {
  const counts = new Map()
  for (const number of lists.flat()) counts.set(number, (counts.get(number) ?? 0) + 1)
  const most = Math.max(...counts.values())
  return [...counts.keys()].filter((number) => counts.get(number) === most)
}

// A query, and what is left of it without each group of names that it has, where that is more than a single character.
function leaveOut(groups, text) {
  const plain = text.normalize("NFKC").toLowerCase().trim()
  const rests = groups.map((names) => names.reduce((rest, name) => rest.replaceAll(name, " "), plain).trim())
  return [text, ...rests.filter((rest) => rest !== plain && rest.length > 1)]
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

// The index as it is now; what it lists may be gone after the next deployment, which `renew` looks for.
export async function openIndex(bundle) {
  let index = await readIndex(bundle)
  return {
    // The results in order, each a function that fetches it; whether they hold only a part of what was asked, or names
    // that sound like it. `narrow` are words of filters.
    find: (text, narrow = []) => index.find(text, narrow),
    // How many results there would be.
    count: (text, narrow) => index.count(text, narrow),
    // Each filter with its title and its values, a value being what is shown and its word.
    filters: () => index.filters(),
    async renew() {
      index = await readIndex(bundle)
    },
  }
}

async function readIndex(bundle) {
  const at = (name) => new URL(name, bundle).href
  const [index, wasm] = await Promise.all([
    fetchFile(at("index.json"), { cache: "no-cache" }).then((response) => response.json()),
    fetchBytes(at("engine.wasm.gz")),
  ])
  const { city, documents, files, words, chunks, together, results } = index
  const engine = await startEngine(wasm, documents, RANKING)
  // Files stand in folders of so many, which are named by their content.
  const addressOf = (name, folders, number) => at(`${name}/${folders[Math.floor(number / files)]}/${number % files}.gz`)
  const need = once(async (number) => engine.add((await fetchBytes(addressOf("words", words, number))).subarray(SIGNATURE)))
  // The numbers of the documents, and whether they hold only a part of what was asked.
  const askAsTyped = async (text, narrow) => {
    const words = encodeQuery(text)
    if (!words.length) return { numbers: [], isPartial: false }
    const know = async (numbers) => (await Promise.all(numbers.map(need))).flat()
    const known = new Set(await know([...words, ...narrow].flatMap((word) => chunksFor(word, chunks))))
    const unknown = words.filter((word) => !resolve([word], known)[0])
    for (const word of await know(unknown.flatMap((word) => chunksBefore(word, chunks)))) known.add(word)
    const meant = resolve(words, known)
    const found = meant.filter(Boolean)
    const search = (some) => (some.length ? engine.search(some.join(" ")) : [])
    const whole = search(found)
    if (!whole.length) {
      return { numbers: holdMost(found.map((word) => search([word, ...narrow]))), isPartial: true }
    }
    const numbers = narrow.length ? search([...found, ...narrow]) : whole
    return { numbers, isPartial: meant.some((word, n) => word !== words[n]) }
  }
  // What the ways of asking find, one after another; of those that find but a part, the last that finds anything.
  const either = async (ask, queries, narrow) => {
    const found = await Promise.all([...new Set(queries)].map((query) => ask(query, narrow)))
    const whole = found.filter(({ isPartial }) => !isPartial)
    if (!whole.length) return found.filter(({ numbers }) => numbers.length).at(-1) ?? found[0]
    return { numbers: [...new Set(whole.flatMap(({ numbers }) => numbers))], isPartial: false }
  }
  // What holds syllables as one word comes before what holds each of them somewhere.
  const askSyllables = (text, narrow) => either(askAsTyped, [joinSyllables(text), text], narrow)
  // Everything is in the city, whether it says so or not.
  const ask = (text, narrow, spell = (query) => query) => either(askSyllables, leaveOut(city, text).map(spell), narrow)
  const readings = once(async () => {
    const syllables = Object.entries(await (await fetchFile(at("readings.json"))).json())
    return new Map(syllables.flatMap(([syllable, characters]) => [...characters].map((character) => [character, syllable])))
  })
  // What is typed by sound often comes out in other characters: where nothing holds these, the names that sound alike.
  const answer = async (text, narrow) => {
    const typed = await ask(text, narrow)
    if (!typed.isPartial || !hasChinese(text)) return typed
    const known = await readings()
    const alike = await ask(text, narrow, (query) => readAloud(query, known))
    return alike.isPartial ? typed : { ...alike, isAlike: true }
  }
  const loadFile = once(async (number) => {
    return JSON.parse(decoder.decode(await fetchBytes(addressOf("results", results, number))))
  })
  const load = once(async (number) => {
    const [url, title, summary, kind, district, belts] = (await loadFile(Math.floor(number / together)))[number % together]
    return { address: new URL(url, new URL("..", bundle)).href, title, summary, kind, district, belts }
  })
  return {
    async find(text, narrow) {
      const { numbers, isPartial, isAlike = false } = await answer(text, narrow)
      return { results: numbers.map((number) => () => load(number)), isPartial, isAlike }
    },
    async count(text, narrow) {
      return (await answer(text, narrow)).numbers.length
    },
    async filters() {
      return (await fetchFile(at("filters.json"))).json()
    },
  }
}
