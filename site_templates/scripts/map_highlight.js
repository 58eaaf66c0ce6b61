// A row of the page that names a belt (data-belt="3") lights up that belt's stops in its colour and with their
// numbers along it, on the still picture and on the interactive map alike: both carry the class belt-3, or on-belt-3
// where they are drawn with another belt, and the number as data-on-belt-3.

function darken(figure) {
  figure.classList.remove("has-lit", ...[...figure.classList].filter((name) => name.startsWith("belt-")))
  for (const lit of figure.querySelectorAll(".is-lit")) lit.classList.remove("is-lit")
  for (const mark of figure.querySelectorAll("[data-unlit]")) {
    mark.textContent = mark.dataset.unlit
    delete mark.dataset.unlit
  }
}

function light(figure, number) {
  darken(figure)
  if (!number) return
  figure.classList.add("has-lit", `belt-${number}`)
  for (const mark of figure.querySelectorAll(`[data-on-belt-${number}]`)) {
    mark.dataset.unlit = mark.textContent
    mark.textContent = mark.getAttribute(`data-on-belt-${number}`)
  }
  for (const part of figure.querySelectorAll(`.belt-${number}, .on-belt-${number}`)) part.classList.add("is-lit")
}

export function startHighlight(figure) {
  for (const row of document.querySelectorAll("[data-belt]")) {
    if (figure.contains(row)) continue
    const number = Number(row.dataset.belt)
    row.addEventListener("pointerenter", () => light(figure, number))
    row.addEventListener("pointerleave", () => light(figure, 0))
    row.addEventListener("focusin", () => light(figure, number))
    row.addEventListener("focusout", () => light(figure, 0))
  }
}
