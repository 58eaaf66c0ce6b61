// A row of the page that names a belt (data-belt="3") lights up that belt's stops, on the still picture and
// on the interactive map alike: both carry the class belt-3.

function light(figure, number) {
  figure.classList.toggle("has-lit", Boolean(number))
  for (const lit of figure.querySelectorAll(".is-lit")) lit.classList.remove("is-lit")
  if (!number) return
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
