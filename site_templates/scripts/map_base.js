// The offline base map: land, water, borders, and names that give way to places and to one another. A district's
// name then moves within its district.
import { element } from "./elements.js"
import { boxAround, boxesOf, leaves, overlap } from "./map_boxes.js"

const FADE = 0.2 // degrees
const FADE_STEPS = 12
const NAME_HEIGHT = 20
const STEP = 12 // pixels by which a name moves, and how many times at most
const MOST_STEPS = 7

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

function makeName(L, feature, land) {
  const { name, code } = feature.properties
  const text = element("span", "", name)
  const icon = L.divIcon({ className: `region${code ? "" : " region--other"}`, html: text, iconSize: [0, 0] })
  const [lon, lat] = feature.geometry.coordinates
  const marker = L.marker([lat, lon], { icon, interactive: false, keyboard: false, pane: "names" })
  return { marker, home: marker.getLatLng(), rings: code ? ringsOf(land.get(code)) : [] }
}

// The rings of a district's polygons; a point inside crosses an odd number of their sides.
function ringsOf({ type, coordinates } = { coordinates: [] }) {
  return type === "Polygon" ? coordinates : coordinates.flat()
}

function isInside(rings, { lat, lng }) {
  let inside = false
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i += 1) {
      const [[x1, y1], [x2, y2]] = [ring[i - 1], ring[i]]
      if (y1 > lat !== y2 > lat && lng < x1 + ((lat - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside
    }
  }
  return inside
}

// Every way to move a name, the shortest first.
const STEPS = Array.from({ length: 2 * MOST_STEPS + 1 }, (_, i) => (i - MOST_STEPS) * STEP)
const MOVES = STEPS.flatMap((x) => STEPS.map((y) => ({ x, y }))).sort((a, b) => Math.hypot(a.x, a.y) - Math.hypot(b.x, b.y))

// The free box for a name nearest to where it belongs; a district's stands with most of its width in the district.
function findBox(map, { home, rings }, width, isFree) {
  const { x, y } = map.latLngToContainerPoint(home)
  const holds = (dx, dy) => isInside(rings, map.containerPointToLatLng([dx, dy]))
  for (const move of rings.length ? MOVES : MOVES.slice(0, 1)) {
    const point = { x: x + move.x, y: y + move.y }
    const box = boxAround(point, width / 2, NAME_HEIGHT / 2)
    if (!isFree(box)) continue
    if (move === MOVES[0] || [-width / 3, width / 3].every((d) => holds(point.x + d, point.y))) return { box, point }
  }
  return null
}

// Moves each name that would lie over a mark, its name, a control or an earlier name, or be cut by the map's edge;
// hides those that find no place.
function placeNames(map, names) {
  const size = map.getSize()
  const taken = boxesOf(map, ".leaflet-control, .mark-label, .stop__mark")
  const isFree = (box) => !leaves(box, size) && !taken.some((other) => overlap(box, other))
  for (const name of names) {
    const text = name.marker.getElement()?.firstChild
    if (!text) continue
    const found = findBox(map, name, text.offsetWidth, isFree)
    text.classList.toggle("is-hidden", !found)
    name.marker.setLatLng(found ? map.containerPointToLatLng(found.point) : name.home)
    if (found) taken.push(found.box)
  }
}

export function drawBase(L, map, base, data) {
  map.createPane("base").style.zIndex = 250
  map.createPane("names").style.zIndex = 450
  const isPoint = (feature) => feature.geometry.type === "Point"
  const options = { pane: "base", renderer: L.svg({ pane: "base", padding: 1 }) }
  const shapes = L.geoJSON(base, {
    filter: (feature) => !isPoint(feature),
    style: (feature) => styleOf(feature, data.district_code),
    ...options,
  })
  const fade = base.bbox ? drawFade(L, base.bbox, options) : []
  const districts = base.features.filter(({ properties: { layer, code } }) => layer === "land" && code)
  const land = new Map(districts.map(({ properties, geometry }) => [properties.code, geometry]))
  const names = base.features.filter(isPoint).map((feature) => makeName(L, feature, land))
  const layer = L.layerGroup([shapes, ...fade, ...names.map(({ marker }) => marker)])
  let frame = 0
  const place = () => { // once a frame: fitting the map to its places moves it several times
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame(() => placeNames(map, names))
  }
  layer.on("add", place)
  map.on("viewreset zoomend moveend resize labelled", place)
  return layer
}
