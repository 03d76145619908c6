// Beats from a worker: a hidden tab's own timers are slowed to one a minute.
let timer = 0;
onmessage = ({ data }) => {
  clearInterval(timer);
  if (data.everyMs > 0) timer = setInterval(() => postMessage("beat"), data.everyMs);
};
