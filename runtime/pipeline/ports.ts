/** The rules of ports as runtime and editor may use them: both take values of nodes/ only through this folder. */
export { type Kind, kindSchema, kinds, type PortInfo } from '#nodes/ports.ts'
export { coerce, type Fit, fits, parseTemplate, portsFor, type TemplatePart, templateVariables } from '#nodes/rules.ts'
