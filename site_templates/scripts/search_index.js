// Asks the search index. Nothing of it is fetched before the first question.
import { encodeQuery } from "./search_query.js"

// Names come first: a match in a short document, or in a name (weighted when indexed), outranks the rest.
const RANKING = { termSimilarity: 5, termFrequency: 0.4, termSaturation: 1.2, pageLength: 0.2 }

export async function openIndex(bundle) {
  const pagefind = await import(new URL("pagefind.js", bundle).href)
  await pagefind.options({ noWorker: true, ranking: RANKING })
  await pagefind.init()
  const ask = async (text, narrow) => {
    const words = encodeQuery(text)
    return words ? (await pagefind.search([words, ...narrow].join(" "))).results : []
  }
  return {
    // The results in order, each a function that fetches it; `narrow` are words of filters.
    async find(text, narrow = []) {
      return (await ask(text, narrow)).map((result) => () => load(result, bundle))
    },
    // How many results there would be.
    async count(text, narrow) {
      return (await ask(text, narrow)).length
    },
    // Each filter with its title and its values, a value being what is shown and its word.
    async filters() {
      return (await fetch(new URL("filters.json", bundle))).json()
    },
  }
}

async function load(result, bundle) {
  const { raw_url: url, url: shown, meta } = await result.data()
  return { ...meta, address: new URL((url ?? shown).replace(/^\//, ""), new URL("..", bundle)).href }
}
