// The footer's stamp: which commit is live. The pages link to build.json and never name the commit themselves,
// so it is fetched only when a reader comes near the footer.
function describe({ version, commit, modified, data_date: date }) {
  const id = commit ? ` · 编号 ${commit.slice(0, 7)}${modified ? "（有未提交的改动）" : ""}` : ""
  return `版本 ${version}${id}${date ? ` · 数据更新于 ${date}` : ""}`
}

async function showStamp(link) {
  try {
    const response = await fetch(link.href)
    if (response.ok) link.textContent = describe(await response.json())
  } catch {
    // The link stays as it is.
  }
}

function startStamp(link) {
  const near = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return
    near.disconnect()
    showStamp(link)
  })
  near.observe(link)
}

document.querySelectorAll("[data-stamp]").forEach(startStamp)
