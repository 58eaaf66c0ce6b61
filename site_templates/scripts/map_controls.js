// What stands on the map beside the places: scale, credits, legend, layers. And Leaflet's own words in Chinese.
import { element } from "./elements.js"

function addControl(L, map, position, box) {
  const control = L.control({ position })
  control.onAdd = () => {
    L.DomEvent.disableClickPropagation(box)
    return box
  }
  return control.addTo(map)
}

// -- Leaflet in this site's words ------------------------------------------------------------------

export function adaptLibrary(L) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches
  L.Map.mergeOptions({ fadeAnimation: !still, zoomAnimation: !still, markerZoomAnimation: !still })
  L.MarkerClusterGroup.mergeOptions({ animate: !still })
  Object.assign(L.Control.Zoom.prototype.options, { zoomInTitle: "放大", zoomOutTitle: "缩小" })
  L.control.fullscreen ??= (options) => new L.Control.FullScreen(options)
  if (!L.Control.Layers.prototype.isAdapted) L.Control.Layers.include({ isAdapted: true, ...adaptLayers(L.Control.Layers.prototype) })
}

function adaptLayers({ _addItem: addItem, _initLayout: initLayout, expand, collapse }) {
  return {
    // Leaflet would read a layer's name as markup.
    _addItem(item) {
      const row = addItem.call(this, { ...item, name: "" })
      const holder = row.querySelector("span > span") ?? row
      const belt = item.layer.belt
      if (belt) holder.append(element("i", `key__dot belt-${belt}`))
      holder.append(item.name)
      return row
    },
    // Leaflet hides the button while the list is open, and leaves the keyboard nowhere.
    _initLayout() {
      initLayout.call(this)
      this._layersLink.title = "图层"
      this._layersLink.setAttribute("aria-label", "图层")
      this._layersLink.setAttribute("aria-expanded", "false")
      this._container.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || document.activeElement === this._layersLink) return
        event.stopPropagation()
        this.collapse()
        this._layersLink.focus()
      })
      this._container.addEventListener("focusout", ({ relatedTarget: next }) => {
        if (next && !this._container.contains(next)) this.collapse()
      })
    },
    expand() {
      const isAsked = this._layersLink.matches(":focus-visible")
      expand.call(this)
      this._layersLink.setAttribute("aria-expanded", "true")
      if (isAsked) this._overlaysList.querySelector("input")?.focus()
      return this
    },
    collapse() {
      collapse.call(this)
      this._layersLink.setAttribute("aria-expanded", "false")
      return this
    },
  }
}

// -- controls --------------------------------------------------------------------------------------

export function addScale(L, map) {
  const Scale = L.Control.Scale.extend({
    _updateScale(scale, text, ratio) {
      scale.style.width = `${Math.round(this.options.maxWidth * ratio)}px`
      scale.textContent = text.replace(" km", "公里").replace(" m", "米")
    },
  })
  new Scale({ imperial: false, position: "bottomleft" }).addTo(map)
}

export function addCredits(L, map, data, { credits, approval }) {
  const box = element("div", "credits")
  box.append(element("span", "credits__kind", approval ? `示意图　审图号：${approval}` : "示意图"))
  box.append(element("span", "credits__lines", credits.join("　")))
  addControl(L, map, "bottomleft", box)
}

// The key that stands below the still picture.
export function addLegend(L, map) {
  const key = map.getContainer().closest("figure")?.querySelector(".map__key")
  if (!key) return
  const list = key.cloneNode(true)
  list.className = "key"
  addControl(L, map, "bottomright", list)
}

// Belts without a place here leave the layer control.
export function trimLayers(L, map, data, { control }) {
  for (const { layer } of [...control._layers]) if (layer.isEmpty) control.removeLayer(layer)
  if (control._layers.length < 2) control.remove()
}
