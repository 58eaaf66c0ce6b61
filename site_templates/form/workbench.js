// The page beside the form: waits for news, shows what the checks say, and the site as it was last built.

const SEVERITIES = { error: "错误", warning: "警告", note: "提示" };
const find = (selector) => document.querySelector(selector);
const state = find(".state");
const panes = find(".panes");
const preview = find(".pane--preview");
const faults = find(".faults");
const toggle = find(".toggle");
let shown = { built: -1, address: "", refused: "" };

function makeElement(name, className, text) {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

function faultItem(fault, isRefused) {
  const item = makeElement("li", `fault fault--${fault.severity}`, "");
  item.title = fault.path;
  const where = [fault.record || fault.path.replace(/^belts\//, ""), fault.field].filter(Boolean).join(" › ");
  item.append(
    makeElement("p", "fault-where", `${SEVERITIES[fault.severity]} ${fault.code}　${where}${isRefused ? "" : `（第 ${fault.line} 行）`}`),
    makeElement("p", "fault-message", fault.message),
  );
  if (fault.help) item.append(makeElement("p", "fault-help", fault.help));
  return item;
}

function countFaults(faults, severity) {
  return faults.filter((fault) => fault.severity === severity).length;
}

function sayState({ is_building: isBuilding, failure, refused, faults: found, built }) {
  const errors = countFaults(found, "error");
  const warnings = countFaults(found, "warning");
  if (refused.length) return `没有保存：${refused.length} 处错误`;
  if (isBuilding) return "正在检查和生成预览……";
  if (failure) return `预览没有生成：${failure}`;
  if (errors) return `${errors} 处错误，预览是上一次的`;
  if (!built) return "正在准备……";
  return warnings ? `预览是最新的，有 ${warnings} 处警告` : "已检查，预览是最新的";
}

function judgeState({ is_building: isBuilding, failure, refused, faults: found }) {
  if (refused.length || failure) return "bad";
  if (isBuilding) return "busy";
  if (countFaults(found, "error")) return "bad";
  return countFaults(found, "warning") ? "warned" : "good";
}

function openFaults(isOpen) {
  faults.hidden = !isOpen;
  toggle.setAttribute("aria-expanded", String(isOpen));
}

function showFaults({ refused, faults: found }) {
  const errors = found.filter(({ severity }) => severity !== "note");
  const listed = refused.length ? refused : errors;
  find(".fault-list").replaceChildren(...listed.map((fault) => faultItem(fault, refused.length > 0)));
  find("#faults-title").textContent = refused.length ? "没有保存，请先改正" : "检查结果";
  toggle.hidden = listed.length === 0;
  toggle.textContent = `检查结果（${listed.length}）`;
  const key = JSON.stringify(refused);
  if (key !== shown.refused) openFaults(refused.length > 0);
  if (!listed.length) openFaults(false);
  shown.refused = key;
}

function showPreview({ built, address }) {
  if (built === shown.built || !built) return;
  if (address !== shown.address || shown.built < 1) preview.src = `site/${address}`;
  else preview.contentWindow.location.reload();
  shown = { ...shown, built, address };
}

function show(news) {
  state.textContent = sayState(news);
  state.dataset.state = judgeState(news);
  showFaults(news);
  showPreview(news);
}

async function follow() {
  let known = -1;
  for (;;) {
    try {
      const response = await fetch(`api/news?known=${known}`);
      const news = await response.json();
      if (news.version !== known) show(news);
      known = news.version;
    } catch {
      state.textContent = "belts edit 已经结束；请重新启动";
      state.dataset.state = "bad";
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

for (const button of document.querySelectorAll(".views button")) {
  button.addEventListener("click", () => {
    panes.dataset.view = button.dataset.view;
    for (const other of document.querySelectorAll(".views button")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
  });
}
toggle.addEventListener("click", () => openFaults(faults.hidden));
follow();
