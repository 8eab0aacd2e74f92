/** The rules of ports, in the one place from which the editor takes them. */
export { type Fit, fits, parseTemplate, portsFor, templateVariables } from '#nodes/rules.ts'
export { splitRef } from '#runtime/pipeline/document.ts'
