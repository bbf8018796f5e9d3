// The server-sent events of the page: kept open while somebody looks, said to be lost when they are, taken up again.
const RETRY_MS = 1000;
const SILENCE_MS = 12_000; // a heartbeat comes every 5 s
const lost = document.getElementById("lost");
let source = null;
let address = "";
let heard = {};
let silence = 0;
let retry = 0;

// What to do with an event `score` or `ranking`, with the moment of any event (`stamp`), and when lost figures come again.
export function start(handlers) {
  heard = handlers;
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open(address)));
  open(document.body.dataset.stream);
}

// Listen at an address; whatever was open before is closed.
export function open(url) {
  close();
  address = url;
  if (document.hidden) return; // a browser has few connections to give
  source = new EventSource(url);
  source.addEventListener("open", alive);
  source.addEventListener("error", broken);
  for (const name of ["score", "ranking", "heartbeat"]) {
    source.addEventListener(name, (event) => {
      alive();
      const document_ = JSON.parse(event.data);
      heard[name]?.(document_);
      heard.stamp(document_.as_of);
    });
  }
  listen();
}

function close() {
  clearTimeout(silence);
  clearTimeout(retry);
  source?.close();
  source = null;
}

function alive() {
  listen();
  if (lost.hidden) return;
  say(false);
  heard.recovered();
}

function broken() {
  say(true);
  if (source.readyState === EventSource.CLOSED) again(); // refused (the api is loading): the browser gives up then
}

function listen() {
  clearTimeout(silence);
  silence = setTimeout(() => {
    say(true);
    again();
  }, SILENCE_MS);
}

function again() {
  close();
  retry = setTimeout(() => open(address), RETRY_MS);
}

function say(gone) {
  lost.hidden = !gone;
  document.documentElement.classList.toggle("lost-connection", gone);
}
