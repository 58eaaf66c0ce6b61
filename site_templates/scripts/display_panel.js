// The panel of the page's head where a reader chooses large text, strong contrast, light or dark.
import { element } from "./elements.js"

const root = document.documentElement

const GROUPS = [
  ["size", "字号", [["", "标准"], ["large", "大"], ["largest", "特大"]]],
  ["scheme", "外观", [["", "跟随系统"], ["light", "浅色"], ["dark", "深色"]]],
]

function apply(name, value) {
  if (value) root.dataset[name] = value
  else delete root.dataset[name]
  try {
    if (value) localStorage.setItem(root.dataset.site + name, value)
    else localStorage.removeItem(root.dataset.site + name)
  } catch {
    // The choice then lasts for this page only.
  }
}

function buildChoice(type, name, value, text) {
  const label = element("label", "display__choice")
  const input = element("input")
  Object.assign(input, { type, name: `display-${name}`, value })
  input.checked = (root.dataset[name] ?? "") === value
  input.addEventListener("change", () => apply(name, input.checked ? value : ""))
  label.append(input, element("span", "", text))
  return label
}

function buildGroup([name, title, values]) {
  const group = element("fieldset", "display__group")
  group.append(element("legend", "", title))
  group.append(...values.map(([value, text]) => buildChoice("radio", name, value, text)))
  return group
}

function startPanel(details) {
  const panel = element("div", "display__panel")
  const elder = element("div", "display__group")
  elder.append(
    buildChoice("checkbox", "elder", "on", "长者模式"),
    element("p", "display__about", "大字、强对比，链接加下划线。选择会记住，对全站有效。"),
  )
  panel.append(elder, ...GROUPS.map(buildGroup))
  details.append(panel)
  details.hidden = false
}

document.querySelectorAll("[data-display]").forEach(startPanel)
