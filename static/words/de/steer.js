/** German: steering a sitting: commands, messages, hands, alerts. */
export default {};
