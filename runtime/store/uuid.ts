/** Whether a text from outside can be an id; what cannot be one is looked up nowhere. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
