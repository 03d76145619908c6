/** What steering adds to the live page. */

import { AlertCenter } from "./alert_center.js";
import { AlertsPanel } from "./alerts_panel.js";
import { SteerBar } from "./bar.js";
import { HandsPanel } from "./hands_panel.js";
import { MessagesPanel } from "./messages_panel.js";
import { Panels } from "./panels.js";
import { SelectionBar } from "./selection_bar.js";
import { Steer } from "./steer.js";

/**
 * @param {import("../parts.js").Page} page its `steer` is set here
 * @returns {{steering: import("../parts.js").Part[], after: import("../parts.js").Part[]}}
 */
export function steerParts(page) {
  const steer = new Steer(page);
  page.steer = steer;
  const center = new AlertCenter(page, () => panels.open("hands"));
  const panels = new Panels({ hands: new HandsPanel(steer), messages: new MessagesPanel(steer), alerts: new AlertsPanel(center) });
  return { steering: [new SteerBar(steer), steer, center, panels], after: [new SelectionBar(steer)] };
}
