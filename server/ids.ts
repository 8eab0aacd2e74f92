import { notFound } from './errors.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * An id from an address. What is no UUID cannot exist, and would be an error of the database.
 * @throws ApiError `not-found`
 */
export const idOf = (text: string, what: string): string => {
  if (!uuid.test(text)) throw notFound(what)
  return text.toLowerCase()
}
