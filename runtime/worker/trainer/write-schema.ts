import { writeFileSync } from 'node:fs'
import { protocolSchema } from './protocol.ts'

/** Writes the protocol where the Python package's tests read it. */
writeFileSync(
  new URL('./patchbay_trainer/protocol.schema.json', import.meta.url),
  `${JSON.stringify(protocolSchema(), null, 2)}\n`,
)
