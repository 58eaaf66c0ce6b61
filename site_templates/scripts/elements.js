// Elements as the scripts build them. Words are placed as text, never as markup.

export function element(name, className = "", text = "") {
  const node = document.createElement(name)
  if (className) node.className = className
  if (text) node.textContent = text
  return node
}

export function buildButton(text, act, className = "tool") {
  const button = element("button", className, text)
  button.type = "button"
  button.addEventListener("click", () => act(button))
  return button
}
