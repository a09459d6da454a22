import { createContext } from "preact";
import type { OpenChat } from "../../live/protocol.ts";

/** The chat that the message being drawn stands in, for what a click in its midst does there. */
export const ChatOfMessage = createContext<OpenChat | undefined>(undefined);
