/** How a deployment is called, ready to paste. The key is the caller's own: it stands in an environment variable. */
export const snippetsOf = (origin: string, name: string) =>
  ({
    curl: `BASE=${origin}/v1
curl $BASE/chat/completions \\
  -H "Authorization: Bearer $PATCHBAY_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "model": "${name}",
    "messages": [
      {"role": "user", "content": "Hello"}
    ]
  }'`,
    python: `import os
from openai import OpenAI

client = OpenAI(
    base_url="${origin}/v1",
    api_key=os.environ["PATCHBAY_API_KEY"],
)
answer = client.chat.completions.create(
    model="${name}",
    messages=[
        {"role": "user", "content": "Hello"},
    ],
)
print(answer.choices[0].message.content)`,
    javascript: `import OpenAI from 'openai'

const client = new OpenAI({
  baseURL: '${origin}/v1',
  apiKey: process.env.PATCHBAY_API_KEY,
})
const answer = await client.chat.completions.create({
  model: '${name}',
  messages: [{ role: 'user', content: 'Hello' }],
})
console.log(answer.choices[0].message.content)`,
  }) as const
