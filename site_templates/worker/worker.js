// The service worker: pages that were seen, and belts that were kept, can be read without a network.
//
// What keeps versions apart: everything a page loads is named by its content, so an address never changes its
// meaning. A page is stored only after all that it names has been stored, hence what is answered offline is whole
// and of one build. A named file goes when no stored page names it and no window is open that may still ask for it.
// This file changes with the shell, of which the next line is the digest; it takes over when all windows are closed.
const SHELL = "00000000"
const ROOT = new URL("./", self.location.href)
const NAME = `belts ${ROOT.pathname}`
const FILES = `${NAME} files`
const SEEN = `${NAME} seen`
const SHELLS = `${NAME} shell `
const KEPT = `${NAME} kept `
const ABOUT = `${ROOT}?about` // in the cache of a kept belt: its title, size and date
const OFFLINE = `${ROOT}offline/`
const MOST_SEEN = 40 // pages
const PATIENCE = 5000 // milliseconds that a stored page waits for a fresh one

// -- addresses -------------------------------------------------------------------------------------

function plain(address) {
  const url = new URL(address)
  url.hash = ""
  return url.href
}

function pageOf(address) {
  const url = new URL(address)
  url.hash = url.search = ""
  return url.href
}

// Whether the address is named by the content: eight hexadecimal digits in a file's or folder's name, or as `v`.
function isNamed(address) {
  const { href, pathname, searchParams } = new URL(address)
  if (!href.startsWith(ROOT.href)) return false
  return /^assets\/.*\.[0-9a-f]{8}[./]/.test(pathname.slice(ROOT.pathname.length)) || /^[0-9a-f]{8}$/.test(searchParams.get("v"))
}

// The named files that a text asks for: attributes of a page, imports of a script. With `whole` also what a page
// fetches only when its map is opened.
function namesIn(text, address, whole) {
  const isScript = new URL(address).pathname.endsWith(".js")
  const attributes = whole ? /\s[\w-]+="([^"]+)"/g : /\s(?:href|src|data-style)="([^"]+)"/g
  const pattern = isScript ? /\b(?:import\(|import |from )"(\.\.?\/[^"]+)"/g : attributes
  const found = [...text.matchAll(pattern)].flatMap(([, value]) => value.replaceAll("&amp;", "&").split(/\s+/))
  const addresses = found.flatMap((value) => {
    try {
      return [plain(new URL(value, address))]
    } catch {
      return []
    }
  })
  return [...new Set(addresses)].filter(isNamed)
}

// -- named files -----------------------------------------------------------------------------------

async function isWhatItSays(response, address) {
  const digest = new URL(address).searchParams.get("v")
  if (!digest) return true
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", await response.arrayBuffer()))
  const digits = [...sum].map((byte) => byte.toString(16).padStart(2, "0")).join("")
  return digits.startsWith(digest)
}

// A named file, stored for good. A file that is not what its name says is of another build: what was asked for is gone.
async function fetchNamed(address, isNeeded = false) {
  const files = await caches.open(FILES)
  const stored = await files.match(address)
  if (stored) return stored
  const response = await fetch(address)
  if (response.status !== 200) return response
  if (!(await isWhatItSays(response.clone(), address))) return new Response(null, { status: 410 })
  // A disk without room is no reason to withhold what the network has given.
  await files.put(address, response.clone()).catch((error) => isNeeded && Promise.reject(error))
  return response
}

async function loadStored(address) {
  return (await caches.open(FILES)).match(address)
}

// Every named file that can be reached from some, by what `load` gives for each. Rejects when one is missing.
async function reach(addresses, load) {
  const found = new Map()
  let next = [...addresses]
  while (next.length) {
    for (const address of next) found.set(address, load(address))
    const texts = await Promise.all(
      next.map(async (address) => {
        const response = await found.get(address)
        if (!response?.ok) throw new Error(`${address}: ${response?.status}`)
        return new URL(address).pathname.endsWith(".js") ? namesIn(await response.clone().text(), address) : []
      }),
    )
    next = [...new Set(texts.flat())].filter((address) => !found.has(address))
  }
  return found
}

// -- pages -----------------------------------------------------------------------------------------

// One job at a time, so that sweeping never meets a page half stored.
let last = Promise.resolve()
function inTurn(job) {
  last = last.then(job, job)
  return last
}

async function ours(prefix) {
  return (await caches.keys()).filter((name) => name.startsWith(prefix))
}

async function keptWith(address) {
  const names = await ours(KEPT)
  const holds = await Promise.all(names.map(async (name) => (await caches.open(name)).match(address)))
  return names.filter((_, at) => holds[at])
}

// Store a page once all that it names is stored. A kept page stays whole. Returns the bytes it needs.
async function storePage(address, response, places, whole) {
  const copy = response.clone()
  const files = await reach(namesIn(await response.text(), address, whole), (name) => fetchNamed(name, true))
  for (const place of places) await (await caches.open(place)).put(address, copy.clone())
  return { page: copy, files }
}

async function storeSeen(address, response) {
  const kept = await keptWith(address)
  await storePage(address, response, kept.length ? kept : [SEEN], kept.length > 0)
  const seen = await caches.open(SEEN)
  if (kept.length) await seen.delete(address)
  const keys = await seen.keys()
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST_SEEN)).map((key) => seen.delete(key)))
}

async function findPage(address) {
  const seen = await (await caches.open(SEEN)).match(address)
  if (seen) return seen
  const [kept] = await keptWith(address)
  return kept && (await caches.open(kept)).match(address)
}

// From the server, however fresh the browser thinks its own copy is.
async function fetchPage(request, isStored) {
  const fresh = fetch(request, { cache: "no-cache" })
  if (!isStored) return fresh
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("late")), PATIENCE))
  return Promise.race([fresh, late])
}

function isPage(response) {
  return response.status === 200 && (response.headers.get("Content-Type") ?? "").startsWith("text/html")
}

async function answerPage(event) {
  const address = pageOf(event.request.url)
  const stored = await findPage(address)
  try {
    const response = await fetchPage(event.request, Boolean(stored))
    if (isPage(response)) {
      const copy = response.clone()
      event.waitUntil(inTurn(() => storeSeen(address, copy)).catch(() => {}))
    }
    return response.status >= 500 && stored ? stored : response
  } catch (error) {
    return stored ?? answerOffline(error)
  }
}

// The page for what was never stored; its relative addresses are made to fit any depth.
async function answerOffline(error) {
  const page = await caches.match(OFFLINE)
  if (!page) throw error
  const text = (await page.text()).replace(/(\s[\w-]+=")\.\.\//g, (_, start) => start + ROOT.pathname)
  return new Response(text, { status: 503, headers: page.headers })
}

// -- housekeeping ----------------------------------------------------------------------------------

async function storeShell() {
  const response = await fetch(OFFLINE, { cache: "no-cache" })
  if (!response.ok) throw new Error(`${OFFLINE}: ${response.status}`)
  await storePage(OFFLINE, response, [SHELLS + SHELL], false)
}

async function dropOldShells() {
  const old = (await ours(SHELLS)).filter((name) => name !== SHELLS + SHELL)
  await Promise.all(old.map((name) => caches.delete(name)))
}

// Remove the files that no stored page names, unless a window is open: it may be of any build.
async function sweep() {
  const windows = await self.clients.matchAll({ includeUncontrolled: true, type: "window" })
  if (windows.some(({ url }) => url.startsWith(ROOT.href))) return
  const pages = await Promise.all([SEEN, ...(await ours(SHELLS)), ...(await ours(KEPT))].map(namesOfPages))
  const loadOrNone = async (address) => (await loadStored(address)) ?? new Response()
  const used = await reach(pages.flat(), loadOrNone)
  const files = await caches.open(FILES)
  const unused = (await files.keys()).filter(({ url }) => !used.has(url))
  await Promise.all(unused.map((request) => files.delete(request)))
}

async function namesOfPages(place) {
  const cache = await caches.open(place)
  const stored = (await cache.keys()).filter(({ url }) => url !== ABOUT)
  const read = async ({ url }) => namesIn(await (await cache.match(url)).text(), url, true)
  return (await Promise.all(stored.map(read))).flat()
}

// -- kept belts ------------------------------------------------------------------------------------

async function sizeOf(responses) {
  const blobs = await Promise.all(responses.map(async (response) => (await response).clone().blob()))
  return blobs.reduce((sum, { size }) => sum + size, 0)
}

// Keep a belt: its page and its stops' pages, each with its map. What was kept before stays until then.
async function keep({ url, title, pages, date }, tell) {
  const place = KEPT + new URL(url).pathname
  const cache = await caches.open(place)
  const wasKept = await cache.match(ABOUT)
  const files = new Map()
  const stored = []
  try {
    for (const address of pages.map(pageOf)) {
      const response = await fetch(address, { cache: "no-cache" })
      if (!isPage(response)) throw new Error(`${address}: ${response.status}`)
      const found = await storePage(address, response, [place], true)
      stored.push(found.page)
      for (const [name, file] of found.files) files.set(name, file)
      tell({ done: stored.length, of: pages.length })
    }
    const about = { url, title, date, pages: pages.length, bytes: await sizeOf([...stored, ...files.values()]) }
    await cache.put(ABOUT, Response.json(about))
    const seen = await caches.open(SEEN)
    await Promise.all(pages.map((address) => seen.delete(pageOf(address))))
    return about
  } catch (error) {
    if (!wasKept) await caches.delete(place)
    throw error
  }
}

async function list() {
  const read = async (name) => (await (await caches.open(name)).match(ABOUT))?.json()
  const found = await Promise.all((await ours(KEPT)).map(read))
  return found.filter(Boolean).sort((a, b) => (a.url < b.url ? -1 : 1))
}

const ANSWERS = {
  keep,
  list,
  drop: ({ url }) => caches.delete(KEPT + new URL(url).pathname),
  seen: async ({ url }) => {
    const response = await fetch(pageOf(url), { cache: "no-cache" })
    if (isPage(response)) await storeSeen(pageOf(url), response)
  },
}

// -- events ----------------------------------------------------------------------------------------

self.addEventListener("install", (event) => event.waitUntil(inTurn(storeShell)))

self.addEventListener("activate", (event) => {
  event.waitUntil(inTurn(async () => {
    await dropOldShells()
    await sweep()
    await self.clients.claim()
  }))
})

self.addEventListener("fetch", (event) => {
  const { request } = event
  if (request.method !== "GET" || !request.url.startsWith(ROOT.href)) return
  // A store that cannot be read is no reason to withhold what the network gives.
  const orFetched = (answer) => event.respondWith(answer.catch(() => fetch(request)))
  if (request.mode === "navigate") {
    event.waitUntil(inTurn(sweep).catch(() => {}))
    orFetched(answerPage(event))
  } else if (isNamed(request.url)) {
    orFetched(fetchNamed(plain(request.url)))
  }
})

self.addEventListener("message", (event) => {
  const [port] = event.ports
  const tell = (message) => port?.postMessage(message)
  const { ask, ...what } = event.data
  const answer = inTurn(() => ANSWERS[ask](what, tell))
  event.waitUntil(answer.then((result) => tell({ result }), (error) => tell({ error: String(error) })))
})
