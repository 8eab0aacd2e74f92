/** A token and how likely it was. `bytes` is null where a token is a part of a character. */
export type TokenChance = { token: string; logprob: number; bytes: number[] | null }
/** The token that was chosen, and the likeliest ones at its place; as OpenAI spells it. */
export type TokenLogprob = TokenChance & { top_logprobs: TokenChance[] }
