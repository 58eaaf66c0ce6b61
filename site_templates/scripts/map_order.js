// Marks in the order of their route for those who go through them by keyboard: the marker pane is sorted whenever
// the map has come to rest.
const REST = 300 // milliseconds; clusters have then parted or joined
const UNNUMBERED = 1e6

function placesOf(layer) {
  return layer.place ? [layer.place] : (layer.getAllChildMarkers?.().map((marker) => marker.place) ?? [])
}

// Belt by belt along their numbers, then what has none.
function rankOf(layer) {
  return Math.min(...placesOf(layer).map(({ belt, number }) => (number ? belt * 1000 + number : UNNUMBERED)))
}

function sortMarks(map) {
  const pane = map.getPane("markerPane")
  if (pane.contains(document.activeElement)) return // a mark that is moved loses the focus
  const ranks = new Map()
  map.eachLayer((layer) => {
    const mark = layer.getElement?.()
    if (mark?.classList.contains("stop")) ranks.set(mark, rankOf(layer))
  })
  const marks = [...pane.children].filter((mark) => ranks.has(mark))
  const sorted = [...marks].sort((a, b) => ranks.get(a) - ranks.get(b))
  if (sorted.some((mark, i) => mark !== marks[i])) pane.append(...sorted)
}

export function orderMarks(map) {
  let timer = 0
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(() => sortMarks(map), REST)
  }
  map.on("zoomend moveend", later)
  map.on("layeradd", ({ layer }) => (layer.place || layer.getAllChildMarkers) && later())
  later()
}
