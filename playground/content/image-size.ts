export interface ImageSize {
  width: number;
  height: number;
}

const PNG = Buffer.from("89504e470d0a1a0a", "hex");

/** JPEG frame markers: SOF0 to SOF15 without the three among them that are tables (ITU T.81, table B.1). */
const FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);

/** The size of a PNG or JPEG in pixels, from its header; undefined for anything else. Ignores EXIF orientation. */
export function sizeOfImage(file: Buffer): ImageSize | undefined {
  const size = file.subarray(0, PNG.length).equals(PNG) ? sizeOfPng(file) : sizeOfJpeg(file);
  return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined;
}

/** The first chunk holds it: length, IHDR, width, height. */
function sizeOfPng(file: Buffer): ImageSize | undefined {
  return file.length < 24 ? undefined : { width: file.readUInt32BE(16), height: file.readUInt32BE(20) };
}

/** Walks the segments (marker, length, data) to the frame: length, bits per sample, height, width. */
function sizeOfJpeg(file: Buffer): ImageSize | undefined {
  if (file.length < 2 || file.readUInt16BE(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 <= file.length && file[at] === 0xff; at += 2 + file.readUInt16BE(at + 2))
    if (FRAMES.has(file[at + 1] ?? 0))
      return { width: file.readUInt16BE(at + 7), height: file.readUInt16BE(at + 5) };
  return undefined;
}
