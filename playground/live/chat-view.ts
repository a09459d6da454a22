import type { Message } from "@grammyjs/types";
import { PersonPlace, type Place } from "../world/places.ts";
import type { World } from "../world/world.ts";
import { commandsFor } from "./commands.ts";
import type { ChatChange, OpenChat, ShownMessage } from "../shared/protocol.ts";
import { summaryOf } from "./summary.ts";

/** How many of the newest messages the page shows. */
const SHOWN = 200;

type Frame = Omit<OpenChat, "messages">;

/** An open chat, and what a page already knows of it. */
export class ChatView {
  readonly #world: World;
  readonly #place: Place;
  /** Whose votes are shown: in a private chat the person's, otherwise the owner's. */
  readonly #voter: number;
  #told = new Map<number, ShownMessage>();
  #frame: Partial<Record<keyof Frame, string>> = {};

  constructor(world: World, place: Place, owner: number) {
    this.#world = world;
    this.#place = place;
    this.#voter = place.isPrivate ? place.id : owner;
  }

  /** The whole chat. From here on `change` returns differences. */
  whole(): OpenChat {
    this.#told = new Map();
    const messages = this.#messages().map((message) => this.#shown(message));
    for (const shown of messages) this.#told.set(shown.message.message_id, shown);
    const frame = this.#frameNow();
    this.#frame = {};
    this.#framed(frame);
    return { ...frame, messages };
  }

  /**
   * What has changed since the last call; undefined if nothing has. Messages that no longer fit on the page count as
   * gone.
   */
  change(): ChatChange | undefined {
    const messages: ShownMessage[] = [];
    const gone = new Set(this.#told.keys());
    for (const message of this.#messages()) {
      gone.delete(message.message_id);
      const before = this.#told.get(message.message_id);
      // An edit replaces the message object.
      if (before?.message === message && before.votes === this.#votesOn(message)) continue;
      const shown = this.#shown(message);
      this.#told.set(message.message_id, shown);
      messages.push(shown);
    }
    for (const id of gone) this.#told.delete(id);
    const change: ChatChange = {
      ...this.#framed(this.#frameNow()),
      ...(messages.length > 0 && { messages }),
      ...(gone.size > 0 && { gone: [...gone] }),
    };
    return Object.keys(change).length > 0 ? change : undefined;
  }

  #messages(): Message[] {
    return this.#place.messages?.slice(-SHOWN) ?? [];
  }

  #shown(message: Message): ShownMessage {
    const votes = this.#votesOn(message);
    return { message, own: !this.#world.isBots(message), ...(votes && { votes }) };
  }

  #votesOn({ poll }: Message): number[] | undefined {
    return poll && this.#world.votes.get(poll.id)?.get(this.#voter);
  }

  #frameNow(): Frame {
    const [world, place] = [this.#world, this.#place];
    const viewer = world.places.get(this.#voter);
    return {
      summary: summaryOf(world, place),
      keyboard: place.keyboard,
      pinned: place.pinned ?? [],
      commands: commandsFor(world, place, viewer instanceof PersonPlace ? viewer.user : undefined),
    };
  }

  /** The parts of the frame that the page does not know yet. */
  #framed(frame: Frame): Partial<Frame> {
    const parts = Object.entries(frame) as [keyof Frame, unknown][];
    const changed = parts.filter(([name, value]) => {
      const text = JSON.stringify(value);
      if (this.#frame[name] === text) return false;
      this.#frame[name] = text;
      return true;
    });
    return Object.fromEntries(changed);
  }
}
