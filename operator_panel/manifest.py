"""GET /manifest.webmanifest: what a browser needs to install the panel as a program of its own."""

from aiohttp import web

from operator_panel.office import Office
from operator_panel.serving import Serve, watched
from operator_panel.wire import json_text

PATH = "/manifest.webmanifest"
#: The rail and the ground of pages in the light theme (css/tokens.css): a manifest knows one of each.
THEME, GROUND = "#0f1e1c", "#f4f6f5"
#: File, type, sizes, purpose.
_ICONS = (
    ("img/favicon.svg", "image/svg+xml", "any", "any"),
    ("img/mark-square.svg", "image/svg+xml", "any", "maskable"),
    ("img/icon-192.png", "image/png", "192x192", "any"),
    ("img/icon-512.png", "image/png", "512x512", "any"),
    ("img/maskable-512.png", "image/png", "512x512", "maskable"),
)


def manifest(office: Office) -> Serve:
    """Return what aiohttp calls for the manifest; strangers may read it, as they may read the login."""
    shop = office.bridge.shop
    told = {
        "id": "/inbox",
        "name": shop,
        "short_name": shop,
        "lang": office.bridge.settings.language,
        "start_url": "/inbox",
        "scope": "/",
        "display": "standalone",
        "theme_color": THEME,
        "background_color": GROUND,
        "icons": [
            {"src": office.statics.url(path), "type": kind, "sizes": sizes, "purpose": purpose}
            for path, kind, sizes, purpose in _ICONS
        ],
    }
    headers = {"Content-Type": "application/manifest+json", "Cache-Control": "no-cache"}

    async def answer() -> web.Response:
        return web.Response(body=json_text(told).encode(), headers=headers)

    async def serve(request: web.Request) -> web.StreamResponse:
        return await watched(office, PATH, request, answer)

    return serve
