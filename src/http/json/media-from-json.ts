import type { FileKind, FileRef } from "../../content/content.ts";
import type { ContentJson } from "../shapes/content-shapes.ts";
import type { FaultList } from "./fault-list.ts";

/** Files that a post may name, by media id. */
export type KnownFiles = ReadonlyMap<string, FileRef>;

/** Fields that hold a media id, in posts and in the Bot API's own objects within them. */
const MEDIA_FIELDS: ReadonlySet<string> = new Set(["media", "photo", "cover"]);
const UNKNOWN = "This medium is not known. Upload it first: POST /v1/media.";

/** The ids of all media that a post names. */
export function mediaIn(json: ContentJson): string[] {
  const found: string[] = [];
  look(json, "");
  return found;

  function look(value: unknown, name: string): void {
    if (typeof value === "string" && MEDIA_FIELDS.has(name)) found.push(value);
    if (typeof value !== "object" || value === null) return;
    for (const [field, inner] of Object.entries(value)) look(inner, Array.isArray(value) ? name : field);
  }
}

/** Looks up the files that a post names; what is not known, or of another kind, is a fault. */
export function createMediaReader(files: KnownFiles, faults: FaultList) {
  function file(id: string, kind: FileKind, pointer: string): FileRef {
    const found = files.get(id);
    if (!found) faults.add(pointer, UNKNOWN);
    else if (found.kind !== kind) faults.add(pointer, `This medium is a ${found.kind}, not a ${kind}.`);
    return found ?? { fileId: "", uniqueId: id, kind };
  }

  return {
    file,
    /** The fields of a post that has one file. */
    media(id: string, kind: FileKind, at: string): { fileId: string; files: FileRef[] } {
      const found = file(id, kind, `${at}/media`);
      return { fileId: found.fileId, files: [found] };
    },
    /** Fields of the Bot API with this bot's file_ids in place of media ids, and the files. */
    replaced<T>(fields: T, at: string): { fields: T; files?: FileRef[] } {
      const own = new Map<string, FileRef>();
      const copy = (value: unknown, field: string, pointer: string): unknown => {
        if (typeof value === "string" && MEDIA_FIELDS.has(field)) {
          const found = files.get(value);
          if (found) own.set(found.uniqueId, found);
          else faults.add(pointer, UNKNOWN);
          return found?.fileId ?? value;
        }
        if (Array.isArray(value)) return value.map((one, index) => copy(one, field, `${pointer}/${index}`));
        if (typeof value !== "object" || value === null) return value;
        return Object.fromEntries(
          Object.entries(value).map(([inner, one]) => [inner, copy(one, inner, `${pointer}/${inner}`)]),
        );
      };
      // The copy has the same fields with values of the same types.
      const read = copy(fields, "", at) as T;
      return { fields: read, ...(own.size > 0 && { files: [...own.values()] }) };
    },
  };
}

export type MediaReader = ReturnType<typeof createMediaReader>;
