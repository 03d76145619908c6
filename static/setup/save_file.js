/** Files that only who is signed in may have: fetched with the login, then given to the browser to save. */

/**
 * @param {import("../lib/api.js").Api} api
 * @param {string} path
 */
export async function saveFile(api, path) {
  const response = await api.call("GET", path);
  const named = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "");
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = named?.[1] ?? "monitor";
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The bytes of a chosen file as JSON can carry them. @param {File} file */
export async function base64Of(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

/**
 * Tell when a file was chosen, also when it is the one of before: people correct it and choose it again.
 * @param {HTMLInputElement} input
 * @param {() => void} work
 */
export function onChosen(input, work) {
  input.addEventListener("click", () => {
    input.value = "";
  });
  input.addEventListener("change", work);
  input.addEventListener("cancel", work);
}
