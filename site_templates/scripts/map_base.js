// The offline base map: land, water, borders, and names that give way to places and to one another.
import { element } from "./elements.js"
import { boxAround, boxesOf, leaves, overlap } from "./map_boxes.js"

const FADE = 0.2 // degrees
const FADE_STEPS = 12
const NAME_HEIGHT = 20
const MARK_WIDTH = 18
const MARK_HEIGHT = 12

function styleOf(feature, chosen) {
  const { layer, code } = feature.properties
  return { className: `base base--${layer}${code && code === chosen ? " is-chosen" : ""}`, interactive: false }
}

// Beyond the edge of what is known land and sea fade into one tone: rectangles with ever larger holes.
function drawFade(L, [west, south, east, north], options) {
  const outside = [[south - 9, west - 9], [north + 9, west - 9], [north + 9, east + 9], [south - 9, east + 9]]
  return Array.from({ length: FADE_STEPS }, (_, step) => {
    const inset = FADE * (1 - step / FADE_STEPS)
    const [s, w, n, e] = [south + inset, west + inset, north - inset, east - inset]
    const hole = [[s, w], [n, w], [n, e], [s, e]]
    return L.polygon([outside, hole], { className: "base base--beyond", interactive: false, ...options })
  })
}

function nameMarker(L, feature) {
  const { name, code } = feature.properties
  const text = element("span", "", name)
  const icon = L.divIcon({ className: `region${code ? "" : " region--other"}`, html: text, iconSize: [0, 0] })
  const [lon, lat] = feature.geometry.coordinates
  return L.marker([lat, lon], { icon, interactive: false, keyboard: false, pane: "names" })
}

// Hides each name that would lie over a place, its name, a control or an earlier name, or be cut by the map's edge.
function thinNames(map, markers, places) {
  const size = map.getSize()
  const marks = places.map((place) => boxAround(map.latLngToContainerPoint(place), MARK_WIDTH, MARK_HEIGHT))
  const taken = [...marks, ...boxesOf(map, ".leaflet-control, .mark-label")]
  for (const marker of markers) {
    const text = marker.getElement()?.firstChild
    if (!text) continue
    const box = boxAround(map.latLngToContainerPoint(marker.getLatLng()), text.offsetWidth / 2, NAME_HEIGHT / 2)
    const covered = leaves(box, size) || taken.some((other) => overlap(box, other))
    text.classList.toggle("is-hidden", covered)
    if (!covered) taken.push(box)
  }
}

export function drawBase(L, map, base, data) {
  map.createPane("base").style.zIndex = 250
  map.createPane("names").style.zIndex = 450
  const isPoint = (feature) => feature.geometry.type === "Point"
  const latLng = ({ geometry: { coordinates: [lon, lat] } }) => L.latLng(lat, lon)
  const options = { pane: "base", renderer: L.svg({ pane: "base", padding: 1 }) }
  const shapes = L.geoJSON(base, {
    filter: (feature) => !isPoint(feature),
    style: (feature) => styleOf(feature, data.district_code),
    ...options,
  })
  const fade = base.bbox ? drawFade(L, base.bbox, options) : []
  const names = base.features.filter(isPoint).map((feature) => nameMarker(L, feature))
  const places = data.features.filter(isPoint).map(latLng)
  const layer = L.layerGroup([shapes, ...fade, ...names])
  let frame = 0
  const thin = () => { // once a frame: fitting the map to its places moves it several times
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame(() => thinNames(map, names, places))
  }
  layer.on("add", thin)
  map.on("viewreset zoomend moveend resize labelled", thin)
  return layer
}
