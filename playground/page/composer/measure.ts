import type { Actions } from "../../shared/protocol.ts";

type Facts = Actions["uploads"]["facts"][number];

/** How long to wait for a video's metadata, in ms: one that the browser cannot play may fire no event at all. */
const PATIENCE_MS = 3_000;

/** The size of a picture or video and its duration, as far as the browser can tell. */
export async function measured(file: File): Promise<Facts> {
  if (file.type.startsWith("image/")) return sizeOf(file);
  return /^(?:audio|video)\//.test(file.type) ? played(file) : {};
}

async function sizeOf(file: File): Promise<Facts> {
  try {
    const { width, height } = await createImageBitmap(file);
    return { width, height };
  } catch {
    // The browser cannot read this picture; the playground makes up a size.
    return {};
  }
}

function played(file: File): Promise<Facts> {
  const player = document.createElement("video");
  const url = URL.createObjectURL(file);
  return new Promise<Facts>((resolve) => {
    player.addEventListener("loadedmetadata", () => {
      const { videoWidth: width, videoHeight: height, duration } = player;
      resolve({ ...(width > 0 && { width, height }), ...(Number.isFinite(duration) && { duration }) });
    });
    player.addEventListener("error", () => resolve({}));
    setTimeout(resolve, PATIENCE_MS, {});
    player.preload = "metadata";
    player.src = url;
  }).finally(() => {
    player.removeAttribute("src");
    URL.revokeObjectURL(url);
  });
}
