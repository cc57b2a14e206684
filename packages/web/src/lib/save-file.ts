/** Hands a file to the browser's downloads; the name is made safe for any file system. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name.replace(/[^\p{L}\p{N}._ -]+/gu, '-').slice(0, 120)
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
