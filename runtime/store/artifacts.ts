import type { Artifact } from '#nodes/ports.ts'

/** Immutable bytes by their SHA-256, kept in content-addressed files. */
export type Artifacts = {
  /** Writes whole or not at all; the same bytes twice are one file. */
  write: (body: Uint8Array, mime: string, name?: string) => Promise<Artifact>
  /** Throws when the bytes are not there or do not match their digest. */
  read: (sha256: string) => Promise<Uint8Array>
  has: (sha256: string) => Promise<boolean>
}
