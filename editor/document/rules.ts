/** The rules of ports, in the one place from which the editor takes them. */
export { splitRef } from '#runtime/pipeline/document.ts'
export { type Fit, fits, kinds, parseTemplate, portsFor, templateVariables } from '#runtime/pipeline/ports.ts'
