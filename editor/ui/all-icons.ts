/** All of lucide, loaded only when a node names an icon outside node-icons.ts. */
export { icons } from 'lucide-react'
