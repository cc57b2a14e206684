import './lib/strict-csp.ts'
import './lib/styles.ts'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { direction, locale } from './lib/locale.ts'

document.documentElement.lang = locale
document.documentElement.dir = direction

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
