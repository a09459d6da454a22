import { createContext } from "preact";
import type { OpenChat } from "../../shared/protocol.ts";

/** The chat of the message being drawn, for clicks inside it. */
export const ChatOfMessage = createContext<OpenChat | undefined>(undefined);
