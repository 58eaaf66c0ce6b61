// Fetches what an interactive map needs and draws it: the libraries, the form's script that Folium composed,
// the page's places and the shared base map. The addresses stand on the figure.
import { element } from "./elements.js"
import * as base from "./map_base.js"
import * as controls from "./map_controls.js"
import * as gestures from "./map_gestures.js"
import * as places from "./map_places.js"

const tools = { ...base, ...places, ...controls, ...gestures }

const loading = new Map() // by address: two maps load a library once, and another try what has failed

function load(node, address) {
  if (!loading.has(address)) {
    const done = new Promise((resolve, reject) => {
      node.addEventListener("load", resolve)
      node.addEventListener("error", () => {
        loading.delete(address)
        node.remove()
        reject(new Error(`cannot load ${address}`))
      })
    })
    loading.set(address, done)
    document.head.prepend(node) // a style before our own, which refine it
  }
  return loading.get(address)
}

async function loadLibraries(addresses) {
  const [script, style] = addresses.split(/\s+/)
  const scripted = load(Object.assign(document.createElement("script"), { src: script }), script)
  const styled = load(Object.assign(document.createElement("link"), { rel: "stylesheet", href: style }), style)
  await Promise.all([scripted, styled])
  return window.L
}

async function fetchJson(address) {
  const response = await fetch(address)
  if (response.ok) return response.json()
  throw Object.assign(new Error(`${address}: ${response.status}`), { status: response.status })
}

function addElement(figure) {
  const box = element("div", "folium-map")
  box.id = `map_${figure.dataset.map}`
  box.setAttribute("role", "region")
  figure.querySelector(".map__frame").append(box)
  return box
}

export async function drawMap(figure) {
  const { script, base, libraries, places = "map.geojson", root = "./" } = figure.dataset
  const [L, form, data, land] = await Promise.all([
    loadLibraries(libraries),
    import(new URL(script, document.baseURI)),
    fetchJson(places),
    fetchJson(base),
  ])
  data.root = new URL(root || "./", document.baseURI)
  tools.adaptLibrary(L)
  const box = addElement(figure)
  box.setAttribute("aria-label", `${data.title}：方向键移动，加减号缩放`)
  return form.draw(L, data, land, tools)
}
