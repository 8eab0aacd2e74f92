import 'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css'
import '@fontsource-variable/geist-mono/wght.css'
import './look/global.css'
import { createRoot } from 'react-dom/client'
import { config } from 'zod'
import { createQueryClient } from './api/query-client.ts'
import { App } from './app.tsx'
import { createI18n } from './i18n/index.tsx'
import { startTheme } from './look/theme.ts'

// The page's policy forbids making code from text; zod would try, and the browser would report it.
config({ jitless: true })
startTheme()
const i18n = await createI18n()
createRoot(document.getElementById('root') as HTMLElement).render(<App i18n={i18n} queries={createQueryClient()} />)
