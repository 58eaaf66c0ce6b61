// The places of a map: numbered dots for villages, circles of uncertainty for what is known less exactly,
// lines between stops, tooltips and popups. Every text of a record is placed as text.
import { element } from "./elements.js"
import { labelMarks } from "./map_labels.js"
import { orderMarks } from "./map_order.js"

const WIDE_KM = 10 // a circle wider than this is hatched fainter, or it would be all one sees
const MOST_CIRCLES = 300 // in sight; more would hide the map, so they come when the reader is nearer
const MOST_NAMES = 5 // told of a cluster
const ABOVE = { direction: "top", offset: [0, -12] } // where a mark's name opens
const NARROW = 480 // pixels
const MARGIN_KM = 2 // around places that a list has chosen
const SLICE = 100 // markers added at a time, so that thousands never stop the page

function positionOf(feature) {
  const [lon, lat] = feature.geometry.coordinates
  return [lat, lon]
}

function byNumber(a, b) {
  return (a.number ?? 0) - (b.number ?? 0)
}

function isExact(properties) {
  return properties.precision === "village"
}

// Ascending numbers with runs of three or more shortened: 1, 2, 3, 5 is 1–3·5.
function joinNumbers(numbers) {
  const runs = []
  for (const number of numbers) {
    const run = runs.at(-1)
    if (run && number === run.at(-1) + 1) run.push(number)
    else runs.push([number])
  }
  return runs.map((run) => (run.length > 2 ? `${run[0]}–${run.at(-1)}` : run.join("·"))).join("·")
}

// -- marks ---------------------------------------------------------------------------------------

// What is read out: on a map of several belts a number alone would not say of which.
function tellNames(places, data) {
  if (places.length === 1) return [places[0].name, data.belts.length > 1 && tellStop(places[0], data)].filter(Boolean).join("，")
  const names = places.slice(0, MOST_NAMES).map((place) => place.name).join("、")
  return places.length > MOST_NAMES ? `${names}等` : names
}

// Each belt that a place is a stop of, with its number along it.
function stopsOf({ belts = [], numbers = [] }) {
  return belts.map((belt, i) => [belt, numbers[i]]).filter(([, number]) => number)
}

function numbersAlong(belt, places) {
  const numbers = places.flatMap(stopsOf).filter(([other]) => other === belt).map(([, number]) => number)
  return joinNumbers([...new Set(numbers)].sort((a, b) => a - b))
}

function beltsOf(places) {
  return [...new Set(places.flatMap((place) => place.belts ?? []))]
}

function classesOf(places) {
  return beltsOf(places).map((number) => ` on-belt-${number}`).join("")
}

// The mark of one place, or of several that share a point: their numbers along one belt, or how many.
function drawMark(L, places, data) {
  const numbers = [...new Set(places.map((place) => place.number).filter(Boolean))].sort((a, b) => a - b)
  const belts = new Set(places.map((place) => place.belt ?? 0))
  const count = places.length > 1 ? `${places.length}处` : ""
  const text = numbers.length && belts.size === 1 ? joinNumbers(numbers) : count
  const mark = element("span", `stop__mark${text ? "" : " stop__mark--plain"}`, text)
  mark.style.setProperty("--km", Math.max(...places.map((place) => place.radius_km ?? 0)))
  for (const belt of text ? beltsOf(places) : []) {
    const along = numbersAlong(belt, places)
    if (along && along !== text) mark.setAttribute(`data-on-belt-${belt}`, along) // what it says when lit
  }
  const names = element("span", "hidden-text", `${text ? " " : ""}${tellNames(places, data)}`)
  const holder = element("span", "stop__holder")
  holder.append(mark, names)
  const about = places.some(isExact) ? "" : " stop--about"
  const className = `stop${about} belt-${belts.size === 1 ? [...belts][0] : "mixed"}${classesOf(places)}`
  return L.divIcon({ className, html: holder, iconSize: [28, 28] })
}

// An icon that is drawn when its marker is: of thousands, most stay inside clusters.
function markOnDemand(L, place, data) {
  const icon = L.divIcon({ iconSize: [28, 28] })
  icon.createIcon = (old) => drawMark(L, [place], data).createIcon(old)
  return icon
}

// Leaflet names a marker that has the focus, but not a cluster.
export function drawCluster(L, cluster) {
  const markers = cluster.getAllChildMarkers()
  const places = markers.map((marker) => marker.place).sort(byNumber)
  const { data } = markers[0]
  const icon = drawMark(L, places, data)
  const create = icon.createIcon
  icon.createIcon = (old) => {
    const mark = create.call(icon, old)
    mark.addEventListener("focus", () => cluster.openTooltip())
    mark.addEventListener("blur", () => cluster.closeTooltip())
    return mark
  }
  cluster.unbindTooltip().bindTooltip(() => nameAll(places, data), ABOVE)
  return icon
}

// -- words ---------------------------------------------------------------------------------------

// A link to another page of this site; anything else stays plain text.
function linkTo({ url, name }, root) {
  const address = new URL(url || location.href, root)
  const isOurs = address.origin === root.origin && address.protocol === root.protocol
  if (!isOurs || address.pathname === location.pathname) return element("span", "", name)
  const link = element("a", "", name)
  link.href = address.href
  return link
}

// A stop leads to its place in the list of stops, where the page has one.
function linkToList({ number }) {
  if (!number || !document.getElementById(`stop-${number}`)) return null
  const line = element("p", "place__stop")
  const link = element("a", "", `见站点列表第${number}站`)
  link.href = `#stop-${number}`
  line.append(link)
  return line
}

// How exactly a place is known, and what that means for its mark.
function explainPrecision({ precision, precision_label: label, radius_km: radius }) {
  if (!label) return ""
  if (precision === "village") return `位置精度：${label}${radius ? `，误差约${radius}公里以内` : ""}`
  return `位置精度：${label}，只知在圆内${radius ? `（半径约${radius}公里）` : ""}，圆心不是它的位置`
}

// On a map of several belts each is named.
function tellStop(place, { belts }) {
  if (!place.number) return ""
  if (belts.length < 2) return `第${place.number}站`
  const nameOf = (belt) => belts.find((other) => other.number === belt)?.name ?? ""
  return stopsOf(place).map(([belt, number]) => `${nameOf(belt)}第${number}站`).join("、")
}

function linkBelts(place, data) {
  const line = element("p", "place__belts")
  for (const belt of data.belts.filter(({ number }) => place.belts?.includes(number))) {
    line.append(line.hasChildNodes() ? "、" : "精品带：", linkTo(belt, data.root))
    if (place.editorial?.includes(belt.number)) line.append("（本站编排）")
  }
  return line.hasChildNodes() ? line : ""
}

function describe(place, data) {
  const box = element("article", "place")
  box.append(element("p", "place__kind", [tellStop(place, data), place.kind, place.district].filter(Boolean).join(" · ")))
  const name = element("p", "place__name")
  name.append(linkTo(place, data.root))
  box.append(name)
  const tell = (className, text) => (text ? element("p", className, text) : "")
  box.append(linkToList(place) ?? "", tell("place__precision", explainPrecision(place)), tell("place__summary", place.summary))
  box.append(linkBelts(place, data), tell("place__note", place.note))
  return box
}

function describeAll(places, data) {
  if (places.length === 1) return describe(places[0], data)
  const box = element("div", "places")
  box.append(element("p", "places__count", `这一点上有${places.length}处`))
  for (const place of places) box.append(describe(place, data))
  return box
}

function nameOne(place, data) {
  const numbered = place.number ? `${place.number} ${place.name}` : place.name
  const line = element("span", "names__one", numbered)
  const stop = data.belts.length > 1 && tellStop(place, data)
  const about = [stop, place.district, place.precision_label && `位置精度：${place.precision_label}`].filter(Boolean)
  if (about.length) line.append(element("span", "names__about", about.join(" · ")))
  return line
}

function nameAll(places, data) {
  const box = element("span", "names")
  box.append(...places.slice(0, MOST_NAMES).map((place) => nameOne(place, data)))
  if (places.length > MOST_NAMES) box.append(element("span", "names__one", `共${places.length}处`))
  return box
}

// A popup keeps clear of the controls on the right and leaves some of the map to be seen.
const POPUP_MARGINS = 60
const CONTROLS_WIDTH = 60
const SCALE_HEIGHT = 30
const ROOM = 40 // for a mark with some of its name

function popupOptions(map) {
  const { x, y } = map.getSize()
  const maxWidth = Math.min(280, x - CONTROLS_WIDTH - POPUP_MARGINS - 12)
  return {
    maxWidth,
    minWidth: Math.min(200, maxWidth),
    maxHeight: Math.min(320, y - 110),
    autoPanPaddingTopLeft: [12, 12],
    autoPanPaddingBottomRight: [CONTROLS_WIDTH, 12],
  }
}

// A cluster holds places that share a point: it opens as a list, and never spreads them apart.
export function openCluster(L, event) {
  if (event.type === "clusterkeypress" && event.originalEvent.key !== "Enter") return
  const cluster = event.layer
  const markers = cluster.getAllChildMarkers()
  if (!markers.every((marker) => marker.getLatLng().equals(markers[0].getLatLng()))) {
    const room = { paddingTopLeft: [ROOM, ROOM], paddingBottomRight: [CONTROLS_WIDTH + ROOM, SCALE_HEIGHT + ROOM] }
    const first = markers.reduce((one, other) => (byNumber(one.place, other.place) > 0 ? other : one))
    const focused = cluster.getElement()?.matches(":focus-visible")
    if (focused) cluster._map.once("moveend", () => setTimeout(() => event.target.getVisibleParent(first)?.getElement()?.focus()))
    cluster.zoomToBounds(room)
    return
  }
  const places = markers.map((marker) => marker.place).sort(byNumber)
  cluster.unbindPopup().bindPopup(describeAll(places, markers[0].data), popupOptions(cluster._map)).openPopup()
}

// -- layers --------------------------------------------------------------------------------------

// `alone` is for the only place of a map: its name stands beside it.
function placeMarker(L, map, feature, data, alone) {
  const place = feature.properties
  const marker = L.marker(positionOf(feature), { icon: markOnDemand(L, place, data), riseOnHover: true })
  marker.place = place
  marker.data = data
  const beside = { permanent: true, direction: "right", offset: [12, 0], className: "place-label" }
  marker.bindTooltip(() => (alone ? element("span", "", place.name) : nameAll([place], data)), alone ? beside : ABOVE)
  marker.bindPopup(() => describe(place, data), popupOptions(map))
  return marker
}

// The places that have a circle, the largest first; equal ones once.
function findReaches(features) {
  const circles = new Map()
  for (const feature of features) {
    const place = feature.properties
    if (isExact(place) || !place.radius_km) continue
    circles.set(`${feature.geometry.coordinates}/${place.radius_km}`, feature)
  }
  return [...circles.values()].sort((a, b) => b.properties.radius_km - a.properties.radius_km)
}

// Circles true to scale; of too many those in sight, and none while these are too many.
function drawReaches(L, map, features) {
  const sight = features.length > MOST_CIRCLES ? map.getBounds().pad(0.2) : null
  const near = sight ? features.filter((feature) => sight.contains(positionOf(feature))) : features
  if (near.length > MOST_CIRCLES) return []
  return near
    .map((feature) => {
      const place = feature.properties
      const { belt = 0, radius_km: radius } = place
      const wide = radius > WIDE_KM ? " reach--wide" : ""
      const options = { className: `reach${wide} belt-${belt}${classesOf([place])}`, fillColor: `url(#hatch-${belt})`, interactive: false }
      return L.circle(positionOf(feature), { radius: radius * 1000, ...options })
    })
}

function drawLines(L, features) {
  return features.map((feature) => {
    const path = feature.geometry.coordinates.map(([lon, lat]) => [lat, lon])
    const { belt, recorded } = feature.properties
    const className = `route${recorded ? " line--recorded" : ""} belt-${belt}`
    return L.polyline(path, { className, interactive: false })
  })
}

// One hatch pattern for each belt, where the circles can refer to it.
function addHatch(map, belt) {
  const id = `hatch-${belt}`
  if (document.getElementById(id)) return
  const make = (name, attributes) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name)
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
    return node
  }
  const svg = make("svg", { class: "hatches", width: 0, height: 0, "aria-hidden": "true" })
  const size = { width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }
  const pattern = make("pattern", { id, class: `hatch belt-${belt}`, ...size })
  pattern.append(make("path", { d: "M0 0v7" }))
  svg.append(pattern)
  map.getContainer().append(svg)
}

// The belts in whose layers a place stands: all that it is a stop of.
function layersOf({ belts = [], belt = 0 }) {
  return belts.length ? belts : [belt]
}

// Whether a list that has chosen some addresses leaves a place: for its own page, or for a belt that it is a stop of.
function isChosen(chosen, place, data) {
  if (!chosen || chosen.has(place.url)) return true
  return data.belts.some(({ number, url }) => chosen.has(url) && layersOf(place).includes(number))
}

// The belts whose layers the reader has put away.
function followHidden(map) {
  if (map.hiddenBelts) return map.hiddenBelts
  const hidden = (map.hiddenBelts = new Set())
  map.on("overlayremove", ({ layer }) => hidden.add(layer.belt))
  map.on("overlayadd", ({ layer }) => hidden.delete(layer.belt))
  return hidden
}

export function addPlaces(L, { map, group, cluster, places: data, belt }) {
  const isMine = ({ properties: place }) => belt === null || layersOf(place).includes(belt)
  const mine = data.features.filter(isMine)
  const points = mine.filter((feature) => feature.geometry.type === "Point")
  const lines = mine.filter((feature) => feature.geometry.type === "LineString")
  const hidden = followHidden(map)
  for (const number of new Set(points.map((feature) => feature.properties.belt ?? 0))) addHatch(map, number)
  const alone = points.length === 1 && belt === null
  const markers = new Map()
  const markerOf = (feature) => {
    if (!markers.has(feature)) markers.set(feature, placeMarker(L, map, feature, data, alone))
    return markers.get(feature)
  }
  const figure = map.getContainer().closest("figure")
  const findShown = () => {
    // A place of several belts is drawn once: in the first of their layers that is on.
    const isFirst = (place) => layersOf(place).find((number) => !hidden.has(number)) === belt
    const isShown = ({ properties: place }) => isChosen(figure?.shownPlaces, place, data) && (belt === null || isFirst(place))
    return points.filter(isShown)
  }
  let reaches = []
  let circles = []
  const drawCircles = () => {
    for (const circle of circles) group.removeLayer(circle)
    circles = drawReaches(L, map, reaches)
    for (const circle of circles) group.addLayer(circle)
  }
  const draw = () => {
    group.clearLayers()
    reaches = findReaches(findShown())
    circles = []
    if (reaches.length > MOST_CIRCLES) map.whenReady(drawCircles)
    else drawCircles()
    const shownLines = lines.filter(({ properties }) => isChosen(figure?.shownPlaces, properties, data))
    for (const line of drawLines(L, shownLines)) group.addLayer(line)
  }
  let turn = 0
  let drawn = []
  const addMarkers = async () => {
    const begun = ++turn
    const shown = findShown()
    for (let at = 0; at < shown.length; at += SLICE) {
      if (shown.length > SLICE) await new Promise((resolve) => setTimeout(resolve))
      if (begun !== turn) return
      const slice = shown.slice(at, at + SLICE).map(markerOf)
      cluster.addLayers(slice)
      drawn.push(...slice)
    }
  }
  const removeMarkers = () => {
    turn += 1
    cluster.removeLayers(drawn)
    drawn = []
  }
  draw()
  group.belt = belt
  group.isEmpty = points.length === 0
  group.on("add", addMarkers)
  group.on("remove", removeMarkers)
  map.on("moveend", () => reaches.length > MOST_CIRCLES && drawCircles())
  const drawAnew = () => {
    draw()
    turn += 1
    cluster.clearLayers() // far quicker than taking thousands of markers away; each group then adds its own
    drawn = []
    queueMicrotask(() => map.hasLayer(group) && addMarkers())
  }
  // A list beside the map says which places to leave (browse.js); the layer control, which belts.
  figure?.addEventListener("shownplaces", drawAnew)
  map.on("overlayadd overlayremove", drawAnew)
}

// Tells the stylesheet the scale, so that a number gets a ring while its circle is too small to see.
function followScale(map) {
  const measure = () => {
    const { lat } = map.getCenter()
    const degree = map.latLngToLayerPoint([lat - 0.5, 0]).y - map.latLngToLayerPoint([lat + 0.5, 0]).y
    map.getContainer().style.setProperty("--px-per-km", degree / 111.2)
  }
  map.on("viewreset zoomend", measure)
  measure()
}

// What the map shows first: its own box; of places that a list has chosen, these with their circles.
function boundsOf(L, data, asked) {
  const [west, south, east, north] = data.bbox
  const bounds = L.latLngBounds([])
  for (const feature of asked ? data.features : []) {
    const { radius_km: radius = 0 } = feature.properties
    if (feature.geometry.type !== "Point" || !isChosen(asked, feature.properties, data)) continue
    bounds.extend(L.latLng(positionOf(feature)).toBounds(2000 * (radius + MARGIN_KM)))
  }
  return bounds.isValid() ? bounds : L.latLngBounds([south, west], [north, east])
}

export function showPlaces(L, map, data) {
  const figure = map.getContainer().closest("figure")
  let fitting = false
  const fit = () => {
    fitting = true
    const isNarrow = map.getSize().x < NARROW
    const [maxZoom, room] = isNarrow ? [10, 8] : [11, 20] // a county's name should be in sight
    const padding = { paddingTopLeft: [room, room], paddingBottomRight: [CONTROLS_WIDTH, room] }
    map.fitBounds(boundsOf(L, data, figure?.shownPlaces), { ...padding, maxZoom, animate: false })
    fitting = false
  }
  fit()
  figure?.addEventListener("shownplaces", () => {
    map.invalidateSize({ pan: false }) // a list without places puts the map aside, where it has no size
    fit()
  })
  // Full screen or a turned phone gives other room, which the places fill until the reader looks elsewhere.
  map.on("resize", fit)
  map.on("zoomstart dragstart", () => fitting || map.off("resize", fit))
  followScale(map)
  labelMarks(L, map)
  orderMarks(map)
}
