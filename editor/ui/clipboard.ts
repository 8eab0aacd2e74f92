/** What browsers did before they had a clipboard to ask: a copy by command, whose content this listener gives. */
const copyByCommand = (text: string): boolean => {
  const give = (event: ClipboardEvent) => {
    event.stopImmediatePropagation()
    event.preventDefault()
    event.clipboardData?.setData('text/plain', text)
  }
  addEventListener('copy', give, { capture: true, once: true })
  try {
    return document.execCommand('copy')
  } finally {
    removeEventListener('copy', give, { capture: true })
  }
}

/**
 * Copies a text; false where the browser does not let it. `navigator.clipboard` is there on https and on this machine only,
 * and Patchbay is also opened at an address of the local network.
 */
export const copyText = async (text: string): Promise<boolean> => {
  try {
    if (!navigator.clipboard) return copyByCommand(text)
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
