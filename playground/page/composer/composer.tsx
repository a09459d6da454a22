import { useRef } from "preact/hooks";
import type { OpenChat } from "../../live/protocol.ts";
import { act } from "../act.ts";
import { actorIn } from "../actor.ts";
import { Writer } from "./writer.tsx";

/** Where the person whose chat this is writes, sends samples, and picks what the bot asks for. One for each chat. */
export function Composer({ chat }: { chat: OpenChat }) {
  const { id, type, open, blocked, deactivated } = chat.summary;
  /** Whether the wide button was pressed: the field that takes its place takes the focus, too. */
  const wasPressed = useRef(false);
  const press = (action: () => Promise<unknown>) => () => {
    wasPressed.current = true;
    void action();
  };

  if (type === "private" && deactivated === true)
    return (
      <footer class="composer">
        <p class="composer-gone">This account has been deleted. Nobody writes here any more.</p>
      </footer>
    );
  if (type === "private" && (blocked === true || !open)) {
    const start = () => act("sends", { ...actorIn(chat), message: { text: "/start" } });
    return (
      <footer class="composer">
        <button
          class="composer-wide"
          onClick={press(blocked === true ? () => act("unblocks", { from: id }) : start)}
        >
          {blocked === true ? "Unblock" : "Start"}
        </button>
      </footer>
    );
  }
  return <Writer chat={chat} takesFocus={wasPressed.current} />;
}
