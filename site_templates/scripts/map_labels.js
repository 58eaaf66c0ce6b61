// Names beside the marks for those who cannot hover: laid out anew whenever the map has come to rest, where
// they cover no mark, control or other name, and only while few marks are in sight.
import { element } from "./elements.js"
import { boxAround, boxesOf, leaves, overlap } from "./map_boxes.js"

const MOST_MARKS = 20
const GAP = 3
const MOST_REACH = 60 // pixels; outside a wider circle a name would be far from its mark
const REST = 300 // milliseconds; clusters have then parted or joined

function placesOf(layer) {
  if (layer.place) return layer.getTooltip()?.options.permanent ? [] : [layer.place]
  return layer.getAllChildMarkers?.().map((marker) => marker.place) ?? []
}

function nameFor(places) {
  const first = [...places].sort((a, b) => (a.number ?? 0) - (b.number ?? 0))[0].name
  return places.length > 1 ? `${first}等${places.length}处` : first
}

// The marks in sight; nothing where they are too many to be named.
function findMarks(map) {
  const sight = map.getBounds()
  const marks = []
  map.eachLayer((layer) => {
    const element = layer.getElement?.()
    if (element?.classList.contains("stop") && sight.contains(layer.getLatLng())) marks.push({ layer, element })
  })
  return marks.length > MOST_MARKS ? [] : marks
}

// Right of the mark, left of it, below and above.
function spotsAround({ x, y }, across, down, { offsetWidth: width, offsetHeight: height }) {
  const corners = [
    [x + across, y - height / 2],
    [x - across - width, y - height / 2],
    [x - width / 2, y + down],
    [x - width / 2, y - down - height],
  ]
  return corners.map(([left, top]) => ({ left, top, right: left + width, bottom: top + height }))
}

// The first free spot outside the mark's circle, where that is not far, or else at the mark itself.
function findSpot(point, mark, reach, label, isFree) {
  const [across, down] = [mark.offsetWidth / 2, mark.offsetHeight / 2]
  const beyond = reach > MOST_REACH ? 0 : reach
  const outside = spotsAround(point, Math.max(across, beyond) + GAP, Math.max(down, beyond) + GAP, label)
  return [...outside, ...spotsAround(point, across + GAP, down + GAP, label)].find(isFree)
}

// The radius in pixels of the widest circle around a mark, by the scale that map_places.js tells the style sheet.
function reachOf(map, places) {
  const scale = Number(map.getContainer().style.getPropertyValue("--px-per-km"))
  const circles = places.filter((place) => place.precision !== "village").map((place) => place.radius_km ?? 0)
  return Math.max(0, ...circles) * scale
}

function layLabels(L, map, pane) {
  pane.replaceChildren()
  const marks = findMarks(map).filter(({ layer }) => placesOf(layer).length)
  const labels = marks.map(({ layer, element: mark }) => {
    const belts = [...mark.classList].filter((name) => /^(on-)?belt-/.test(name)) // which light it up
    return element("span", ["mark-label", ...belts].join(" "), nameFor(placesOf(layer)))
  })
  pane.append(...labels)
  const size = map.getSize()
  const points = marks.map(({ layer }) => map.latLngToContainerPoint(layer.getLatLng()))
  const shapes = marks.map(({ element }) => element.querySelector(".stop__mark"))
  const taken = boxesOf(map, ".leaflet-control, .leaflet-tooltip")
  points.forEach((point, i) => taken.push(boxAround(point, shapes[i].offsetWidth / 2, shapes[i].offsetHeight / 2)))
  const isFree = (box) => !leaves(box, size) && !taken.some((other) => overlap(box, other))
  const spots = labels.map((label, i) => {
    const spot = findSpot(points[i], shapes[i], reachOf(map, placesOf(marks[i].layer)), label, isFree)
    if (spot) taken.push(spot)
    return spot
  })
  labels.forEach((label, i) => {
    if (!spots[i]) return label.remove()
    L.DomUtil.setPosition(label, map.containerPointToLayerPoint([spots[i].left, spots[i].top]))
  })
  map.fire("labelled")
}

export function labelMarks(L, map) {
  const pane = map.createPane("labels")
  pane.classList.add("leaflet-zoom-hide")
  pane.setAttribute("aria-hidden", "true") // each mark has its name for those who hear the page
  let timer = 0
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(() => layLabels(L, map, pane), REST)
  }
  map.on("zoomstart", () => pane.replaceChildren())
  map.on("zoomend moveend resize", later)
  map.on("layeradd layerremove", ({ layer }) => (layer.place || layer.getAllChildMarkers) && later())
  later()
}
