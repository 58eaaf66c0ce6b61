// The map never traps the page's scrolling. A wheel turns the page unless Ctrl or ⌘ is held or the map was
// clicked; one finger scrolls the page, two move the map; full screen gives the map every gesture.
import { element } from "./elements.js"

const WHEEL_HINT = /Mac|iPhone|iPad/.test(navigator.platform) ? "按住 ⌘ 滚动，或先点一下地图" : "按住 Ctrl 滚动，或先点一下地图"
const TOUCH_HINT = "用两根手指移动地图"

function startHint(box) {
  const hint = element("div", "map__hint")
  hint.setAttribute("aria-hidden", "true")
  box.append(hint)
  let timer = 0
  return (text) => {
    hint.textContent = text
    hint.classList.add("is-shown")
    clearTimeout(timer)
    timer = setTimeout(() => hint.classList.remove("is-shown"), 1200)
  }
}

function guardWheel(map, box, hint) {
  let awake = false
  const wake = () => { awake = true }
  const rest = () => {
    awake = false
    if (!map._isFullscreen) map.scrollWheelZoom.disable()
  }
  box.addEventListener("click", wake)
  box.addEventListener("mouseleave", rest)
  box.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target.matches("[role=button]")) {
      event.preventDefault() // which would scroll the page
      event.target.click()
    }
    if (event.key !== "Escape") return
    rest()
    map.closePopup()
  })
  // Decides before Leaflet sees the wheel: its own listener is on the way back up.
  box.addEventListener("wheel", (event) => {
    const meant = awake || map._isFullscreen || event.ctrlKey || event.metaKey
    if (meant) map.scrollWheelZoom.enable()
    else {
      map.scrollWheelZoom.disable()
      hint(WHEEL_HINT)
    }
  }, { capture: true, passive: true })
}

function guardTouch(map, box, hint) {
  box.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" && !map._isFullscreen) map.dragging.disable()
    else map.dragging.enable()
  }, { capture: true })
  box.addEventListener("touchmove", (event) => {
    if (event.touches.length === 1 && !map._isFullscreen) hint(TOUCH_HINT)
  }, { capture: true, passive: true })
}

// A tip is for a pointer that hovers and for the keyboard; a finger opens the popup, and the two would cover each other.
function calmTips(map) {
  const hovers = matchMedia("(hover: hover)")
  map.on("tooltipopen", ({ tooltip }) => {
    const isMeant = hovers.matches || document.activeElement?.matches(".stop:focus-visible")
    if (tooltip.options.permanent || (isMeant && !tooltip._source.isPopupOpen())) return
    queueMicrotask(() => map.closeTooltip(tooltip))
  })
}

// Where the keyboard opened a popup it moves into it, and back to the mark afterwards.
function followPopups(map) {
  map.on("popupopen", ({ popup }) => {
    popup._source?.closeTooltip()
    const box = popup.getElement()
    const close = box.querySelector(".leaflet-popup-close-button")
    close?.setAttribute("aria-label", "关闭")
    const mark = document.activeElement?.closest(".leaflet-marker-icon")
    if (!mark) return
    box.querySelector("a[href]:not(.leaflet-popup-close-button)")?.focus({ preventScroll: true })
    map.once("popupclose", () => {
      const inside = box.contains(document.activeElement) || document.activeElement === document.body
      if (mark.isConnected && inside) mark.focus({ preventScroll: true })
    })
  })
}

export function guardGestures(L, map) {
  const box = map.getContainer()
  const hint = startHint(box)
  guardWheel(map, box, hint)
  guardTouch(map, box, hint)
  followPopups(map)
  calmTips(map)
  map.on("enterFullscreen", () => box.classList.add("is-full"))
  map.on("exitFullscreen", () => box.classList.remove("is-full"))
}
