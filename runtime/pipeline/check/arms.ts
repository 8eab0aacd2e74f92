import type { Check } from './context.ts'

export const checkArms: Check = () => []
