// Asks the service worker for something: `list`, `keep` or `drop`. `tell` hears how far it is.
export async function askWorker(ask, what = {}, tell = () => {}) {
  const { active } = await navigator.serviceWorker.ready
  const { port1, port2 } = new MessageChannel()
  const answer = new Promise((resolve, reject) => {
    port1.onmessage = ({ data }) => {
      if ("error" in data) reject(new Error(data.error))
      else if ("result" in data) resolve(data.result)
      else tell(data)
    }
  })
  active.postMessage({ ask, ...what }, [port2])
  return answer
}
