/**
 * Calls `wake` when the network may be back or the device awake. `navigator.onLine` is only a hint:
 * going offline also only asks to look.
 *
 * @param {(urgent: boolean) => void} wake `urgent`: the network was probably gone in between
 * @returns {() => void} stops listening
 */
export function onWake(wake) {
  const soon = () => wake(false);
  const now = () => wake(true);
  const visible = () => document.visibilityState === "visible" && wake(false);
  const watch = setInterval(slept(now), LOOK_MS);
  window.addEventListener("online", now);
  window.addEventListener("offline", now);
  window.addEventListener("pageshow", soon);
  window.addEventListener("focus", soon);
  document.addEventListener("visibilitychange", visible);
  return () => {
    clearInterval(watch);
    window.removeEventListener("online", now);
    window.removeEventListener("offline", now);
    window.removeEventListener("pageshow", soon);
    window.removeEventListener("focus", soon);
    document.removeEventListener("visibilitychange", visible);
  };
}

const LOOK_MS = 1_000;
/** A look that comes so much too late: the device slept (or a hidden tab was slowed, which costs little). */
const SLEEP_MS = 4_000;

/**
 * A device that was asleep tells nobody; its clock has run on, and the timers have not.
 * @param {() => void} woke
 * @param {() => number} [now]
 * @returns {() => void} to be called every second
 */
export function slept(woke, now = Date.now) {
  let last = now();
  return () => {
    const gap = now() - last;
    last = now();
    if (gap > SLEEP_MS) woke();
  };
}
