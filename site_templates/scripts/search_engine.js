// Pagefind's search engine, a WebAssembly module, spoken to directly: its own loader weighs as much as all else that
// a first query fetches beside the engine. The module is locked by hash; tests ask it for everything there is.
const encoder = new TextEncoder()
const decoder = new TextDecoder()

export async function fetchFile(address, options) {
  const response = await fetch(address, options)
  if (response.ok) return response
  throw Object.assign(new Error(`${address}: ${response.status}`), { status: response.status })
}

// The bytes of a compressed file, also from a server that has already declared them to be so.
export async function fetchBytes(address) {
  const bytes = new Uint8Array(await (await fetchFile(address)).arrayBuffer())
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))
  return new Uint8Array(await new Response(plain).arrayBuffer())
}

// -- CBOR, as far as the engine's description of an index and the words of a chunk need it -----------

function head(major, value) {
  if (value < 24) return [(major << 5) | value]
  if (value < 256) return [(major << 5) | 24, value]
  if (value < 65_536) return [(major << 5) | 25, value >> 8, value & 255]
  return [(major << 5) | 26, value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]
}

const text = (value) => [...head(3, value.length), ...encoder.encode(value)]
const array = (items) => [...head(4, items.length), ...items.flat()]

// The number in an item's head, and where the head ends.
function readHead(bytes, at) {
  const value = bytes[at] & 31
  const size = value < 24 ? 0 : 1 << (value - 24)
  let number = size ? 0 : value
  for (let n = 1; n <= size; n++) number = number * 256 + bytes[at + n]
  return [number, at + 1 + size]
}

function skip(bytes, at) {
  const kind = bytes[at] >> 5
  let [number, end] = readHead(bytes, at)
  if (kind === 2 || kind === 3) return end + number
  if (kind === 4) while (number--) end = skip(bytes, end)
  return end
}

// The words of a chunk: a list within a list, of entries that begin with their word.
function listWords(chunk) {
  let [count, at] = readHead(chunk, 1)
  const words = []
  while (count--) {
    const [length, start] = readHead(chunk, at + 1)
    words.push(decoder.decode(chunk.subarray(start, start + length)))
    at = skip(chunk, at)
  }
  return words
}

// Documents by number, all of one length; chunks are chosen here, and there are no filters, sorts or fields.
function describe(count) {
  const documents = Array.from({ length: count }, (_, number) => array([text(String(number)), head(0, 1)]))
  return new Uint8Array(array([text(""), array(documents), array([]), array([]), array([]), array([])]))
}

// -- the module ----------------------------------------------------------------------------------------

async function load(bytes) {
  const module = await WebAssembly.compile(bytes)
  const imports = {}
  // The one thing it imports sets up a table that it never reads.
  for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] = () => {}
  return (await WebAssembly.instantiate(module, imports)).exports
}

// An engine over `count` documents: `add` gives it a chunk of the index and returns its words, `search` asks for words.
export async function startEngine(bytes, count, ranking) {
  const wasm = await load(bytes)
  const give = (content) => {
    const at = wasm.__wbindgen_malloc(content.length, 1)
    new Uint8Array(wasm.memory.buffer, at, content.length).set(content)
    return [at, content.length]
  }
  const giveText = (content) => give(encoder.encode(content))
  let index = wasm.init_pagefind(...give(describe(count)))
  if (!index) throw new Error("the search engine does not understand the index")
  index = wasm.set_ranking_weights(index, ...giveText(JSON.stringify(ranking)))
  return {
    add(chunk) {
      index = wasm.load_index_chunk(index, ...give(chunk))
      if (!index) throw new Error("the search engine does not understand a part of the index")
      return listWords(chunk)
    },
    // The numbers of the documents that hold all words, the best first.
    search(words) {
      const [at, length] = wasm.search(index, ...[words, words, "{}", ""].flatMap(giveText), 0, 0)
      const answer = JSON.parse(decoder.decode(new Uint8Array(wasm.memory.buffer, at, length)))
      wasm.__wbindgen_free(at, length, 1)
      const found = answer.results.map(({ p, s }) => ({ number: Number(p), score: s }))
      return found.sort((a, b) => b.score - a.score || a.number - b.number).map(({ number }) => number)
    },
  }
}
