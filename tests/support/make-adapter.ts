import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const tests = fileURLToPath(new URL('../../runtime/worker/trainer/tests', import.meta.url))

/** Writes a LoRA with random weights over a base, which answers otherwise than that; a PEFT folder. */
export const makeAdapter = async (python: string, base: string, folder: string): Promise<void> => {
  const code =
    'import sys; from greedy_tokens import make_adapter; make_adapter(*sys.argv[1:], seed=1, stabilised=False)'
  const child = spawn(python, ['-B', '-c', code, base, folder], { cwd: tests, stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const said = await text(child.stderr)
  if ((await ended) !== 0) throw new Error(said.slice(-2_000))
}
