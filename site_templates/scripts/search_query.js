// A reader's words in the spelling of the search index: each run of Chinese becomes its overlapping
// two-character slices (a single character a word of its own), written in letters; letters and digits stay.
// build_scripts/search/words.py spells what is indexed in the same way.
const RUNS = /([\u3007\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]+)|[a-z0-9]+/gu

function spell(prefix, characters) {
  const digits = [...characters].map((one) => one.codePointAt(0).toString(16).padStart(4, "0")).join("")
  return prefix + [...digits].map((digit) => "abcdefghijklmnop"[parseInt(digit, 16)]).join("")
}

function spellChinese(run) {
  const characters = [...run]
  if (characters.length === 1) return [spell("v1", run)]
  const slices = characters.slice(1).map((character, n) => spell("v0", characters[n] + character))
  // Of a long run every second slice and the last: as sure to find it, with half the index to fetch.
  return slices.length < 3 ? slices : slices.filter((_, n) => n % 2 === 0 || n === slices.length - 1)
}

// A query with the spaces between Latin words left out: pinyin is often typed syllable by syllable.
export function joinSyllables(text) {
  return text.replace(/(\p{Script=Latin})\s+(?=\p{Script=Latin})/gu, "$1")
}

// A query with each run of Chinese as it is read aloud: `readings` are the syllables by character. A character that it
// does not hold stays, and finds nothing.
export function readAloud(text, readings) {
  const read = ([run, chinese]) => (chinese ? [...run].map((character) => readings.get(character) ?? character).join("") : run)
  return [...text.normalize("NFKC").toLowerCase().matchAll(RUNS)].map(read).join(" ")
}

export function hasChinese(text) {
  return [...text.normalize("NFKC").matchAll(RUNS)].some(([, chinese]) => chinese)
}

export function encodeQuery(text) {
  const plain = text.normalize("NFKC").toLowerCase().replace(/[üǖǘǚǜ]/g, "v")
  const toneless = plain.normalize("NFD").replace(/[\u0300-\u036f'’]/g, "").normalize("NFC")
  const words = [...toneless.matchAll(RUNS)].flatMap(([run, chinese]) => (chinese ? spellChinese(run) : [run]))
  return [...new Set(words)]
}
