/** The answer to a tap: the parameters of answerCallbackQuery. */
export interface Answer {
  text?: string;
  show_alert?: boolean;
  url?: string;
  /** The text of a copy button, which needs no bot. */
  copied?: string;
}
