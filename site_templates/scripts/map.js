// The entry of every page with a map: keeps the still picture until the reader means to use the map,
// then draws the interactive one in its place. Should that fail, the still picture comes back.
import { buildButton, element } from "./elements.js"
import { startHighlight } from "./map_highlight.js"

const DESKTOP = "(min-width: 60em) and (hover: hover) and (pointer: fine)"
const FAILED = "互动地图没有加载成功，静态图和下面的列表内容相同。"
const RENEWED = "本页已经更新，刷新后可以打开互动地图。"
const GONE = [404, 410] // what this page names is of a build before

function whenSeen(figure, start) {
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return
    seen.disconnect()
    const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 200))
    idle(start)
  })
  seen.observe(figure)
}

function offerButton(figure, start, text = "打开互动地图") {
  const open = async (button) => {
    button.disabled = true
    button.textContent = "正在打开……"
    await start()
    button.remove()
    figure.querySelector(".leaflet-container")?.focus({ preventScroll: true })
  }
  figure.querySelector(".map__frame").after(buildButton(text, open, "map__open"))
}

function showFailure(figure, start, error) {
  console.error(error)
  figure.querySelector(".folium-map")?.remove()
  figure.querySelector(".map__message")?.remove()
  const message = element("p", "map__message", GONE.includes(error.status) ? RENEWED : FAILED)
  message.setAttribute("role", "status")
  figure.querySelector(".map__frame").after(message)
  offerButton(figure, start, "再试一次")
}

function startMap(figure) {
  const start = async () => {
    try {
      const { drawMap } = await import("./map_drawing.js")
      await drawMap(figure)
      figure.classList.add("map--live")
      figure.querySelector(".map__message")?.remove()
    } catch (error) {
      showFailure(figure, start, error)
    }
  }
  startHighlight(figure)
  if (matchMedia(DESKTOP).matches && !navigator.connection?.saveData) whenSeen(figure, start)
  else offerButton(figure, start)
}

document.querySelectorAll("figure[data-map]").forEach(startMap)
