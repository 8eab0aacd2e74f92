// Plain JavaScript without new syntax: it has to run on the old Node that it complains about.
const [major, minor] = process.versions.node.split('.').map(Number)

/** Types are stripped natively from 22.18 on. */
export const nodeIsNewEnough = major > 22 || (major === 22 && minor >= 18)

export const whatToDo =
  `Patchbay runs on Node.js 22.18 or newer; this is ${process.versions.node} (${process.execPath}).\n` +
  'npm install brings its own Node.js 24 and npm scripts use it. If this message appears in one, the install script of\n' +
  'the package "node" did not run: run "npm rebuild node", or install Node.js 24 from https://nodejs.org and try again.'

// Run as a script (npm's prestart), not imported by patchbay.mjs.
if (process.argv[1]?.endsWith('check-node.mjs') && !nodeIsNewEnough) {
  console.error(whatToDo)
  process.exit(1)
}
