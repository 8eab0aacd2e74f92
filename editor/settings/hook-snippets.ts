import type { Hook } from '#server/api.ts'

type Called = { url: string; auth: Hook['auth']; mode: Hook['mode']; body: Readonly<Record<string, unknown>> }

/** A text as one word of a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** Shell lines that sign `$BODY`, and the headers that carry the signature. */
const shell: Record<Hook['auth'], { before: readonly string[]; headers: readonly string[] }> = {
  none: { before: [], headers: [] },
  bearer: { before: [], headers: ['Authorization: Bearer $HOOK_SECRET'] },
  standard: {
    before: [
      'ID=msg_$(openssl rand -hex 12)',
      'AT=$(date +%s)',
      'KEY=$(printf %s "${HOOK_SECRET#whsec_}" | openssl base64 -d -A |',
      "  od -An -vtx1 | tr -d ' \\n')",
      'SIGNATURE=$(printf %s "$ID.$AT.$BODY" |',
      '  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary |',
      '  openssl base64 -A)',
    ],
    headers: ['webhook-id: $ID', 'webhook-timestamp: $AT', 'webhook-signature: v1,$SIGNATURE'],
  },
  github: {
    before: ['SIGNATURE=$(printf %s "$BODY" |', '  openssl dgst -sha256 -hmac "$HOOK_SECRET" -r | cut -d " " -f 1)'],
    headers: ['X-Hub-Signature-256: sha256=$SIGNATURE'],
  },
  stripe: {
    before: [
      'AT=$(date +%s)',
      'SIGNATURE=$(printf %s "$AT.$BODY" |',
      '  openssl dgst -sha256 -hmac "$HOOK_SECRET" -r | cut -d " " -f 1)',
    ],
    headers: ['Stripe-Signature: t=$AT,v1=$SIGNATURE'],
  },
}

const curlOf = ({ url, auth, mode, body }: Called): string =>
  [
    `BODY=${quoted(JSON.stringify(body))}`,
    ...shell[auth].before,
    `curl ${mode === 'stream' ? '-N ' : ''}${url} \\`,
    ...['Content-Type: application/json', ...shell[auth].headers].map((header) => `  -H "${header}" \\`),
    '  -d "$BODY"',
  ].join('\n')

/** What a program imports, does before the call, and sends as headers. */
const node: Record<
  Hook['auth'],
  { imports: readonly string[]; before: readonly string[]; headers: readonly string[] }
> = {
  none: { imports: [], before: [], headers: [] },
  bearer: { imports: [], before: [], headers: ['authorization: `Bearer ${process.env.HOOK_SECRET}`'] },
  standard: {
    imports: ["import { Webhook } from 'standardwebhooks'"],
    before: [
      'const id = `msg_${crypto.randomUUID()}`',
      'const now = new Date()',
      'const webhook = new Webhook(process.env.HOOK_SECRET)',
    ],
    headers: [
      "'webhook-id': id",
      "'webhook-timestamp': String(Math.floor(now.getTime() / 1000))",
      "'webhook-signature': webhook.sign(id, now, body)",
    ],
  },
  github: {
    imports: ["import { createHmac } from 'node:crypto'"],
    before: ["const signature = createHmac('sha256', process.env.HOOK_SECRET)", "  .update(body).digest('hex')"],
    headers: ["'x-hub-signature-256': `sha256=${signature}`"],
  },
  stripe: {
    imports: ["import { createHmac } from 'node:crypto'"],
    before: [
      'const at = Math.floor(Date.now() / 1000)',
      "const signature = createHmac('sha256', process.env.HOOK_SECRET)",
      "  .update(`${at}.${body}`).digest('hex')",
    ],
    headers: ["'stripe-signature': `t=${at},v1=${signature}`"],
  },
}

const nodeOf = ({ url, auth, mode, body }: Called): string => {
  const { imports, before, headers } = node[auth]
  return [
    ...imports,
    ...(imports.length > 0 ? [''] : []),
    `const body = JSON.stringify(${JSON.stringify(body, null, 2)})`,
    ...before,
    `const response = await fetch('${url}', {`,
    "  method: 'POST',",
    '  headers: {',
    ...["'content-type': 'application/json'", ...headers].map((header) => `    ${header},`),
    '  },',
    '  body,',
    '})',
    ...(mode === 'stream'
      ? ['for await (const part of response.body.pipeThrough(new TextDecoderStream()))', '  process.stdout.write(part)']
      : ['console.log(response.status, await response.json())']),
  ].join('\n')
}

/** How a webhook is called, ready to paste. Its secret stands in an environment variable. */
export const hookSnippets = (called: Called) => ({ curl: curlOf(called), javascript: nodeOf(called) })
