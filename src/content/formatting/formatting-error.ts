/** Telegram would refuse the text. The message is TDLib's, without the "Bad Request: " of the Bot API. */
export class FormattingError extends Error {
  override readonly name = "FormattingError";
}
