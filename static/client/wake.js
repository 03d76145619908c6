/**
 * Calls `wake` when the network may be back or the device awake. `navigator.onLine` is only a hint:
 * going offline also only asks to look.
 *
 * @param {() => void} wake
 * @returns {() => void} stops listening
 */
export function onWake(wake) {
  const visible = () => {
    if (document.visibilityState === "visible") wake();
  };
  window.addEventListener("online", wake);
  window.addEventListener("offline", wake);
  window.addEventListener("pageshow", wake);
  window.addEventListener("focus", wake);
  document.addEventListener("visibilitychange", visible);
  return () => {
    window.removeEventListener("online", wake);
    window.removeEventListener("offline", wake);
    window.removeEventListener("pageshow", wake);
    window.removeEventListener("focus", wake);
    document.removeEventListener("visibilitychange", visible);
  };
}
