export { model } from './model/model.ts'
export { prompt } from './prompt/prompt.ts'
