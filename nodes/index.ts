export { prompt } from './prompt/prompt.ts'
