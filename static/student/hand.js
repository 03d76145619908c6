/** Asking the teacher: one button, up or down. */

import { askText } from "../lib/dialog.js";
import { h, setAttribute, setText } from "../lib/dom.js";
import { shape } from "../lib/shapes.js";
import { t } from "../words/index.js";

const TEXT_LIMIT = 500;

export class Hand {
  /**
   * @param {import("../client/client.js").Client} client
   * @param {(words: string) => void} say
   */
  constructor(client, say) {
    this.client = client;
    this.say = say;
    this.up = false;
    this.words = h("span", {});
    this.element = h("button", { type: "button", class: "hand", onclick: () => this.toggle() }, shape("hand"), this.words);
  }

  /** @param {any} attempt */
  update(attempt) {
    this.up = attempt.hand_raised_at !== null && attempt.hand_raised_at !== undefined;
    setText(this.words, this.up ? `${t("hand.raised")} · ${t("hand.lower")}` : t("hand.raise"));
    setAttribute(this.element, "aria-pressed", String(this.up));
  }

  async toggle() {
    if (this.up) {
      this.client.lowerHand();
      return;
    }
    const text = await askText({
      title: t("hand.title"),
      label: t("hand.text"),
      go: t("hand.go"),
      limit: TEXT_LIMIT,
      needed: false,
    });
    if (text === null) return;
    this.client.raiseHand(text || null);
    this.say(t("hand.sent"));
  }
}
