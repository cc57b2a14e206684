/** Content-addressed bytes. `name` is the lower-case hex of their SHA-256 without 0x. */
export interface BlobStore {
  put(name: string, bytes: Uint8Array): Promise<void>
  /** Null when there is no such blob. */
  get(name: string): Promise<Uint8Array | null>
  delete(name: string): Promise<void>
}
