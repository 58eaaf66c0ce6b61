// Rectangles on a map, in pixels from its upper left corner: what is taken, and what would lie over it.

export function boxAround({ x, y }, halfWidth, halfHeight) {
  return { left: x - halfWidth, right: x + halfWidth, top: y - halfHeight, bottom: y + halfHeight }
}

export function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

export function leaves(box, { x, y }) {
  return box.left < 0 || box.top < 0 || box.right > x || box.bottom > y
}

export function boxesOf(map, selector) {
  const frame = map.getContainer().getBoundingClientRect()
  return [...map.getContainer().querySelectorAll(selector)].map((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect()
    return { left: left - frame.left, right: right - frame.left, top: top - frame.top, bottom: bottom - frame.top }
  })
}
