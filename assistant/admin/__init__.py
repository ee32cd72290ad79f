"""The administrator's console: uploads, builds and releases, quality, usage, the service itself; `pages.router` holds its routes."""
